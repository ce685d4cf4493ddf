"""Saved questions: reads queries/*.rq with their headers, checks parameters and binds them as RDF terms.

The header format is told in queries/README.md. A parameter is never pasted into the text of a query: the
store substitutes an RDF term for the variable of the same name.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Variable

from kg import ontology
from kg.changes import Object
from kg.errors import BadInput, KGError, NotFound
from kg.iris import expand
from kg.terms import XSD

KEYS = ("question", "params", "returns", "tags")
HEADER_LINE = re.compile(r"#\+( +)([A-Za-z][A-Za-z0-9_]*):(?: +(.*?))? *")
MAP_ENTRY = re.compile(r'\s*([a-z]+):\s*(?:"([^"]*)"|([^",{}\s][^",{}]*?))\s*(?:,(?=.)|$)')


@dataclass(frozen=True)
class Parameter:
    """A blank that the asker fills in: bound to the variable of the same name."""

    name: str
    type: str
    example: str
    default: str | None = None

    def term(self, text: str) -> Object:
        """Read a value as a term of this parameter's type; raises BadInput."""
        try:
            return READERS[self.type](text.strip())
        except ValueError as error:
            raise BadInput(f"The parameter '{self.name}' cannot be {text!r}: {error}.") from None


@dataclass(frozen=True)
class Question:
    """A named query and the sentence it answers."""

    name: str
    question: str
    params: tuple[Parameter, ...]
    returns: str
    tags: tuple[str, ...]
    text: str

    @property
    def examples(self) -> dict[str, str]:
        """Return each parameter's example value."""
        return {parameter.name: parameter.example for parameter in self.params}


def load(folder: Path | None = None) -> dict[str, Question]:
    """Read every question of a folder, by name; the project's own folder unless another is given.

    Raises KGError naming file and line of a header that cannot be read.
    """
    files = sorted((folder or ontology.queries_folder()).glob("*.rq"))
    return {file.stem: parse(file.read_text(encoding="utf-8"), file) for file in files}


def find(name: str, questions: Mapping[str, Question]) -> Question:
    """Return the question of that name; NotFound suggests the nearest names."""
    if name in questions:
        return questions[name]
    from difflib import get_close_matches

    near = get_close_matches(name, questions, n=3, cutoff=0.4)
    hint = f"Did you mean {' or '.join(near)}?" if near else "All are listed by kg ask and at /questions."
    raise NotFound(f"There is no question named {name!r}. {hint}")


def bind(question: Question, values: Mapping[str, str]) -> dict[Variable, Object]:
    """Turn the asker's words into the terms to substitute; BadInput names what is unknown, lacking, wrong."""
    names = [parameter.name for parameter in question.params]
    if unknown := sorted(set(values) - set(names)):
        expected = ", ".join(names) or "it has none"
        raise BadInput(f"{question.name} has no parameter '{unknown[0]}'; its parameters: {expected}.")
    terms: dict[Variable, Object] = {}
    for parameter in question.params:
        text = values.get(parameter.name, parameter.default)
        if text is None:
            example = f"{parameter.name}={parameter.example}"
            raise BadInput(f"{question.name} needs the parameter '{parameter.name}', for example {example}.")
        terms[Variable(parameter.name)] = parameter.term(text)
    return terms


