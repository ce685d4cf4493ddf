"""Loads: large RDF files, and the rows of importers, committed at once in bounded memory."""
