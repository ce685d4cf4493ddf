"""Verdict of a dry run: its findings by line of the table."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from kg.gate.reports import counted, in_language

Members: TypeAlias = Mapping[str, Any]  # of a report or of a problem document
_LINE = re.compile(r"(?:In )?line (\d+)")


@dataclass(frozen=True)
class DryFinding:
    """One sentence of a verdict, its severity, and the line and column that it is about."""

    severity: str
    sentence: str
    line: int | None = None
    column: str = ""


@dataclass(frozen=True)
class DryRun:
    """The verdict that adding a table would return."""

    conforms: bool
    summary: str
    findings: tuple[DryFinding, ...] = ()
    is_known: bool = False

    def of_line(self, line: int | None) -> list[DryFinding]:
        """Return the findings about a line, or about none."""
        return [each for each in self.findings if each.line == line]


def of_report(document: bytes, language: str) -> DryRun:
    """Return the verdict of a report in JSON."""
    return of_members(json.loads(document), language)


def of_members(members: Members, language: str) -> DryRun:
    """Return the verdict of a report, or of a problem document about a table that cannot be read."""
    is_report = "violations" in members and "conforms" in members
    findings = tuple(
        dict.fromkeys(_violations(members, language) if is_report else _faults(members, language))
    )
    errors = sum(each.severity == "error" for each in findings)
    summary = counted(errors, len(findings) - errors, language)
    return DryRun(not errors, summary, findings, bool(members.get("known")))


def _violations(members: Members, language: str) -> Iterator[DryFinding]:
    for each in members["violations"]:
        sentences = each["sentence"]
        yield DryFinding(
            "error" if each["severity"] == "error" else "warning",
            in_language(sentences, language),
            each.get("line") or _line(sentences.get("en", "")),
            each.get("column") or "",
        )


def _faults(members: Members, language: str) -> Iterator[DryFinding]:
    for each in members.get("faults") or ():
        sentence = in_language(each["sentence"], language)
        yield DryFinding("error", sentence, each.get("line"), each.get("column") or "")
    if not members.get("faults"):
        text = members.get("sentence")
        detail = in_language(text, language) if isinstance(text, Mapping) else str(members.get("detail", ""))
        yield DryFinding("error", detail)


def _line(sentence: str) -> int | None:
    match = _LINE.match(sentence)
    return int(match[1]) if match else None
