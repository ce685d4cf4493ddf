"""Saved questions as Python callables, each with its parameters, signature and docstring."""

from collections.abc import Iterator, Mapping
from html import escape
from inspect import Parameter as Argument
from inspect import Signature
from typing import Protocol

from kg.client.results import Result
from kg.query.parameters import Parameter
from kg.query.questions import Question


class Ask(Protocol):
    """Asks a saved question by its name."""

    def __call__(
        self,
        name: str,
        /,
        *,
        as_of: str | None = None,
        labels: str = "on",
        lang: str = "en",
        **values: object,
    ) -> Result:
        """Return the answer; parameters are keywords."""
        ...


class QuestionCall:
    """A saved question of a graph: call it with its parameters as keywords.

    ``name``, ``question`` (a sentence), ``params``, ``returns`` and ``text`` (the query) describe it.
    """

    def __init__(self, question: Question, ask: Ask) -> None:
        self._ask = ask
        self.name = question.name
        self.question = question.question
        self.params = question.params
        self.returns = question.returns
        self.text = question.text
        self.__signature__ = _signature(question.params)
        self.__doc__ = _docstring(question)

    def __call__(
        self, *, as_of: str | None = None, labels: str = "on", lang: str = "en", **values: object
    ) -> Result:
        """Return the answer; ``labels`` and ``lang`` are as in ``Graph.query``."""
        return self._ask(self.name, as_of=as_of, labels=labels, lang=lang, **values)

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(map(_brief, self.params))}): {self.question}"


class Questions(Mapping[str, QuestionCall]):
    """The saved questions by name; each is an attribute too, with ``_`` for ``-``."""

    def __init__(self, questions: Mapping[str, Question], ask: Ask) -> None:
        self._calls = {name: QuestionCall(question, ask) for name, question in questions.items()}

    def __getitem__(self, name: str) -> QuestionCall:
        return self._calls[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._calls)

    def __len__(self) -> int:
        return len(self._calls)

    def __getattr__(self, name: str) -> QuestionCall:
        call = vars(self).get("_calls", {}).get(name.replace("_", "-"))
        if call is None:
            raise AttributeError(f"There is no question {name!r}; the names are those of graph.questions().")
        assert isinstance(call, QuestionCall)
        return call

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name.replace("-", "_") for name in self._calls)]

    def __repr__(self) -> str:
        return "\n".join(map(repr, self._calls.values())) or "no questions"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>{escape(call.name)}</code></td><td>{escape(call.question)}</td>"
            f"<td>{escape(', '.join(map(_brief, call.params)))}</td></tr>"
            for call in self._calls.values()
        )
        head = "<tr><th>question</th><th>asks</th><th>parameters, with an example</th></tr>"
        return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _brief(parameter: Parameter) -> str:
    """Describe a parameter in one phrase.

    >>> _brief(Parameter("since", "date", "2026-01-01", "1900-01-01"))
    'since: date = 1900-01-01'
    >>> _brief(Parameter("actor", "iri", "dipid:gustavo-petro"))
    'actor: iri, as dipid:gustavo-petro'
    """
    value_note = f", as {parameter.example}" if parameter.default is None else f" = {parameter.default}"
    return f"{parameter.name}: {parameter.type}{value_note}"


def _signature(params: tuple[Parameter, ...]) -> Signature:
    """Return the signature of a question: its own parameters by keyword, then those of ``Graph.ask``."""
    arguments = [
        Argument(
            parameter.name,
            Argument.KEYWORD_ONLY,
            default=Argument.empty if parameter.default is None else parameter.default,
            annotation=int if parameter.type == "integer" else str,
        )
        for parameter in params
    ]
    general = [
        Argument("as_of", Argument.KEYWORD_ONLY, default=None, annotation=str | None),
        Argument("labels", Argument.KEYWORD_ONLY, default="on", annotation=str),
        Argument("lang", Argument.KEYWORD_ONLY, default="en", annotation=str),
    ]
    return Signature([*arguments, *general], return_annotation=Result)


def _line(parameter: Parameter) -> str:
    default = "" if parameter.default is None else f"; {parameter.default} if left out"
    return f"  {parameter.name}: {parameter.asked_for}, such as {parameter.example}{default}"


def _docstring(question: Question) -> str:
    parts = [question.question, *map(_line, question.params)]
    return "\n".join([*parts, f"Returns {question.returns}."])
