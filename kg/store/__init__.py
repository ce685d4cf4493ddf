"""The data directory: engine, commit log, durability, recovery, snapshots, backup, tokens."""
