"""Rule on borrowed words: a warning if a new value rests on words that another submission already quoted.

To add a performer, a denial or an outcome to another submission's record, a submission needs a report of its
own. If that report quotes only words that were already quoted for the record, it shows nothing new: either a
note must say how the value follows from them, or other words are needed. The rule checks the values that a
change adds to records that existed before.
"""

from collections.abc import Iterator

from pyoxigraph import Quad

from kg.changes import GraphName, Subject
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.iris import SHAPES
from kg.terms import DIP

RULE = SHAPES + "words-quoted-already"

_WHO_AND_WHAT = frozenset(
    {
        *(DIP.PERFORMED_BY, DIP.GIVEN_BY, DIP.RECEIVED_BY, DIP.MADE_BY, DIP.INVOLVES),
        *(DIP.OUTCOME, DIP.DENIES, DIP.ANNOUNCES),
    }
)


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield a warning for each value added with words that were already quoted for its record."""
    additions: dict[tuple[Subject, GraphName], list[Quad]] = {}
    for quad in overlay.added:
        if _is_addition(overlay, quad):
            additions.setdefault((quad.subject, quad.graph_name), []).append(quad)
    for pair, added in additions.items():
        if passage := _quoted_already(overlay, *pair):
            yield _warning(added, passage)


def _is_addition(overlay: Overlay, quad: Quad) -> bool:
    return (
        quad.predicate in _WHO_AND_WHAT
        and overlay.was_described(quad.subject)
        and not overlay.had(quad.subject, quad.predicate, quad.object)
    )


def _quoted_already(overlay: Overlay, record: Subject, graph: GraphName) -> Term | None:
    """Return a graph's passage for a record if all were quoted before and no note explains them."""
    reports = [quad.subject for quad in overlay.quads_for_pattern(None, DIP.REPORTS, record, graph)]
    own = [report for report in reports if not overlay.was_described(report)]
    if any(overlay.objects(report, DIP.INFERENCE_NOTE) for report in own):
        return None
    passages = [passage for report in own for passage in overlay.objects(report, DIP.QUOTES)]
    if passages and all(_was_quoted(overlay, passage, record) for passage in passages):
        return passages[0]
    return None


def _was_quoted(overlay: Overlay, passage: Term, record: Subject) -> bool:
    """Return whether another report already quoted a passage's words for a record, under any passage name."""
    return any(
        overlay.was_described(report) and overlay.had(report, DIP.REPORTS, record)
        for same in _of_same_words(overlay, passage)
        for report in overlay.subjects(DIP.QUOTES, same)
    )


def _of_same_words(overlay: Overlay, passage: Term) -> Iterator[Term]:
    yield passage
    sources = set(overlay.objects(passage, DIP.OCCURS_IN))
    for words in overlay.objects(passage, DIP.EXACT_TEXT):
        for same in overlay.subjects(DIP.EXACT_TEXT, words):
            if not sources.isdisjoint(overlay.objects(same, DIP.OCCURS_IN)):
                yield same


def _warning(added: list[Quad], passage: Term) -> Violation:
    properties, words = ", ".join(sorted({display(quad.predicate) for quad in added})), display(passage)
    return Violation(
        focus=added[0].subject,
        rule=RULE,
        severity="warning",
        message={
            "en": f"the report that supports this addition ({properties}) quotes only words that "
            "were quoted for "
            f"this record before ({words}): quote the words that say this, or say in a "
            "dip:inferenceNote how it follows",
            "es": f"la constancia de lo añadido aquí ({properties}) solo cita palabras que ya se citaban "
            f"para este registro ({words}): cite las palabras que lo dicen o explique en una "
            "dip:inferenceNote cómo se deduce",
        },
    )
