"""Settings: one frozen dataclass read from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from kg.errors import BadInput

_MEMORY = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


class Setting(NamedTuple):
    """One environment variable: its name, default and meaning."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("KG_DATA", "data", "the data directory"),
    Setting("KG_HOST", "127.0.0.1", "address the server listens on"),
    Setting("KG_PORT", "7878", "port the server listens on; 0 takes a free one"),
    Setting(
        "KG_TOKEN", "", "one admin token, for containers and tests; without it a fresh one is shown once"
    ),
    Setting(
        "KG_BASE", "", "public address of the server, if a proxy stands before it (https://example.org/kg/)"
    ),
    Setting(
        "KG_READERS",
        "0",
        "reader processes that always live, and up to 24 more while queries take long; 0 means two more than "
        "there are cores",
    ),
    Setting("KG_QUERY_SECONDS", "10", "time a query may take"),
    Setting("KG_ANSWER_SECONDS", "300", "time the sending of one answer may take, and the work on an export"),
    Setting("KG_QUERY_MEMORY", "1073741824", "bytes a query may take, above what an idle reader holds"),
    Setting("KG_JUDGES", "2", "processes that judge changes: facts, updates, graphs, retractions"),
    Setting("KG_JUDGE_SECONDS", "30", "time that the judging of one change may take"),
    Setting("KG_JUDGE_MEMORY", "2147483648", "bytes that the judging of one change may take"),
    Setting("KG_VALIDATORS", "1", "processes that answer `/validate`, at low priority"),
    Setting("KG_VALIDATE_SECONDS", "10", "time that one validation may take"),
    Setting(
        "KG_MEMORY_BUDGET",
        "",
        "bytes that a copy of the graph in memory may take, and as many what the readers make their own "
        "of it; larger graphs are read from disk, with 0 all are; not set, it is a quarter of the machine's "
        "memory",
    ),
    Setting("KG_MAX_QUERY_BYTES", "1048576", "size of a query's text"),
    Setting("KG_MAX_UPDATE_BYTES", "4194304", "size of an update's text"),
    Setting("KG_MAX_BODY_BYTES", "33554432", "size of a request's body"),
    Setting("KG_DRAFTS", "20", "proposals of one drafter that may wait for a curator"),
    Setting("KG_DRAFT_BYTES", "1048576", "size of one proposal"),
    Setting(
        "KG_ALLOW",
        "",
        "other servers that `SERVICE` and `LOAD` may ask, divided by spaces: hosts, or beginnings of "
        "addresses (`example.org https://example.net/sparql localhost:3030`); only one named with its port "
        "may be at an address that is not public; not set, none may be asked",
    ),
    Setting("KG_CACHE_BYTES", "67108864", "bytes of answers kept, to be given again; 0 keeps none"),
    Setting("KG_CLIENT_REQUESTS", "64", "requests of one client at a time; 0 sets no limit"),
    Setting("KG_CLIENT_RATE", "0", "requests of one client in a second; 0 sets no limit"),
    Setting(
        "KG_CONNECTIONS",
        "0",
        "connections open at a time; 0 means half of the file descriptors that are left, at most 4096",
    ),
    Setting(
        "KG_CLIENT_CONNECTIONS", "0", "connections of one client at a time; 0 means half of KG_CONNECTIONS"
    ),
    Setting("KG_IDLE_SECONDS", "10", "time after which a connection is closed on which no request begins"),
    Setting(
        "KG_LEAST_RATE",
        "16384",
        "bytes a second that a client must take of an answer that waits for it: over 30 seconds, or over 10 "
        "if a reader process still makes the answer; 0 sets no limit",
    ),
    Setting(
        "KG_PROXIES",
        "",
        "addresses and networks of proxies, divided by spaces, whose `X-Forwarded-For`, `-Proto` and "
        "`-Host`, or `Forwarded`, are believed in limits, log and links; a proxy has to set the former or "
        "drop them",
    ),
    Setting(
        "KG_ORIGINS",
        "",
        "sites whose pages may write, divided by spaces (`https://desk.example.org`); pages of the server "
        "itself always may",
    ),
    Setting(
        "KG_QUESTIONS",
        "",
        "a folder of your own saved questions (`.rq` files as in `queries/`), beside those that come with kg",
    ),
    Setting(
        "KG_CONTACT", "", "where readers may write to, at the foot of each page: `https://…` or `mailto:…`"
    ),
    Setting("KG_LOG", "json", "form of the line logged for each request: json, text or off"),
)


