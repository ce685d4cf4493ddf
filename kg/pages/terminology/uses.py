"""Uses of the ontology by the saved questions: which question names which term."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from kg import iris
from kg.query.questions import Question
from kg.query.unknown_terms import names_in


class QuestionUse(NamedTuple):
    """A question that names a term, with its sentence in each language."""

    name: str
    sentences: Mapping[str, str]

    def translated(self, language: str) -> str:
        """Return the question in a language if it is translated, else in English."""
        return self.sentences.get(language, self.sentences["en"])


def uses(questions: Iterable[Question], iri: str) -> tuple[QuestionUse, ...]:
    """Return the questions whose query or parameters name a term."""
    return tuple(
        QuestionUse(each.name, {"en": each.question, **each.in_other_languages})
        for each in questions
        if iri in _terms(each.text) or any(iris.expand(p.of_class) == iri for p in each.params if p.of_class)
    )


@lru_cache(1000)
def _terms(text: str) -> frozenset[str]:
    return frozenset(names_in(text))
