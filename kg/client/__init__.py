"""What Python users and the command line use, alike for a data directory and a server."""
