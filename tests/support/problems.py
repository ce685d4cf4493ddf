"""Problem documents: the check of one, and a way to make the server answer with one."""

from collections.abc import Callable
from typing import Any

from kg.errors import KGError, MethodNotAllowed


def fault(response: Any, status: int) -> dict[str, Any]:
    """Check that a response is a problem document of a status, and give its members."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in response.text
    members: dict[str, Any] = response.json()
    assert members["status"] == status
    assert members["title"]
    assert members["detail"]
    return members


def raining(kind: type[KGError]) -> Callable[..., None]:
    """Give a function that raises one kind of error."""

    def rain(*_: object) -> None:
        raise (
            MethodNotAllowed("It rains.", allowed=["GET"]) if kind is MethodNotAllowed else kind("It rains.")
        )

    return rain
