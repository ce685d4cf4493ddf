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
    Setting("KG_HOST", "127.0.0.1", "address that the server listens on"),
    Setting("KG_PORT", "7878", "port that the server listens on; 0 selects a free one"),
    Setting(
        "KG_TOKEN", "", "an admin token, for containers and tests; without it, a new one is printed once"
    ),
    Setting("KG_BASE", "", "public address of the server behind a proxy (https://example.org/kg/)"),
    Setting(
        "KG_READERS",
        "0",
        "reader processes that always run, and up to 24 more while queries take long; 0 means two more than "
        "there are cores",
    ),
    Setting("KG_QUERY_SECONDS", "10", "maximum seconds for a query"),
    Setting("KG_ANSWER_SECONDS", "300", "maximum seconds to send one answer, or to make an export"),
    Setting(
        "KG_QUERY_MEMORY", "1073741824", "maximum bytes of memory for a query, above those of an idle reader"
    ),
    Setting("KG_JUDGES", "2", "processes that judge changes: facts, updates, graphs, retractions"),
    Setting("KG_JUDGE_SECONDS", "30", "maximum seconds to judge one change"),
    Setting("KG_JUDGE_MEMORY", "2147483648", "maximum bytes of memory to judge one change"),
    Setting("KG_VALIDATORS", "1", "processes that answer `/validate`, at low priority"),
    Setting("KG_VALIDATE_SECONDS", "10", "maximum seconds for one validation"),
    Setting(
        "KG_MEMORY_BUDGET",
        "",
        "maximum bytes for the in-memory copy of the graph; readers may use as much again for private pages. "
        "Larger graphs are read from disk; 0 disables the copy; if not set, a quarter of the machine's "
        "memory",
    ),
    Setting("KG_MAX_QUERY_BYTES", "1048576", "maximum bytes of a query's text"),
    Setting("KG_MAX_UPDATE_BYTES", "4194304", "maximum bytes of an update's text"),
    Setting("KG_MAX_BODY_BYTES", "33554432", "maximum bytes of a request's body"),
    Setting("KG_DRAFTS", "20", "maximum number of open proposals of one drafter"),
    Setting("KG_DRAFT_BYTES", "1048576", "maximum bytes of one proposal"),
    Setting(
        "KG_ALLOW",
        "",
        "other servers that `SERVICE` and `LOAD` may call, separated by spaces: hosts, or prefixes of "
        "addresses (`example.org https://example.net/sparql localhost:3030`); a server at an address that is "
        "not public must be listed with its port; if not set, all are refused",
    ),
    Setting("KG_CACHE_BYTES", "67108864", "maximum bytes of the answer cache; 0 disables it"),
    Setting("KG_CLIENT_REQUESTS", "64", "maximum concurrent requests of one client; 0 sets no limit"),
    Setting("KG_CLIENT_RATE", "0", "maximum requests of one client per second; 0 sets no limit"),
    Setting(
        "KG_CONNECTIONS",
        "0",
        "maximum open connections; 0 means half of the available file descriptors, at most 4096",
    ),
    Setting(
        "KG_CLIENT_CONNECTIONS", "0", "maximum open connections of one client; 0 means half of KG_CONNECTIONS"
    ),
    Setting("KG_IDLE_SECONDS", "10", "seconds after which a connection without a request is closed"),
    Setting(
        "KG_LEAST_RATE",
        "16384",
        "minimum bytes per second at which a client must read an answer, on average over 30 seconds, or over "
        "10 while a reader process still makes it; 0 sets no limit",
    ),
    Setting(
        "KG_PROXIES",
        "",
        "addresses and networks of proxies, separated by spaces, whose `X-Forwarded-For`, `-Proto` and "
        "`-Host`, or `Forwarded`, are trusted for limits, log and links; a proxy must set or remove these "
        "headers",
    ),
    Setting(
        "KG_ORIGINS",
        "",
        "sites whose pages may write, separated by spaces (`https://desk.example.org`); the server's own "
        "pages always may",
    ),
    Setting(
        "KG_QUESTIONS",
        "",
        "a folder of your own saved questions (`.rq` files as in `queries/`), beside those that come with kg",
    ),
    Setting("KG_CONTACT", "", "contact address in the footer of each page: `https://…` or `mailto:…`"),
    Setting("KG_LOG", "json", "format of the access log: json, text or off"),
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
        variables = os.environ if environment is None else environment
        _refuse_unknown(variables)
        settings = cls()
        for field in fields(cls):
            name = f"KG_{field.name.upper()}"
            if text := variables.get(name):
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
    names = [setting.name for setting in SETTINGS]
    unknown = (name for name in sorted(environment) if name.startswith("KG_") and name not in _OF_TESTS)
    for name in unknown:
        if name not in names:
            from difflib import get_close_matches  # imported here to keep the start fast

            near = get_close_matches(name, names, n=1)
            other = f"the nearest is {near[0]}" if near else f"there is {', '.join(names)}"
            raise BadInput(
                f"There is no setting {name[:64]}; {other}. Correct the name of the variable, or unset it."
            )


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
