"""A knowledge graph of regional diplomacy: statements, happenings and claims, each according to someone."""

__version__ = "0.1.0"
