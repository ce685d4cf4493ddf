"""A query on its way: screening, evaluation, federation, saved questions, readers."""
