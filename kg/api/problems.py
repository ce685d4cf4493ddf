"""Every fault as ``application/problem+json`` (RFC 9457), and nothing of the inside."""

import json
import logging
from collections.abc import Callable
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from kg import room
from kg.errors import BadInput, KGError, MethodNotAllowed, NotFound
from kg.negotiation import choose_language

_log = logging.getLogger("kg.api")


def install(app: FastAPI, allowed: Callable[[str], list[str]]) -> None:
    """Answer every fault from every route in the same form; ``allowed`` lists the methods at a path."""

    async def of_framework(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, HTTPException)
        return problem(_translated(request, fault, allowed))

    app.add_exception_handler(KGError, _known)
    app.add_exception_handler(OSError, _of_disk)
    app.add_exception_handler(HTTPException, of_framework)
    app.add_exception_handler(RequestValidationError, _of_parameters)


def problem(fault: KGError, language: str = "en") -> Response:
    """Write a fault as a response, in a language where it is told in that."""
    members = {**fault.to_problem(), "detail": fault.in_language(language)}
    if fault.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        members["detail"] = "The fault is ours and has been logged; please try again later."
    return Response(
        json.dumps(members, ensure_ascii=False), fault.status, fault.headers, "application/problem+json"
    )


def unforeseen(fault: Exception) -> Response:
    """Answer what nobody foresaw: logged in full here, told there in one sentence."""
    _log.error("unforeseen", exc_info=fault)
    return problem(KGError(str(fault)))


async def _known(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, KGError)
    if fault.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s", fault.detail, exc_info=fault)
    return problem(fault, choose_language(request.headers.get("accept-language")))


async def _of_disk(request: Request, fault: Exception) -> Response:
    """Say so where there was no room on the disk; nobody foresaw any other fault of it."""
    assert isinstance(fault, OSError)
    return await _known(request, room.lacking()) if room.is_lacking(fault) else unforeseen(fault)


def _translated(request: Request, fault: HTTPException, allowed: Callable[[str], list[str]]) -> KGError:
    """Give our own error for what the router raises: no such address, no such method."""
    path = request.url.path
    if fault.status_code == HTTPStatus.NOT_FOUND:
        return NotFound(f"There is nothing at {path}; / says what there is.")
    if fault.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        methods = allowed(path)
        detail = f"{request.method} is not answered at {path}; {', '.join(methods)} are."
        return MethodNotAllowed(detail, allowed=methods)
    return BadInput(str(fault.detail))


async def _of_parameters(_: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    first = fault.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:])
    return problem(BadInput(f"The parameter {name!r} cannot be read: {first['msg']}."))
