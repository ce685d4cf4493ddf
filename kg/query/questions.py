"""Saved questions: reads queries/*.rq with their headers, checks parameters and binds them as RDF terms.

queries/README.md describes the header format. A parameter is never pasted into the text of a query: the store
substitutes an RDF term for the variable of the same name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import NamedNode, QuerySolutions, Variable

from kg import ontology, scratch
from kg.changes import Object
from kg.errors import BadInput, KGError, NotFound
from kg.iris import compact, expand
from kg.query.job import Labelling, QueryJob, TableQuery
from kg.query.parameters import BOUNDS, READERS, Parameter, understood
from kg.store.engine import Oxigraph
from kg.store.store import Contents

KEYS = ("question", "params", "returns", "labels", "tags")
TRANSLATED = re.compile(r"(question|returns)_([a-z]{2,3})")
"""Keys of the same fields in another language: ``question_es``."""
PARAMETER_KEYS = ("type", "class", "example", "default", "bound")
RESERVED = ("labels", "lang")
"""Names that the answer of every question reserves."""
HEADER_LINE = re.compile(r"#\+( +)([A-Za-z][A-Za-z0-9_]*):(?: +(.*?))? *")
MAP_ENTRY = re.compile(r'\s*([a-z]+):\s*(?:"([^"]*)"|([^",{}\s][^",{}]*?))\s*(?:,(?=.)|$)')


@dataclass(frozen=True)
class Question:
    """A named query and the sentence it answers."""

    name: str
    question: str
    params: tuple[Parameter, ...]
    returns: str
    tags: tuple[str, ...]
    text: str
    labels: tuple[str, ...] | None = None
    """The columns that hold IRIs and get labels; None if the header does not say."""
    sql: str | None = None
    """The question in SQL for the columnar projection, if there is a file NAME.sql."""
    translations: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The question and the meaning of a row, by language other than English."""

    @property
    def in_other_languages(self) -> dict[str, str]:
        """The question in each language other than English into which it is translated."""
        return {language: question for language, (question, _) in self.translations.items()}

    def translated(self, language: str) -> tuple[str, str]:
        """Return the question and the meaning of a row, in a language if translated, else in English."""
        return self.translations.get(language, (self.question, self.returns))

    @property
    def examples(self) -> dict[str, str]:
        """The example value of each parameter."""
        return {parameter.name: parameter.example for parameter in self.params}


def load(folder: Path | None = None) -> dict[str, Question]:
    """Return the questions of a folder, by name; by default those of the project's own folder.

    Raises KGError naming file and line of a header that cannot be read.
    """
    files = sorted((folder or ontology.queries_folder()).glob("*.rq"))
    return {file.stem: _read(file) for file in files}


def _read(file: Path) -> Question:
    question, sql = parse(file.read_text(encoding="utf-8"), file), file.with_suffix(".sql")
    return replace(question, sql=sql.read_text(encoding="utf-8")) if sql.exists() else question


def load_all(own: str = "") -> dict[str, Question]:
    """Return the questions that come with kg, and those of the user's own folder, if one is given.

    Raises BadInput if the folder does not exist, and for a file with a question that cannot be asked.
    """
    questions = load()
    if not own:
        return questions
    folder = Path(own)
    if not folder.is_dir():
        raise BadInput(f"KG_QUESTIONS names {own}, which is not a folder; name a folder of .rq files.")
    try:
        added = load(folder)
    except (KGError, OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"A question of KG_QUESTIONS cannot be read: {fault}") from None
    for name, question in added.items():
        if name in questions:
            raise BadInput(f"{folder / name}.rq: another question has this name; choose another.")
        _require_asking(question, folder / f"{name}.rq")
    return questions | added


def _require_asking(question: Question, file: Path) -> None:
    """Raise BadInput for a query that does not parse, is no SELECT, or cannot take its parameters."""
    from kg.query.evaluation import evaluate  # late, so that the server starts quickly

    unbound = job(question, bindings(question, question.examples), None, labelling=Labelling())
    try:
        result = evaluate(Contents(Oxigraph(scratch.filled()), 0), unbound._replace(required=())).result
    except KGError as fault:
        raise BadInput(f"{file}: {fault.detail}", **fault.extra) from None
    if not isinstance(result, QuerySolutions):
        raise BadInput(f"{file}: a question must be a SELECT query; its rows are the answer.")


