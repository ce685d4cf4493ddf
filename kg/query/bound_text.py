"""Text of a saved question with its parameter values inserted, to run at any endpoint."""

from collections.abc import Mapping

from pyoxigraph import NamedNode, Variable

from kg import iris, scanner
from kg.changes import Object
from kg.query.questions import Question


def bound_text(question: Question, bindings: Mapping[Variable, Object]) -> str:
    """Return the query with its values as VALUES at the start of the pattern.

    The header becomes a comment. The values join the whole pattern, and each parameter is among the selected
    variables.
    """
    lines = [line for line in question.text.split("\n") if not line.startswith("#+")]
    text = f"# {question.question}\n" + "\n".join(lines).lstrip("\n")
    if not bindings:
        return text
    names = " ".join(f"?{variable.value}" for variable in bindings)
    terms = " ".join(_written(term) for term in bindings.values())
    opening = next(token for token in scanner.tokens(text) if token.text == "{")
    return f"{text[: opening.end]}\n    VALUES ({names}) {{ ({terms}) }}{text[opening.end :]}"


def _written(term: Object) -> str:
    """Return a term in SPARQL syntax, with one of our prefixes, which a query need not declare."""
    return iris.compact(term.value) if isinstance(term, NamedNode) else str(term)
