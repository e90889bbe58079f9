"""Jejak audit: what stands in the trail, and whether it is as it was written. For managers."""
