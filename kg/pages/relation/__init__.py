"""Pages about the relation of two actors: their words and deeds, in order, side by side."""
