"""Other people's data on its way into facts."""
