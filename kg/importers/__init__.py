"""Importers: convert other people's data to facts."""
