"""Documentation of the ontology: an index of its terms, and a page of each."""
