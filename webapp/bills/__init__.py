"""Iuran: what somebody pays for a membership of their own (BPU), month by month, with a code."""
