"""Pages for people, and RDF descriptions of things and graphs: rendered in a reader, from one version."""
