"""Importers: convert external data to facts."""
