"""Queries: screening, evaluation, federation, saved questions, reader processes."""
