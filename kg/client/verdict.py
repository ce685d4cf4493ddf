"""The verdict on submitted facts, from a report of this process or a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.errors import Unavailable
from kg.gate.reports import counted, in_language, label, others
from kg.iris import compact

if TYPE_CHECKING:
    import rdflib

Members: TypeAlias = Mapping[str, Any]  # of a JSON document from kg.gate.reports
Place: TypeAlias = Callable[[str], str]


def _nowhere(_focus: str) -> str:
    return ""


class Verdict:
    """Whether facts conform, and every violation; true if they conform.

    ``members`` are those of a report from kg.gate.reports. ``address`` is the root URL of the server that
    judged, if any; ``shacl`` returns the same as a SHACL validation report in Turtle.
    """

    def __init__(
        self, members: Members, *, address: str | None = None, shacl: Callable[[], bytes] | None = None
    ) -> None:
        self.members = members
        self._address = address
        self._shacl = shacl

    @property
    def conforms(self) -> bool:
        """True if there are no errors; warnings are allowed."""
        return bool(self.members["conforms"])

    @property
    def is_known(self) -> bool:
        """True if the graph held these facts already."""
        return bool(self.members["known"])

    @property
    def graphs(self) -> list[str]:
        """The IRIs of the graphs that hold the facts, or would hold them."""
        return list(self.members["graphs"])

    @property
    def version(self) -> int | None:
        """The version that added the facts; None if they were not added."""
        return self.members.get("version")

    @property
    def proposal(self) -> str | None:
        """The id of the proposal with a drafter's facts; None if there is no proposal."""
        return self.members.get("proposal")

    @property
    def violations(self) -> list[Members]:
        """The violations: focus, path, value, rule, message and advice of each, as in the report's JSON."""
        return list(self.members["violations"])

    def rdflib(self) -> rdflib.Graph:
        """Return the verdict as a SHACL validation report; this judges the facts again.

        Raises Unavailable for a verdict that was not returned by ``validate`` or ``add``.
        """
        import rdflib

        if self._shacl is None:
            raise Unavailable(
                "This verdict contains no facts to report on; validate() returns one that does."
            )
        return rdflib.Graph().parse(data=self._shacl(), format="turtle")

    def lines(self, place: Place = _nowhere, language: str = "en") -> list[str]:
        """Return a line for each violation; ``place`` returns where a node is described, or an empty text."""
        lines = (
            f"{place(violation['focus'])}{label(violation['severity'], language)}:"
            f" {in_language(violation['sentence'], language)} [{compact(violation['rule'])}]"
            for violation in self.violations
        )
        return [*dict.fromkeys(lines), *others(self._omitted, language)]

    def summary_in(self, language: str) -> str:
        """Return a summary in one sentence, in a language. Equal sentences count once."""
        sentences = {(each["sentence"]["en"], each["rule"], each["severity"]) for each in self.violations}
        severities = [severity for *_, severity in sentences]
        errors = severities.count("error") + self._omitted.get("errors", 0)
        others = len(severities) - severities.count("error")
        return counted(errors, others + self._omitted.get("warnings", 0), language)

    @property
    def _omitted(self) -> Mapping[str, int]:
        """Numbers of errors and of warnings that a long report omits."""
        omitted: Mapping[str, int] = self.members.get("omitted", {})
        return omitted

    @property
    def summary(self) -> str:
        """The summary in one English sentence."""
        return self.summary_in("en")

    def __bool__(self) -> bool:
        return self.conforms

    def _repr_html_(self) -> str:
        from kg.client.notebook import LONGEST_TABLE, anchor, table

        graphs = ", ".join(anchor(graph, self._address) for graph in self.graphs if self.conforms)
        listed = (
            (
                escape(label(violation["severity"], "en")),
                escape(in_language(violation["sentence"], "en")),
                anchor(violation["rule"], self._address),
            )
            for violation in self.violations
        )
        rows = list(dict.fromkeys(listed))  # equal sentences count once
        omitted = len(rows) - LONGEST_TABLE + sum(self._omitted.values())
        below = table(("", "what is wrong", "rule"), rows[:LONGEST_TABLE], omitted) if rows else ""
        return f"<p><b>{escape(self.summary)}</b> {graphs}</p>{below}"

    def __repr__(self) -> str:
        return f"Verdict({self.summary})"

    def __str__(self) -> str:
        return "\n".join([*self.lines(), self.summary])
