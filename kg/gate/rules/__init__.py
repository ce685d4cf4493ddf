"""The rules of the gate that are code: each module finds the violations of one of them."""
