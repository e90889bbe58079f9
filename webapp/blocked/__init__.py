"""What somebody sees whose account is blocked: why, until when, and how to object."""
