"""The graph on its way out: a catalogue of export formats, and one module for each format."""
