"""Writers of results, for the formats in which the engine's own output misleads a reader."""
