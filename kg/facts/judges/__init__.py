"""Judge processes: they parse, compute and judge what clients send; the server only commits the result."""