_OF_TESTS = frozenset(
    f"KG_{name}" for name in ("ARTICLE", "BROWSER", "EXAMPLES", "FUZZ", "NODE_CLIENTS", "STEPS", "WEB_BUILD")
)
"""Variables that only this package's tests use; the servers that they start inherit them."""

_LARGEST = {int: 1 << 62, float: 10**9}
"""Maximum of numeric settings, within the system's limits; "nan" fails the comparison too."""


@dataclass(frozen=True)
class Settings:
    """All settings. Each field is the environment variable ``KG_<FIELD>``.

    >>> Settings.from_environment({"KG_PORT": "8000"}).port
    8000
    """

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 7878
    token: str = ""
    base: str = ""
    readers: int = 0
    query_seconds: float = 10.0
    answer_seconds: float = 300.0
    query_memory: int = 1 << 30
    judges: int = 2
    judge_seconds: float = 30.0
    judge_memory: int = 1 << 31
    validators: int = 1
    validate_seconds: float = 10.0
    memory_budget: int = _MEMORY // 4
    max_query_bytes: int = 1 << 20
    max_update_bytes: int = 1 << 22
    max_body_bytes: int = 1 << 25
    drafts: int = 20
    draft_bytes: int = 1 << 20
    allow: str = ""
    cache_bytes: int = 1 << 26
    client_requests: int = 64
    client_rate: float = 0.0
    connections: int = 0
    client_connections: int = 0
    idle_seconds: int = 10
    least_rate: int = 1 << 14
    proxies: str = ""
    origins: str = ""
    questions: str = ""
    contact: str = ""
    log: str = "json"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Return the settings; raises BadInput for an unknown ``KG_`` variable or a malformed value."""
        given = os.environ if environment is None else environment
        _refuse_unknown(given)
        settings = cls()
        for field in fields(cls):
            name = f"KG_{field.name.upper()}"
            if text := given.get(name):
                settings = replace(settings, **_converted(name, text, type(getattr(settings, field.name))))
        return settings

    @property
    def endpoint(self) -> str:
        """The URL of the server's SPARQL endpoint, the base for relative IRIs in queries.

        >>> Settings(base="https://example.org/kg/").endpoint, Settings(host="::1").endpoint
        ('https://example.org/kg/sparql', 'http://[::1]:7878/sparql')
        """
        return (self.base or f"http://{_bracketed(self.host)}:{self.port}").rstrip("/") + "/sparql"

    @property
    def reader_count(self) -> int:
        """The number of reader processes."""
        return self.readers or (os.cpu_count() or 1) + 2


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    """Raise BadInput for an unknown variable that looks like a setting; the message suggests the nearest."""
    known = [setting.name for setting in SETTINGS]
    unknown = (name for name in sorted(environment) if name.startswith("KG_") and name not in _OF_TESTS)
    for name in unknown:
        if name not in known:
            from difflib import get_close_matches  # imported here to keep the start fast

            near = get_close_matches(name, known, n=1)
            other = f"the nearest is {near[0]}" if near else f"there is {', '.join(known)}"
            raise BadInput(f"There is no setting {name[:64]}; {other}. Correct the variable, or unset it.")


def _converted(name: str, text: str, kind: type) -> dict[str, Any]:
    """Return the keyword argument that sets a field to a variable's value."""
    field = name.removeprefix("KG_").lower()
    try:
        value = kind(text) if kind in (int, float) else type(Path())(text) if issubclass(kind, Path) else text
    except ValueError:
        whole = "a whole number" if kind is int else "a number"
        example = getattr(Settings, field)
        raise BadInput(f"{name} must be {whole}, without a unit, such as {example}; not {text!r}.") from None
    if isinstance(value, (int, float)) and value < 0:
        raise BadInput(f"{name} must not be negative: {text}.")
    if isinstance(value, (int, float)) and not value <= _LARGEST[kind]:
        raise BadInput(f"{name} must be a number up to {_LARGEST[kind]}, not {text}.")
    if field == "base":
        _require_address(text)
    if field == "contact" and not text.startswith(("https://", "http://", "mailto:")):
        raise BadInput(f"KG_CONTACT must begin with https:// or mailto:, not {text[:200]!r}.")
    return {field: value}


def _require_address(base: str) -> None:
    """Raise BadInput unless ``KG_BASE`` is a URL that can be a base for others."""
    try:
        parts = urlsplit(base)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        is_bare = not (parts.query or parts.fragment or parts.username or "?" in base or "#" in base)
        NamedNode(base)
    except ValueError:
        is_address = is_bare = False
    if not (is_address and is_bare):
        raise BadInput(
            "KG_BASE must be an address with its scheme, without query and fragment, such as "
            f"https://example.org/kg/; not {base[:200]!r}."
        )
