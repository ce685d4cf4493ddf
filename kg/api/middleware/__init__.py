"""ASGI middleware around every request: access log, limits, headers, compression."""
