"""Fast path: answers repeated requests and plain queries on the connection itself."""