def find(name: str, questions: Mapping[str, Question]) -> Question:
    """Return the question of that name; NotFound suggests the nearest names."""
    if name in questions:
        return questions[name]
    from difflib import get_close_matches

    near = get_close_matches(name, questions, n=3, cutoff=0.4)
    hint = f"Did you mean {' or '.join(near)}?" if near else "All are listed by kg ask and at /questions."
    raise NotFound(f"There is no question named {name!r}. {hint}")


@dataclass(frozen=True)
class Binding:
    """A parameter with the term of its value, and how the value was read if it was not a term.

    ``if_nowhere`` is the error message for a graph that does not name the thing.
    """

    parameter: Parameter
    term: Object
    understood: str | None = None
    if_nowhere: str = ""


NONE_NAMED: Mapping[str, tuple[str, str]] = MappingProxyType({})


def bind(question: Question, values: Mapping[str, str]) -> dict[Variable, Object]:
    """Return the terms to substitute for values; raises BadInput for unknown, missing and invalid ones."""
    return {Variable(each.parameter.name): each.term for each in bindings(question, values)}


def bindings(
    question: Question, values: Mapping[str, str], names: Mapping[str, tuple[str, str]] = NONE_NAMED
) -> list[Binding]:
    """Return the binding of each value, which also says how the value was read.

    ``names`` gives the IRI and the label of each thing that a parameter names otherwise than by its IRI.
    """
    found = []
    for parameter, text in given(question, values):
        iri, label = names.get(parameter.name, (None, None))
        term = NamedNode(iri) if iri else parameter.term(text)
        reading = understood(parameter, text, term, label)
        found.append(Binding(parameter, term, reading, _nowhere(parameter, text, term)))
    return found


def _nowhere(parameter: Parameter, text: str, term: Object) -> str:
    """Return the message that nothing in the graph names a thing."""
    iri = f" ({compact(term.value)})" if isinstance(term, NamedNode) and text != compact(term.value) else ""
    return f"The parameter '{parameter.name}' names nothing in the graph: {text.strip()[:200]!r}{iri}."


def given(question: Question, values: Mapping[str, str]) -> list[tuple[Parameter, str]]:
    """Return the text of each parameter, or its default; raises BadInput for unknown and missing ones."""
    names = [parameter.name for parameter in question.params]
    if unknown := sorted(set(values) - set(names)):
        expected = ", ".join(names) or "it has none"
        raise BadInput(f"{question.name} has no parameter '{unknown[0]}'; its parameters: {expected}.")
    texts = []
    for parameter in question.params:
        text = values.get(parameter.name, parameter.default)
        if text is None:
            example = f"{parameter.asked_for}, for example {parameter.name}={parameter.example}"
            raise BadInput(f"{question.name} needs the parameter '{parameter.name}', {example}.")
        texts.append((parameter, text))
    return texts


def job(
    question: Question,
    bound: Sequence[Binding],
    accept: str | None,
    *,
    labelling: Labelling,
    as_of: str | None = None,
    directory: Path | None = None,
) -> QueryJob:
    """Return the job for a question; its answer leaves out the parameters, which the caller knows.

    If a data ``directory`` is given, a question that has SQL is asked of its columnar projection.
    """
    tables = None
    if question.sql is not None and directory is not None:
        tables = TableQuery(question.sql, str(directory), question.labels or ())
    return QueryJob(
        question.text,
        accept,
        bindings={Variable(each.parameter.name): each.term for each in bound},
        as_of=as_of,
        labelling=labelling._replace(columns=question.labels, hidden=tuple(question.examples)),
        required=tuple(
            (each.term.value, each.if_nowhere) for each in bound if isinstance(each.term, NamedNode)
        ),
        understood=tuple(each.understood for each in bound if each.understood),
        stem=question.name,
        tables=tables,
    )


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
                raise ValueError("a header line follows the text of the query; move it to the top")
        except ValueError as error:
            raise KGError(f"{file}:{number}: {error}.") from None
    if fault := header.fault("\n".join(lines[end:])):
        raise KGError(f"{file}:{end or 1}: {fault}.")
    fields = header.fields
    labels = _listed(fields["labels"]) if "labels" in fields else None
    return Question(
        file.stem,
        fields["question"],
        tuple(header.params),
        fields["returns"],
        _listed(fields.get("tags", "")),
        text,
        labels,
        translations=header.translations,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in text.split(",") if entry.strip())


