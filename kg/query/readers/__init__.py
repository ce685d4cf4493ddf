"""Reader processes: each runs one query at a time and can be ended."""
