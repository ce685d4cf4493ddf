"""Event data sets (GDELT, ICEWS, POLECAT, PLOVER, ACLED) into rows of a coder: columns in, N-Quads out."""
