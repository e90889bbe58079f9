"""Whether a claim can be made, and why not yet: rules §2 as a table, and the facts it needs."""
