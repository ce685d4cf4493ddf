"""Pages for people, and what is told of things and graphs as RDF: made in a reader, of one version."""
