"""The HTTP interface: ``create_app`` makes the application, ``serve`` runs it."""

from kg.api.application import create_app
from kg.api.server import serve

__all__ = ["create_app", "serve"]
