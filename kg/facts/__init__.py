"""Writes to the graph: parsing, submissions, edits, updates, retraction, quarantine, releases."""
