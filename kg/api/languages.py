"""The language of an answer: from ``lang`` in the address, else from the cookie, else from the header."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import Scope

from kg.pages.rendering import LANGUAGES
from kg.query.negotiation import choose_language

PARAMETER = "lang"
COOKIE = "kg-lang"
"""The only cookie: it holds the language that a person chose, and nothing else."""
_SECONDS_KEPT = 31_536_000
_LONGEST = 4096


def of_request(scope: Scope | None) -> str:
    """Return the language of a request; English for a request that could not be parsed."""
    if scope is None:
        return choose_language(None)
    headers = Headers(scope=scope)
    return named(scope) or _kept(headers) or choose_language(headers.get("accept-language"))


def named(scope: Scope) -> str | None:
    """Return the language that the address names; None if it names none, or one without pages."""
    query = scope.get("query_string", b"")
    if b"lang=" not in query or len(query) > _LONGEST:
        return None
    values = [value for name, value in parse_qsl(query.decode("latin-1")) if name == PARAMETER]
    return _known(values[0]) if values else None


def cookie(scope: Scope) -> bytes | None:
    """Return a cookie with the language that the address names; None if it names none."""
    language = named(scope)
    return (
        f"{COOKIE}={language}; Path=/; Max-Age={_SECONDS_KEPT}; SameSite=Lax".encode() if language else None
    )


def _kept(headers: Headers) -> str | None:
    text = headers.get("cookie", "")
    if COOKIE not in text or len(text) > _LONGEST:
        return None
    try:
        found = SimpleCookie(text).get(COOKIE)
    except CookieError:
        return None
    return _known(found.value) if found else None


def _known(tag: str) -> str | None:
    language = tag.partition("-")[0].lower()
    return language if language in LANGUAGES else None
