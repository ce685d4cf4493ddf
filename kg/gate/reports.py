"""Reports of the gate: violations, and their output as text, JSON and SHACL."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import JSON
from kg.formats import TablePlace
from kg.gate.overlay import Term
from kg.gate.rules.wording import LANGUAGES
from kg.gate.shacl import paths
from kg.gate.shacl.paths import Path
from kg.iris import compact
from kg.turtle import HEADER, term

Severity: TypeAlias = str
"""``error``, ``warning``, ``info`` or the IRI of a severity outside SHACL; only errors cause rejection."""

MOST_LISTED = 1000
"""Maximum number of violations that a written report lists; it gives the number of the others."""
LONGEST_TERM = 4096
"""Maximum characters of a node or value in a written report; longer ones are cut."""
_LONGEST_VALUE = 100
_COUNTED = {
    "en": (("error", "errors"), ("warning", "warnings"), "accepted", "not accepted"),
    "es": (("error", "errores"), ("aviso", "avisos"), "se aceptan", "no se aceptan"),
}
SH = "http://www.w3.org/ns/shacl#"
_SEVERITIES = {f"{SH}Violation": "error", f"{SH}Warning": "warning", f"{SH}Info": "info"}
_NAMES = {
    "en": {"error": "error", "warning": "warning", "info": "info"},
    "es": {"error": "error", "warning": "aviso", "info": "información"},
}
_OTHERS = {"en": "… and {} more that are not listed", "es": "… y {} más que no se enumeran"}
_LINE = {"en": "line", "es": "línea"}
_SHEET = {"en": "sheet", "es": "hoja"}
_TABLE = {"en": ("line {}", "column {}"), "es": ("línea {}", "columna {}")}
_ABOUT = {"en": "about", "es": "sobre"}
_WAYS = {"en": ("as value of", " or ", ", then "), "es": ("como valor de", " o ", " y luego ")}


@dataclass(frozen=True)
class Violation:
    """One failed constraint at one node: where, which rule, what is wrong, what to do.

    ``rule`` is the IRI of the shape or rule that explains it, ``shape`` that of the shape whose target the
    node is, ``component`` that of the constraint component. ``message`` and ``advice`` are by language.
    """

    focus: Term
    rule: str
    message: Mapping[str, str]
    path: Path | None = None
    value: Term | None = None
    graph: NamedNode | None = None
    line: int | None = None
    shape: str | None = None
    component: str | None = None
    severity: Severity = "error"
    advice: Mapping[str, str] | None = None
    row: TablePlace | None = None
    """The table row that describes the node, if the facts came in a table."""

    @property
    def column(self) -> str | None:
        """The table column for the violated property."""
        step = self.path.parts[0] if isinstance(self.path, paths.Sequence) else self.path
        if self.row is None or not isinstance(step, paths.Step) or step.inverse:
            return None
        return self.row.column_of(compact(step.predicate.value))

    @property
    def cell(self) -> str:
        """The value as in a table: slugs without a prefix, texts without their language."""
        return "" if self.value in (None, self.focus) else _cell(self.value)

    def _of_table(self, row: TablePlace, language: str) -> str:
        """Return the sentence in the table's words: line, column and value."""
        line, column = _TABLE.get(language, _TABLE["en"])
        where = ", ".join(
            [
                *([f"{_SHEET.get(language, 'sheet')} {row.sheet}"] if row.sheet else []),
                *([line.format(row.line)] if row.line is not None else [row.reworded(display(self.focus))]),
                *([column.format(self.column)] if self.column else []),
                *([f"“{self.cell}”"] if self.cell else []),
            ]
        )
        text = in_language(self.message, language).rstrip(".")
        if advice := in_language(self.advice or {}, language).rstrip("."):
            text += f"; {advice}"
        return f"{where}: {row.reworded(text)}{'' if text.endswith(('?', '!')) else '.'}"

    def sentence(self, language: str = "en") -> str:
        """Return the violation as one plain sentence.

        >>> Violation(NamedNode("urn:hat"), "urn:rule", {"en": "a gift needs a giver"}, line=3).sentence()
        '<urn:hat> (line 3): a gift needs a giver.'
        """
        if self.row is not None:
            return self._of_table(self.row, language)
        where = display(self.focus)
        if self.line is not None:
            where += f" ({_LINE.get(language, 'line')} {self.line})"
        if self.path is not None:
            where += f", {_way(self.path, language)}"
        text = in_language(self.message, language).rstrip(".")
        if self.value is not None and self.value != self.focus:
            if self.path is not None:
                where += f" {display(self.value)}"
            elif display(self.value) not in text:
                where += f", {_ABOUT.get(language, _ABOUT['en'])} {display(self.value)}"
        if advice := in_language(self.advice or {}, language).rstrip("."):
            text += f"; {advice}"
        return f"{where}: {text}" if text.endswith(("?", "!")) else f"{where}: {text}."

    @property
    def order(self) -> tuple[bool, int, str, str, str, str]:
        """Sort key: errors first, then by line."""
        is_warning = self.severity != "error"
        path = paths.text(self.path) if self.path else ""
        return is_warning, self.line or 0, str(self.focus), path, str(self.value), self.rule


