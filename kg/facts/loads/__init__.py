"""Loads: large files of RDF, and the rows of importers, brought in as one commit in bounded memory."""
