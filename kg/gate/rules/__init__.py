"""Rules of the gate that are written in code: each module finds the violations of one of them."""
