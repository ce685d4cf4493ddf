"""Declarations of routes: what each takes and answers, for the check of parameters and for OpenAPI."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from kg.api.openapi_schemas import STRING, VERSION_NAME, Content, Schema
from kg.api.parameters import Parameters, refuse_unknown, url_parameters
from kg.errors import BadInput
from kg.formats import Format
from kg.pages.rendering import LANGUAGES

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class DeclaredParameter:
    """A query parameter of an address, or a field of a form; all its aliases mean the same."""

    name: str
    description: str
    schema: Schema = field(default_factory=lambda: STRING)
    example: str | None = None
    is_required: bool = False
    may_be_empty: bool = False
    aliases: tuple[str, ...] = ()


PAGE_LANGUAGE = DeclaredParameter(
    "lang",
    "The language of a page, instead of `Accept-Language`; a cookie keeps it for the pages that follow.",
    {**STRING, "enum": [*LANGUAGES]},
)


@dataclass(frozen=True)
class Declaration:
    """What a route takes and answers, without the faults that every route may answer.

    The first field of ``form`` is required. ``in_path`` has the schemas of those parts of the path that are
    more than a name. If ``passes_over`` is true, the route ignores parameters of other servers, with a
    warning.
    """

    answers: Mapping[int, Content]
    faults: tuple[int, ...] = ()
    parameters: tuple[DeclaredParameter, ...] = ()
    body: Content = field(default_factory=dict)
    form: tuple[DeclaredParameter, ...] = ()
    in_path: Mapping[str, Schema] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    passes_over: bool = False
    needs_body: bool = True
    needs_token: bool = False

    def __post_init__(self) -> None:
        """Add the language to the parameters of a route that answers with pages."""
        if any("text/html" in content for content in self.answers.values()) and not any(
            each.name == PAGE_LANGUAGE.name for each in self.parameters
        ):
            object.__setattr__(self, "parameters", (*self.parameters, PAGE_LANGUAGE))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names under which parameters are accepted, in the address or in a form."""
        declared = (*self.form[:1], *self.parameters, *self.form[1:])
        return tuple(dict.fromkeys(name for each in declared for name in (each.name, *each.aliases)))

    def refuse_unknown(self, parameters: Parameters) -> None:
        """Raise BadInput for a parameter that the route does not take, and for a language without pages."""
        refuse_unknown(parameters, self.names)
        if PAGE_LANGUAGE in self.parameters:
            for name, value in parameters:
                if name == PAGE_LANGUAGE.name and value not in LANGUAGES:
                    languages = " or ".join(LANGUAGES)
                    raise BadInput(f"The parameter 'lang' must be {languages}, not {value[:64]!r}.")

    def read_parameters(self, request: Request) -> Parameters:
        """Decode the parameters of an address; raises BadInput for one that the route does not take."""
        parameters = url_parameters(request)
        self.refuse_unknown(parameters)
        return parameters


class DeclaredRoute(NamedTuple):
    """A route of one method, and its declaration."""

    method: str
    route: APIRoute
    declaration: Declaration


class Routes(APIRouter):
    """The routes of one resource with their declarations.

    OpenAPI lists them under ``tag``, which ``about`` explains in one sentence, and defines ``schemas`` by
    name. If several `Routes` share a tag, one of them explains it.
    """

    def __init__(self, tag: str, about: str = "", schemas: Mapping[str, Schema] | None = None) -> None:
        super().__init__(tags=[tag])
        self.tag = tag
        self.about = about
        self.schemas = schemas or {}
        self.declarations: list[DeclaredRoute] = []

    def declared(
        self, method: str, path: str, declaration: Declaration, name: str | None = None
    ) -> Callable[[F], F]:
        """Add a route with its declaration; its name, by default the function's, identifies the operation."""

        def add(function: F) -> F:
            self.add_api_route(path, function, methods=[method], response_class=Response, name=name)
            route = self.routes[-1]
            assert isinstance(route, APIRoute)
            self.declarations.append(DeclaredRoute(method, route, declaration))
            return function

        return add


FORMAT_NAMES = ("format", "output", "results")
"""Nonstandard parameters with which SPARQLWrapper and others name the format they want."""

_MOMENT_FORMS = [
    VERSION_NAME,
    {"format": "date"},
    {"format": "date-time"},
]
MOMENT: Schema = {**STRING, "anyOf": _MOMENT_FORMS}
FLAG: Schema = {**STRING, "enum": ["true", "false"]}

AS_OF = DeclaredParameter(
    "as-of", "Answer as of a version (`v17` or `17`) or of a time (ISO 8601; a day means its end).", MOMENT
)
BY = DeclaredParameter("by", "The person on whose behalf the request is made; for admins.")
SOURCE = DeclaredParameter("source", "The source of the change, as the history will show it.")
REASON = DeclaredParameter("reason", "The reason of the change, as the history will show it.")
ALL = DeclaredParameter("all", "Include the graphs of releases and of commits.", FLAG)


def format_of(formats: Iterable[Format]) -> DeclaredParameter:
    """Return the declaration of the parameter that names one of these formats."""
    name, *aliases = FORMAT_NAMES
    others = " and ".join(f"`{alias}`" for alias in aliases)
    text = f"The format by name, instead of `Accept`, or empty. {others} have the same effect."
    schema: Schema = {"enum": ["", *(each.name for each in formats)]}
    return DeclaredParameter(name, text, schema, aliases=tuple(aliases))
