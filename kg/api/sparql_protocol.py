"""SPARQL 1.1 Protocol, with additions of 1.2: reads a request into one QueryJob, or raises a fault."""

from collections.abc import Iterable
from typing import TypeVar

from fastapi import Request
from pyoxigraph import NamedNode
from starlette.datastructures import Headers

from kg.api import foreign_parameters, format_names, label_parameters, languages
from kg.api.declarations import AS_OF, Declaration, DeclaredParameter
from kg.api.middleware.access_log import note_query
from kg.api.parameters import (
    FORM_TYPE,
    Parameters,
    body,
    check_charset,
    content_parameter,
    form,
    longest_form,
    once,
    url_parameters,
    utf8,
)
from kg.errors import BadInput, UnsupportedFormat
from kg.formats import Format, bare_media_type
from kg.iris import graph_named
from kg.query.job import QueryJob
from kg.query.negotiation import Choice, choose, fitting
from kg.query.screening import is_relative, measure
from kg.settings import Settings

F = TypeVar("F", bound=Format)

QUERY_TYPE = "application/sparql-query"
VERSIONS = ("1.0", "1.1", "1.2", "1.2-basic")
VERSION = DeclaredParameter(
    "version", "The version of SPARQL that the text is written in.", {"enum": list(VERSIONS)}
)
"""A parameter of SPARQL 1.2."""


def from_get(request: Request, settings: Settings, declaration: Declaration) -> QueryJob | None:
    """Read a query from the address; None if the address has no parameters."""
    parameters = url_parameters(request)
    if not parameters:
        return None
    return _job(request, settings, once(parameters, "query"), parameters, declaration)


async def from_body(request: Request, settings: Settings, declaration: Declaration) -> QueryJob:
    """Read a query from a body (POST, QUERY), in either form of the protocol."""
    parameters = url_parameters(request)
    limit = min(settings.max_body_bytes, longest_form(settings.max_query_bytes))
    media_type, data = await _sent(request, "A query", QUERY_TYPE, limit)
    if once(parameters, "query") is not None:
        raise BadInput("The request has a query in the address and one in the body; send one of them.")
    fields = await form(data) if media_type == FORM_TYPE else []
    text = once(fields, "query") if media_type == FORM_TYPE else utf8(data)
    return _job(request, settings, text, [*fields, *parameters], declaration)


UPDATE_TYPE = "application/sparql-update"


async def update_from_post(
    request: Request, settings: Settings, declaration: Declaration
) -> tuple[str, Parameters]:
    """Read an update and its parameters from a body, in either form of the protocol."""
    parameters = url_parameters(request)
    media_type, data = await _sent(request, "An update", UPDATE_TYPE, settings.max_update_bytes)
    if once(parameters, "update") is not None:
        raise BadInput("The parameter 'update' is in the address; send the update in the body.")
    if media_type == FORM_TYPE:
        parameters = [*await form(data), *parameters]
    declaration.refuse_unknown(parameters)
    _check_version(request, parameters)
    text = once(parameters, "update") if media_type == FORM_TYPE else utf8(data)
    if text is None:
        raise BadInput("The parameter 'update' is missing.")
    note_query(request.scope, text)
    for name, value in parameters:
        if name in ("using-graph-uri", "using-named-graph-uri"):
            graph_named(value)
    return text, parameters


def _job(
    request: Request, settings: Settings, text: str | None, parameters: Parameters, declaration: Declaration
) -> QueryJob:
    _refuse_update(parameters)
    if text is None:
        raise BadInput("The parameter 'query' is missing.")
    note_query(request.scope, text)
    division = foreign_parameters.passed_over(parameters, declaration.names)
    format_choice = format_names.wanted(division.parameters, accept(request.headers))
    _check_version(request, division.parameters)
    labelling = label_parameters.read_labelling(division.parameters, default="off")
    measure(text, settings.max_query_bytes)
    return QueryJob(
        text,
        accept(request.headers),
        tuple(value for name, value in division.parameters if name == "default-graph-uri"),
        tuple(value for name, value in division.parameters if name == "named-graph-uri"),
        max_bytes=settings.max_query_bytes,
        as_of=moment(division.parameters),
        base=endpoint(request, settings) if is_relative(text) else None,
        named=format_choice.named,
        seconds=division.seconds,
        warnings=(*division.warnings, *format_choice.warnings),
        labelling=labelling if labelling.changes_rows else None,
    )


def endpoint(request: Request, settings: Settings) -> str:
    """Return the called address, which is the base of relative IRIs in queries and updates.

    Raises BadInput if the Host header makes no valid address.
    """
    address = str(request.url.replace(query="", fragment=""))
    if settings.base:
        address = settings.base.rstrip("/") + request.url.path
    try:
        return NamedNode(address).value
    except ValueError:
        raise BadInput("The header 'Host' is empty or invalid; send the host of the address.") from None


def moment(parameters: Parameters) -> str | None:
    """Return the version or the time that is asked about; None for the newest."""
    as_of = once(parameters, AS_OF.name)
    if as_of is not None and not as_of.strip():
        raise BadInput(f"The parameter '{AS_OF.name}' is empty; give a version, v17, or a time.")
    return as_of


def accept(headers: Headers) -> str | None:
    """Return the Accept header as one text, even if it was sent in several lines."""
    return ", ".join(headers.getlist("accept")) or None


def language(request: Request) -> str:
    """Return the language of the answer."""
    return languages.of_request(request.scope)


def chosen(request: Request, parameters: Parameters, offers: Iterable[F]) -> Choice[F]:
    """Choose the format of an answer of one kind: the one that the address names, else by ``Accept``.

    Raises NotAcceptable if the named format is not offered, UnsupportedFormat if the name is unknown.
    """
    formats = tuple(offers)
    media_types = format_names.named(parameters, formats)
    return fitting(media_types, formats) or choose(", ".join(media_types) or accept(request.headers), formats)


async def _sent(request: Request, what: str, own_type: str, limit: int) -> tuple[str, bytes]:
    """Return the media type and the data of a body, which is sent as it is or as a form."""
    media_type = bare_media_type(request.headers.get("content-type"))
    if media_type not in (own_type, FORM_TYPE):
        raise UnsupportedFormat(
            f"{what} is sent as {own_type} or {FORM_TYPE}, not as {media_type or 'nothing named'}.",
            supported=[own_type, FORM_TYPE],
        )
    check_charset(request)
    return media_type, await body(request, limit)


def _check_version(request: Request, parameters: Parameters) -> None:
    """Raise BadInput for an unknown version of SPARQL; the engine reads all known ones alike."""
    for version in (once(parameters, VERSION.name), content_parameter(request, VERSION.name)):
        if version is not None and version not in VERSIONS:
            raise BadInput(
                f"SPARQL version {version!r} is not supported; the versions are {', '.join(VERSIONS)}."
            )


def _refuse_update(parameters: Parameters) -> None:
    names = {name for name, _ in parameters}
    if updating := names & {"update", "using-graph-uri", "using-named-graph-uri"}:
        raise BadInput(f"'{updating.pop()}' belongs to an update; send updates to /update.")