@dataclass(frozen=True)
class Report:
    """All violations of a submission; ``graphs`` are its graphs, ``is_known`` if they already exist."""

    violations: tuple[Violation, ...] = ()
    graphs: tuple[str, ...] = ()
    is_known: bool = False

    @classmethod
    def of(cls, violations: Iterable[Violation]) -> "Report":
        """Return a report with sorted violations; duplicates are merged, except SHACL results."""
        unique = {_key(violation, place): violation for place, violation in enumerate(violations)}
        return cls(tuple(sorted(unique.values(), key=lambda violation: violation.order)))

    @property
    def conforms(self) -> bool:
        """Whether there are no errors; warnings are allowed."""
        return not self.errors

    @property
    def errors(self) -> tuple[Violation, ...]:
        """The violations that cause rejection."""
        return tuple(violation for violation in self.violations if violation.severity == "error")

    @property
    def warnings(self) -> tuple[Violation, ...]:
        """The violations that do not cause rejection."""
        return tuple(violation for violation in self.violations if violation.severity != "error")

    @property
    def listed(self) -> "Report":
        """This report, or one with its first ``MOST_LISTED`` violations."""
        is_short = len(self.violations) <= MOST_LISTED
        return self if is_short else replace(self, violations=self.violations[:MOST_LISTED])


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Return a text in the language, else in English, else in any language; empty if there is none."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def display(node: Term) -> str:
    """Return a term for display: compact, on one line, without control characters, shortened.

    A blank node is shown as […], because its label means nothing to its author.
    """
    if isinstance(node, BlankNode):
        return "[…]"
    text = re.sub(r"[^ -~\u00a1-\u1fff\u2010-\u2027\u2030-\uffff\U00010000-\U000effff]", "\ufffd", term(node))
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _cell(value: Term | None) -> str:
    """Return a value as in a table: a slug, or a text without its language."""
    if isinstance(value, Literal):
        return display(Literal(value.value))[1:-1]
    return TablePlace().reworded(display(value)) if value is not None else ""


def as_text(report: Report, language: str = "en") -> str:
    """Return a report for a terminal: one line per violation, then the summary."""
    lines = dict.fromkeys(
        f"{label(each.severity, language)}: {_with_rule(each, language)}" for each in report.listed.violations
    )
    return "\n".join([*lines, *others(_omitted(report), language), summary(report, language)]) + "\n"


def others(omitted: Mapping[str, int], language: str) -> list[str]:
    """Return a line with the number of omitted violations, or no line if there are none."""
    number = sum(omitted.values())
    return [f"{in_language(_OTHERS, language).format(number)}."] if number else []


def warning_sentences(report: Report) -> list[str]:
    """Return a sentence for each warning, up to ``MOST_LISTED``, and one with the number of others."""
    sentences = [violation.sentence() for violation in report.warnings[:MOST_LISTED]]
    return [*sentences, *others({"warnings": len(report.warnings) - len(sentences)}, "en")]


def summary(report: Report, language: str = "en") -> str:
    """Return a report's counts and outcome as one sentence.

    >>> summary(Report())
    '0 errors, 0 warnings: accepted.'
    """
    return counted(_sentences(report.errors), _sentences(report.warnings), language)


def counted(errors: int, warnings: int, language: str = "en") -> str:
    """Return the numbers of errors and warnings, and the outcome.

    >>> counted(1, 2, "es")
    '1 error, 2 avisos: no se aceptan.'
    """
    of_errors, of_warnings, accepted, refused = _COUNTED.get(language, _COUNTED["en"])
    counts = ", ".join(
        f"{number} {forms[0 if number == 1 else 1]}"
        for number, forms in ((errors, of_errors), (warnings, of_warnings))
    )
    return f"{counts}: {refused if errors else accepted}."


def _omitted(report: Report) -> dict[str, int]:
    """Return the numbers of errors and warnings that a written report omits."""
    listed = report.listed
    if listed is report:
        return {}
    return {
        "errors": _sentences(report.errors) - _sentences(listed.errors),
        "warnings": _sentences(report.warnings) - _sentences(listed.warnings),
    }


def _sentences(violations: Iterable[Violation]) -> int:
    """Count distinct sentences: two constraints of one rule that fail alike make one sentence."""
    return len({(violation.sentence(), violation.rule) for violation in violations})


def written(report: Report, form: str, language: str) -> bytes:
    """Return a report as ``json``, as ``text`` in a language, or as ``turtle``."""
    if form == "json":
        return json.dumps(as_json(report), ensure_ascii=False).encode()
    return (as_text(report, language) if form == "text" else as_shacl(report)).encode()


def as_json(report: Report) -> dict[str, JSON]:
    """Return the JSON members of a report; ``omitted`` counts what is not listed."""
    members: dict[str, JSON] = {
        "conforms": report.conforms,
        "graphs": list(report.graphs),
        "known": report.is_known,
        "violations": [_violation_as_json(violation) for violation in report.listed.violations],
    }
    omitted = _omitted(report)
    return {**members, "omitted": dict(omitted)} if omitted else members


