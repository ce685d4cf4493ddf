"""Event data sets (GDELT, ICEWS, POLECAT, PLOVER, ACLED): convert columns of coded rows to N-Quads."""