def parse(text: str, file: Path) -> Question:
    """Read one question file; raises KGError naming file and line."""
    header = _Header()
    lines = text.splitlines()
    end = next((index for index, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    for number, line in enumerate(lines, start=1):
        try:
            if number <= end:
                header.take(line)
            elif line.startswith("#+"):
                raise ValueError("a header line stands below the header")
        except ValueError as error:
            raise KGError(f"{file}:{number}: {error}.") from None
    if fault := header.fault("\n".join(lines[end:])):
        raise KGError(f"{file}:{end or 1}: {fault}.")
    fields = header.fields
    tags = tuple(tag.strip() for tag in fields.get("tags", "").split(",") if tag.strip())
    return Question(file.stem, fields["question"], tuple(header.params), fields["returns"], tags, text)


class _Header:
    """The header lines read so far."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.params: list[Parameter] = []

    def take(self, line: str) -> None:
        """Read one more line; raises ValueError."""
        match = HEADER_LINE.fullmatch(line)
        if not match:
            raise ValueError("a header line reads '#+ key: value'")
        indent, key, value = match[1], match[2], match[3] or ""
        if len(indent) > 1:
            self._take_parameter(key, value)
        else:
            self._take_field(key, value)

    def _take_field(self, key: str, value: str) -> None:
        if key not in KEYS:
            raise ValueError(f"unknown key '{key}'; the keys are {', '.join(KEYS)}")
        if key in self.fields:
            raise ValueError(f"the key '{key}' is given twice")
        if key == "params" and value not in ("", "{}"):
            raise ValueError("each parameter stands on a line of its own below 'params:'")
        if key != "params" and not value:
            raise ValueError(f"the key '{key}' has no value")
        self.fields[key] = value

    def _take_parameter(self, name: str, value: str) -> None:
        if list(self.fields)[-1:] != ["params"]:
            raise ValueError("only parameters are indented, and they follow 'params:'")
        if name in {parameter.name for parameter in self.params}:
            raise ValueError(f"the parameter '{name}' is given twice")
        self.params.append(_read_parameter(name, value))

    def fault(self, query: str) -> str | None:
        """Say what no single line shows to be wrong."""
        for key in ("question", "returns"):
            if key not in self.fields:
                return f"the header lacks '{key}'"
        for parameter in self.params:
            if not re.search(rf"[?$]{parameter.name}\b", query):
                return f"the query does not use the parameter ?{parameter.name}"
        return None


def _read_parameter(name: str, value: str) -> Parameter:
    """Read ``{type: iri, example: dipid:x}``; raises ValueError."""
    entries = _read_map(value)
    if unknown := sorted(set(entries) - {"type", "example", "default"}):
        raise ValueError(f"unknown key '{unknown[0]}' of a parameter; the keys are type, example, default")
    for key in ("type", "example"):
        if key not in entries:
            raise ValueError(f"the parameter '{name}' lacks '{key}'")
    if entries["type"] not in READERS:
        raise ValueError(f"unknown type '{entries['type']}'; the types are {', '.join(READERS)}")
    parameter = Parameter(name, entries["type"], entries["example"], entries.get("default"))
    for text in (parameter.example, parameter.default):
        if text is not None:
            READERS[parameter.type](text)
    return parameter


def _read_map(text: str) -> dict[str, str]:
    """Read a map written in one line; a value with a comma or a brace stands in double quotes."""
    if not (text.startswith("{") and text.endswith("}")):
        raise ValueError("a parameter reads 'name: {type: ..., example: ...}'")
    entries: dict[str, str] = {}
    inner, position = text[1:-1], 0
    while position < len(inner):
        match = MAP_ENTRY.match(inner, position)
        if not match:
            raise ValueError(f"cannot read {inner[position:].strip()!r}; an entry reads 'key: value'")
        if match[1] in entries:
            raise ValueError(f"the key '{match[1]}' is given twice")
        entries[match[1]] = match[3] if match[2] is None else match[2]
        position = match.end()
    return entries


def _iri(text: str) -> Object:
    return NamedNode(expand(text))


def _date(text: str) -> Object:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError("a day reads 2026-02-03")
    return _partial_date(text)


def _partial_date(text: str) -> Object:
    """Read a year, a month or a day, with the datatype of the precision it was given in."""
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        raise ValueError("a date reads 2026, 2026-02 or 2026-02-03")
    year, month, day = [*text.split("-"), "01", "01"][:3]
    date(int(year), int(month), int(day))
    datatype = {4: XSD.G_YEAR, 7: XSD.G_YEAR_MONTH, 10: XSD.DATE}[len(text)]
    return Literal(text, datatype=datatype)


def _integer(text: str) -> Object:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise ValueError("it is no whole number")
    return Literal(text, datatype=XSD.INTEGER)


def _lang(text: str) -> Object:
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", text):
        raise ValueError("a language tag reads en or es-CO")
    return Literal(text.lower())


READERS: dict[str, Callable[[str], Object]] = {
    "iri": _iri,
    "date": _date,
    "partial-date": _partial_date,
    "string": Literal,
    "integer": _integer,
    "lang": _lang,
}
