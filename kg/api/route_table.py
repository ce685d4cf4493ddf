"""Route table: the methods of each path, and which of them need a token."""

from collections.abc import Iterable, Iterator

from kg.api.declarations import DeclaredRoute, Routes

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})


class RouteTable:
    """The routes of these parts, and those of static files."""

    def __init__(self, parts: Iterable[Routes]) -> None:
        self._declared = [declared for part in parts for declared in part.declarations]
        paths = dict.fromkeys(each.route.path for each in self._declared)
        self._closed = tuple(path.partition("{")[0] for path in paths if self._is_closed(path))

    def methods(self, path: str) -> list[str]:
        """Return the methods of a path; none for an unknown path."""
        methods = {declared.method for declared in self._at(path)}
        if path.startswith("/static/"):
            methods = {"GET"}
        reading = {"HEAD"} if "GET" in methods else set()
        return sorted({"OPTIONS", *methods, *reading}) if methods else []

    def needs_token(self, method: str, path: str) -> bool:
        """Return True if a request needs a token; only such requests may change the graph."""
        if method in _SAFE:
            return False
        return any(each.method == method and each.declaration.needs_token for each in self._at(path))

    def is_closed(self, path: str) -> bool:
        """Return True for a path where every method needs a token, and for all paths below it."""
        return path.startswith(self._closed)

    def _is_closed(self, path: str) -> bool:
        return all(each.declaration.needs_token for each in self._at(path))

    def _at(self, path: str) -> Iterator[DeclaredRoute]:
        return (each for each in self._declared if each.route.path_regex.match(path))
