"""The fast path: whole answers by request bytes and plain queries, on the connection itself."""
