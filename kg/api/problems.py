"""Error answers: every fault as ``application/problem+json`` (RFC 9457), without internals.

A client that prefers HTML, as browsers do, gets a page with the same content.
"""

import json
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Scope

from kg.api import languages
from kg.api.answer_headers import VARY_BY_LANGUAGE
from kg.api.resources import Resources
from kg.errors import JSON, BadInput, Invalid, KGError, MethodNotAllowed, MissingToken, NotFound
from kg.pages.rendering import marked, translations
from kg.query.negotiation import likes_html_best
from kg.store import disk_space

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)
_BASIC = 'Basic realm="kg", charset="UTF-8"'
_OURS = marked("This is an error of the server and has been logged; try again later.")
_THINGS = {"candidates", "nearest"}
_NOT_FOR_PEOPLE = {"type", "sentence", "faults", "violations", "conforms", "known", "graphs"}


def install(app: FastAPI, allowed: Callable[[str], list[str]]) -> None:
    """Install the error handlers, which answer in one form; ``allowed`` lists the methods of a path."""

    async def of_framework(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, HTTPException)
        return problem(_translated(request, fault, allowed), request.scope)

    async def of_nobody(request: Request, fault: Exception) -> Response:
        """Answer an unexpected exception; the framework raises it again, and the server logs it in full."""
        return problem(KGError(str(fault)), request.scope)

    app.add_exception_handler(Exception, of_nobody)
    app.add_exception_handler(KGError, known)
    app.add_exception_handler(OSError, of_disk)
    app.add_exception_handler(HTTPException, of_framework)
    app.add_exception_handler(RequestValidationError, _of_parameters)


def problem(fault: KGError, scope: Scope | None = None) -> Response:
    """Return the answer to a fault, in the language of the request if the message is translated.

    Without a scope, it answers a request that could not be parsed.
    """
    request_headers = Headers(scope=scope) if scope else Headers()
    language = languages.of_request(scope)
    members = {**fault.to_problem(), "detail": fault.in_language(language)}
    if fault.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        members["detail"] = _OURS
    headers = {**fault.headers, **VARY_BY_LANGUAGE}
    if scope and likes_html_best(", ".join(request_headers.getlist("accept"))):
        return Response(
            _page(scope, members, _language_of(members, fault, language)), fault.status, headers, "text/html"
        )
    response = Response(json.dumps(members, ensure_ascii=False), fault.status, headers, MEDIA_TYPE)
    if isinstance(fault, MissingToken):
        _challenge(response, request_headers)
    return response


def _challenge(response: Response, headers: Headers) -> None:
    """Offer Basic authentication too.

    Browsers are not offered it: they would send the password with requests that the user did not make. Java's
    client is offered nothing else: Apache Jena gives up if it is also offered a bearer token.
    """
    if "sec-fetch-site" in headers:
        return
    if headers.get("user-agent", "").startswith("Java-http-client/"):
        response.headers["WWW-Authenticate"] = _BASIC
    else:
        response.headers.append("WWW-Authenticate", _BASIC)


def unforeseen(fault: Exception, scope: Scope) -> Response:
    """Log an unexpected exception in full, and answer it with one general sentence."""
    _log.error("unforeseen", exc_info=fault)
    return problem(KGError(str(fault)), scope)


def _language_of(members: Mapping[str, JSON], fault: KGError, language: str) -> str:
    """Return the language of a page's error message: English unless the message is translated."""
    is_told = members["detail"] != fault.detail or members["detail"] in translations(language)
    return language if is_told else "en"


def _page(scope: Scope, members: dict[str, JSON], language: str) -> str:
    """Return a problem document as a page: violations as sentences, things as links, the rest as a list."""
    main_members = {"title", "status", "detail"}
    apart = main_members | _THINGS | _NOT_FOR_PEOPLE
    rest = {name: _lines(value) for name, value in members.items() if name not in apart}
    resources: Resources = scope["app"].resources
    return resources.style(scope).text(
        "problem.html",
        **{name: members[name] for name in main_members},
        violations=members.get("violations", []),
        things=members.get("candidates") or members.get("nearest") or [],
        members=rest,
        language=language,
    )


def _lines(value: JSON) -> list[str]:
    """Return a member as text, one line for each value."""
    values = value if isinstance(value, list) else [value]
    return [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in values]


async def known(request: Request, fault: Exception) -> Response:
    """Answer a KGError in the client's language; log it if it is an internal error."""
    assert isinstance(fault, KGError)
    if fault.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s", fault.detail, exc_info=fault)
    if isinstance(fault, Invalid):
        request.app.resources.metrics.refuse(fault.extra.get("violations"))
    return problem(fault, request.scope)


async def of_disk(request: Request, fault: Exception) -> Response:
    """Answer a full disk as such; any other OSError is unexpected."""
    assert isinstance(fault, OSError)
    return (
        await known(request, disk_space.lacking())
        if disk_space.is_lacking(fault)
        else unforeseen(fault, request.scope)
    )


def _translated(request: Request, fault: HTTPException, allowed: Callable[[str], list[str]]) -> KGError:
    """Return our own error for one that the router raises: no such address, no such method."""
    path = request.url.path
    if fault.status_code == HTTPStatus.NOT_FOUND:
        return NotFound(
            f"There is nothing at {path}; / lists what there is.",
            sentence={
                "en": f"There is nothing at {path}; / lists what there is.",
                "es": f"No hay nada en {path}; la página de inicio dice qué hay.",
            },
        )
    if fault.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        methods = allowed(path)
        detail = f"{request.method} is not allowed at {path}; use {', '.join(methods)}."
        return MethodNotAllowed(detail, allowed=methods)
    return BadInput(str(fault.detail))


async def _of_parameters(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    first = fault.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:])
    return problem(BadInput(f"The parameter {name!r} cannot be read: {first['msg']}."), request.scope)
