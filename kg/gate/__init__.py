"""The gate: checks a change against shapes, vocabulary, disjoint classes and rules before it is written."""
