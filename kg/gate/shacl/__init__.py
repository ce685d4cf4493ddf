"""Exact SHACL validation.

Computes the affected focus nodes from the reads of the shapes, and lets pySHACL decide.
"""
