"""The graph on its way out: one module per format."""
