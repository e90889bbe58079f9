"""Program at the branch: programmes and their waves, the draw, and telling its results."""
