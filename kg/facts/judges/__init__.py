"""Judge processes: parse and judge what clients send; the server only commits the result."""
