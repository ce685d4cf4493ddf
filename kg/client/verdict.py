"""The verdict on submitted facts, from a report that this process or a server has made."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from kg.gate.reports import counted, in_language, label, others
from kg.iris import compact

Members: TypeAlias = Mapping[str, Any]  # of a JSON document that kg.gate.reports has made
Place: TypeAlias = Callable[[str], str]


def _nowhere(_focus: str) -> str:
    return ""


class Verdict:
    """Whether facts conform, and every violation; true if they conform.

    Made of the members of a report as kg.gate.reports writes it.
    """

    def __init__(self, members: Members) -> None:
        self.members = members

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
        """The IRIs of the graphs that hold the facts, or would."""
        return list(self.members["graphs"])

    @property
    def version(self) -> int | None:
        """The version that the facts were added in; None if they were not added."""
        return self.members.get("version")

    @property
    def violations(self) -> list[Members]:
        """The violations: focus, path, value, rule, message and advice of each, as in the report's JSON."""
        return list(self.members["violations"])

    def lines(self, place: Place = _nowhere, language: str = "en") -> list[str]:
        """Return a line for each violation; ``place`` returns where a node is described, or an empty text."""
        lines = (
            f"{place(violation['focus'])}{label(violation['severity'], language)}:"
            f" {in_language(violation['sentence'], language)} [{compact(violation['rule'])}]"
            for violation in self.violations
        )
        return [*dict.fromkeys(lines), *others(self._omitted, language)]

    def summary_in(self, language: str) -> str:
        """Return a summary in one sentence of a language. Equal sentences count once."""
        told = {(each["sentence"]["en"], each["rule"], each["severity"]) for each in self.violations}
        severities = [severity for *_, severity in told]
        errors = severities.count("error") + self._omitted.get("errors", 0)
        others = len(severities) - severities.count("error")
        return counted(errors, others + self._omitted.get("warnings", 0), language)

    @property
    def _omitted(self) -> Mapping[str, int]:
        """The number of errors and of warnings that a long report does not list."""
        omitted: Mapping[str, int] = self.members.get("omitted", {})
        return omitted

    @property
    def summary(self) -> str:
        """The summary in one sentence of English."""
        return self.summary_in("en")

    def __bool__(self) -> bool:
        return self.conforms

    def __str__(self) -> str:
        return "\n".join([*self.lines(), self.summary])
