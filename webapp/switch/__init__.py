"""Beralih ke Mandiri: leaving a company and going on by oneself (BPU), in one case."""
