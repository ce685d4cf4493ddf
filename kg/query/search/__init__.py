"""Search: an index of names and quoted words beside the store, rebuilt from it, and queries on the index."""
