"""Keys under which the server's own layers leave notes for each other in the scope of a request."""

REQUEST = "kg.request"
"""The bytes of the request, where they are all there is of it."""
SINCE = "kg.since"
"""When the server began to answer the request, where that was before the application was called."""
BEGUN = "kg.begun"
"""The answer or the fault that the server found before it called the application."""