def as_shacl(report: Report) -> str:
    """Return a sh:ValidationReport in Turtle."""
    listed = report.listed.violations
    results = "".join(f" ;\n    sh:result [\n{_result(violation)}    ]" for violation in listed)
    omitted = "".join(f"# {line}\n" for line in others(_omitted(report), "en"))
    conforms = "true" if not report.violations else "false"  # SHACL: no results of any severity
    return f"{HEADER}\n[] a sh:ValidationReport ;\n    sh:conforms {conforms}{results} .\n{omitted}"


def _way(path: Path, language: str) -> str:
    """Return a path for display; an inverse step is written in words."""
    value_of, joined_by, followed_by = _WAYS.get(language, _WAYS["en"])
    match path:
        case paths.Step(predicate, inverse=True):
            return f"{value_of} {display(predicate)}"
        case paths.Alternative(parts):
            ways = [_way(part, language) for part in parts]
            is_inverse = all(way.startswith(value_of) for way in ways)
            return joined_by.join(
                [ways[0], *(way.removeprefix(f"{value_of} ") for way in ways[1:])] if is_inverse else ways
            )
        case paths.Sequence(parts):
            return followed_by.join(_way(part, language) for part in parts)
    return paths.text(path)


def _violation_as_json(violation: Violation) -> dict[str, JSON]:
    return {
        "severity": violation.severity,
        "focus": _plain(violation.focus),
        "path": paths.text(violation.path) if violation.path else None,
        "value": None if violation.value is None else _plain(violation.value),
        "graph": violation.graph.value if violation.graph else None,
        "line": violation.line,
        **(_cell_of(violation, violation.row) if violation.row else {}),
        "rule": violation.rule,
        "shape": violation.shape,
        "component": violation.component,
        "message": dict(violation.message),
        "advice": dict(violation.advice or {}),
        "sentence": {language: violation.sentence(language) for language in LANGUAGES},
    }


def _cell_of(violation: Violation, row: TablePlace) -> dict[str, JSON]:
    return {"sheet": row.sheet or None, "column": violation.column}


def _result(violation: Violation) -> str:
    pairs = [("a", "sh:ValidationResult"), ("sh:focusNode", term(violation.focus))]
    if violation.path is not None:
        pairs.append(("sh:resultPath", _turtle_path(violation.path)))
    if violation.value is not None:
        pairs.append(("sh:value", term(violation.value)))
    pairs.append(("sh:resultSeverity", term(NamedNode(severity_iri(violation.severity)))))
    pairs.append(("sh:sourceShape", term(NamedNode(violation.rule))))
    if violation.component:
        pairs.append(("sh:sourceConstraintComponent", term(NamedNode(violation.component))))
    for language in LANGUAGES:
        pairs.append(("sh:resultMessage", str(Literal(violation.sentence(language), language=language))))
    return "".join(f"        {name} {value} ;\n" for name, value in pairs)


def _turtle_path(path: Path) -> str:
    match path:
        case paths.Step(predicate, inverse):
            name = term(predicate)
            return f"[ sh:inversePath {name} ]" if inverse else name
        case paths.Sequence(parts):
            return f"( {' '.join(_turtle_path(part) for part in parts)} )"
        case paths.Alternative(parts):
            return f"[ sh:alternativePath ( {' '.join(_turtle_path(part) for part in parts)} ) ]"
        case paths.Repeat(part, at_least, many):
            name = "oneOrMorePath" if at_least else "zeroOrMorePath" if many else "zeroOrOnePath"
            return f"[ sh:{name} {_turtle_path(part)} ]"


def severity_named(iri: str) -> Severity:
    """Return the name of a severity: a word for SHACL's own, otherwise its IRI.

    >>> severity_named(f"{SH}Info"), severity_named("urn:severity:urgent")
    ('info', 'urn:severity:urgent')
    """
    return _SEVERITIES.get(iri, iri)


def severity_iri(name: Severity) -> str:
    """Return the IRI of a severity that ``severity_named`` names."""
    return next((iri for iri, severity in _SEVERITIES.items() if severity == name), name)


def label(severity: str, language: str) -> str:
    """Return a severity's name in a language, or its IRI if SHACL does not define it."""
    names = _NAMES.get(language, _NAMES["en"])
    return names.get(severity) or compact(severity)


def _with_rule(violation: Violation, language: str) -> str:
    return f"{violation.sentence(language)} [{compact(violation.rule)}]"


def _plain(node: Term) -> str:
    text = node.value if isinstance(node, NamedNode) else str(node)
    return text if len(text) <= LONGEST_TERM else f"{text[: LONGEST_TERM - 1]}…"


def _key(violation: Violation, number: int) -> tuple[object, ...]:
    if violation.component:
        return (number,)
    return violation.focus, violation.path, violation.value, violation.rule, violation.severity
