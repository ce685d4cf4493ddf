"""Search: an index of names and quoted words beside the store, rebuilt from it, and what is found in it."""
