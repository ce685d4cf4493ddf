"""Rules of the gate that are written in code: each module implements one rule."""
