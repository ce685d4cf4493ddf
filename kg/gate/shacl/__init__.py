"""Exact SHACL validation: affected focus nodes, the reads of shapes, and pySHACL for the verdicts."""
