"""The Python client and the base of the command line: the same for a data directory and a server."""