class _Header:
    """The header lines read so far."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.params: list[Parameter] = []

    def take(self, line: str) -> None:
        """Read one more line; raises ValueError."""
        match = HEADER_LINE.fullmatch(line)
        if not match:
            raise ValueError("a header line is written '#+ key: value'")
        indent, key, value = match[1], match[2], match[3] or ""
        if len(indent) > 1:
            self._take_parameter(key, value)
        else:
            self._take_field(key, value)

    def _take_field(self, key: str, value: str) -> None:
        if key not in KEYS and not TRANSLATED.fullmatch(key):
            raise ValueError(f"unknown key '{key}'; the keys are {', '.join(KEYS)}")
        if key in self.fields:
            raise ValueError(f"the key '{key}' is given twice")
        if key == "params" and value not in ("", "{}"):
            raise ValueError("each parameter needs its own line below 'params:'")
        if key != "params" and not value:
            raise ValueError(f"the key '{key}' has no value")
        self.fields[key] = value

    def _take_parameter(self, name: str, value: str) -> None:
        if list(self.fields)[-1:] != ["params"]:
            raise ValueError("only parameters are indented, and they follow 'params:'")
        if name in {parameter.name for parameter in self.params}:
            raise ValueError(f"the parameter '{name}' is given twice")
        self.params.append(_read_parameter(name, value))

    @property
    def translations(self) -> dict[str, tuple[str, str]]:
        """The question and the meaning of a row, by language."""
        return {
            found[2]: (self.fields[f"question_{found[2]}"], self.fields[f"returns_{found[2]}"])
            for found in map(TRANSLATED.fullmatch, self.fields)
            if found and found[1] == "question"
        }

    def fault(self, query: str) -> str | None:
        """Return the fault that no single line shows; None if there is none."""
        for key in ("question", "returns"):
            if key not in self.fields:
                return f"the header lacks '{key}'"
        for found in filter(None, map(TRANSLATED.fullmatch, self.fields)):
            other = {"question": "returns", "returns": "question"}[found[1]]
            if f"{other}_{found[2]}" not in self.fields:
                return f"the header has '{found[0]}' and lacks '{other}_{found[2]}'"
        for parameter in self.params:
            if not re.search(rf"[?$]{parameter.name}\b", query):
                return f"the query does not use the parameter ?{parameter.name}"
        for name in _listed(self.fields.get("labels", "")):
            if name not in re.findall(r"[?$](\w+)", query):
                return f"the query has no column ?{name} to label"
        return None


def _read_parameter(name: str, value: str) -> Parameter:
    """Read ``{type: iri, example: dipid:x}``; raises ValueError."""
    entries = _read_map(value)
    if unknown := sorted(set(entries) - set(PARAMETER_KEYS)):
        raise ValueError(
            f"unknown key '{unknown[0]}' of a parameter; the keys are {', '.join(PARAMETER_KEYS)}"
        )
    for key in ("type", "example"):
        if key not in entries:
            raise ValueError(f"the parameter '{name}' lacks '{key}'")
    if entries["type"] not in READERS:
        raise ValueError(f"unknown type '{entries['type']}'; the types are {', '.join(READERS)}")
    if name in RESERVED:
        raise ValueError(
            f"'{name}' is a reserved name, because every question accepts it; rename the parameter"
        )
    _check_kind(entries)
    rest = (entries.get(key) for key in ("default", "class", "bound"))
    parameter = Parameter(name, entries["type"], entries["example"], *rest)
    for text in (parameter.example, parameter.default):
        if text is not None:
            READERS[parameter.type](text, parameter)
    return parameter


def _check_kind(entries: Mapping[str, str]) -> None:
    """Raise ValueError for a class of a type other than IRI, and for an invalid bound."""
    if "class" in entries:
        expand(entries["class"])
        if entries["type"] != "iri":
            raise ValueError(f"only an iri parameter can have a class, not a {entries['type']}")
    if entries.get("bound", BOUNDS[0]) not in BOUNDS:
        raise ValueError(f"a bound is {' or '.join(BOUNDS)}, not '{entries['bound']}'")
    if "bound" in entries and entries["type"] != "date":
        raise ValueError(f"only a date parameter can have a bound, not a {entries['type']}")


def _read_map(text: str) -> dict[str, str]:
    """Read a map written in one line; a value with a comma or a brace is in double quotes."""
    if not (text.startswith("{") and text.endswith("}")):
        raise ValueError("a parameter is written 'name: {type: ..., example: ...}'")
    entries: dict[str, str] = {}
    inner, position = text[1:-1], 0
    while position < len(inner):
        match = MAP_ENTRY.match(inner, position)
        if not match:
            raise ValueError(f"cannot read {inner[position:].strip()!r}; an entry is written 'key: value'")
        if match[1] in entries:
            raise ValueError(f"the key '{match[1]}' is given twice")
        entries[match[1]] = match[3] if match[2] is None else match[2]
        position = match.end()
    return entries
