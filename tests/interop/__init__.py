"""Other people's clients against a server, over its socket: query, construct, update, graph store."""
