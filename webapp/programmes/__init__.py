"""Program: waves that people join, whether one may, and what became of it."""
