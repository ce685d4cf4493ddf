"""Exports of the graph: a catalogue of export formats, and one module for each format."""
