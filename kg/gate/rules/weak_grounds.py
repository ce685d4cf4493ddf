"""Rule on weak evidence: warnings for a headline, an outlet of one side, or a name without a passage.

The rule checks the facts that a change adds. An outlet belongs to a side if it speaks for an actor or is part
of one. It is unknown if no source but its own names it. An actor that a known text names needs a passage of
that text, except states and regions, which a text rarely names by name alone.
"""

from collections.abc import Iterator
from itertools import islice

from pyoxigraph import Literal

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.rules.texts import comparable
from kg.iris import SHAPES
from kg.terms import DIP, DIPK, RDF, RDFS, SKOS

OUTLET_OF_A_SIDE = SHAPES + "outlet-of-one-side"
UNKNOWN_OUTLET = SHAPES + "outlet-known-by-itself"
NAMED_WITHOUT_WORDS = SHAPES + "actor-without-passage"
HEADLINE = SHAPES + "headline-alone"

_GROUNDS = frozenset({DIPK.OWN_VOICE, DIPK.ANNOUNCED_BY_PERFORMER})
_KNOWN_ANYWAY = frozenset({DIP.REGION, DIP.STATE})
_MOST = 100
"""Maximum number of a new actor's links, and of a text's passages, that are read."""


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield warnings for new happenings with weak evidence, and for new actors that no passage names."""
    reported = dict.fromkeys(quad.object for quad in overlay.added if quad.predicate == DIP.REPORTS)
    for record in reported:
        if DIP.HAPPENING in overlay.classes(record):
            yield from _of_happening(overlay, record)
    grounded = (quad.subject for quad in overlay.added if quad.predicate in (DIP.BASED_ON, DIP.FOUND_IN))
    for report in dict.fromkeys(grounded):
        yield from _of_headline(overlay, report)
    for node in dict.fromkeys(quad.subject for quad in overlay.added if quad.predicate == RDF.TYPE):
        classes = overlay.classes(node)
        if DIP.ACTOR in classes and classes.isdisjoint(_KNOWN_ANYWAY):
            yield from _of_actor(overlay, node)


def _of_happening(overlay: Overlay, happening: Term) -> Iterator[Violation]:
    grounds = [
        report
        for report in overlay.subjects(DIP.REPORTS, happening)
        if not _GROUNDS.isdisjoint(overlay.objects(report, DIP.BASED_ON))
    ]
    outlets = dict.fromkeys(publisher for report in grounds for publisher in _publishers(overlay, report))
    if not outlets or any(DIP.OUTLET not in overlay.classes(outlet) for outlet in outlets):
        return
    sides = [_side(overlay, outlet) for outlet in outlets]
    if all(sides) and sides[0]:
        yield _warning(happening, OUTLET_OF_A_SIDE, next(iter(outlets)), display(sides[0]))
    elif not any(
        overlay.objects(report, DIP.QUOTES) or _is_named_elsewhere(overlay, outlet)
        for report in grounds
        for outlet in _publishers(overlay, report)
    ):
        yield _warning(happening, UNKNOWN_OUTLET, next(iter(outlets)))


def _of_headline(overlay: Overlay, report: Term) -> Iterator[Violation]:
    if DIPK.OWN_VOICE in overlay.objects(report, DIP.BASED_ON):
        for source in overlay.objects(report, DIP.FOUND_IN):
            if DIPK.HEADLINE in overlay.objects(source, DIP.HAS_KIND):
                yield _warning(report, HEADLINE, source)


def _publishers(overlay: Overlay, report: Term) -> Iterator[Term]:
    for source in overlay.objects(report, DIP.FOUND_IN):
        yield from overlay.objects(source, DIP.PUBLISHED_BY)


def _side(overlay: Overlay, outlet: Term) -> Term | None:
    sides = (*overlay.objects(outlet, DIP.SPEAKS_FOR), *overlay.objects(outlet, DIP.PART_OF))
    return next((side for side in sides if DIP.OUTLET not in overlay.classes(side)), None)


def _is_named_elsewhere(overlay: Overlay, outlet: Term) -> bool:
    return any(
        set(overlay.objects(source, DIP.PUBLISHED_BY)) != {outlet}
        for source in overlay.objects(outlet, DIP.FOUND_IN)
    )


def _of_actor(overlay: Overlay, actor: Term) -> Iterator[Violation]:
    """Warn of each known text that names an actor according to the facts, but in none of its passages."""
    for source in overlay.objects(actor, DIP.FOUND_IN):
        is_of_another = actor not in overlay.objects(source, DIP.PUBLISHED_BY)
        is_known = is_of_another and bool(overlay.objects(source, DIP.TEXT_HASH))
        if is_known and not any(names(overlay, actor, source) for names in _NAMING):
            yield _warning(actor, NAMED_WITHOUT_WORDS, source)


def _has_part(overlay: Overlay, actor: Term, source: Term) -> bool:
    """Return whether a report quotes the source for an actor, or for a record in which it has a part."""
    links = islice(overlay.quads_for_pattern(None, None, actor), _MOST)
    records = dict.fromkeys((actor, *(quad.subject for quad in links)))
    further = [
        above
        for record in records
        for link in (DIP.ADVANCES, DIP.HOLDS_OUT, DIP.ASKS_FOR, DIP.REFUSES, DIP.HOLDS_OFFICE)
        for above in overlay.subjects(link, record)
    ]
    return any(
        source in overlay.objects(report, DIP.FOUND_IN) and overlay.objects(report, DIP.QUOTES)
        for record in (*records, *further)
        for report in (record, *overlay.subjects(DIP.REPORTS, record))
    )


def _is_named_in(overlay: Overlay, actor: Term, source: Term) -> bool:
    names = {
        comparable(name.value)
        for predicate in (RDFS.LABEL, SKOS.ALT_LABEL)
        for name in overlay.objects(actor, predicate)
        if isinstance(name, Literal)
    }
    passages = overlay.subjects(DIP.OCCURS_IN, source)
    if len(passages) > _MOST:
        return True  # too many to read: one of them may name it
    texts = (comparable(_with_its_surroundings(overlay, passage)) for passage in passages)
    return any(name and name in text for text in texts for name in names)


def _with_its_surroundings(overlay: Overlay, passage: Term) -> str:
    parts = (overlay.objects(passage, part) for part in (DIP.PREFIX, DIP.EXACT_TEXT, DIP.SUFFIX))
    return "".join(text.value for texts in parts for text in texts if isinstance(text, Literal))


def _is_cited(overlay: Overlay, actor: Term, source: Term) -> bool:
    """Return whether a text cites a source that the actor published."""
    return any(
        actor in overlay.objects(cited, DIP.PUBLISHED_BY) for cited in overlay.objects(source, DIP.CITES)
    )


_NAMING = (_is_cited, _has_part, _is_named_in)
"""Tests for whether a text names an actor, the fastest first."""


def _warning(focus: Term, rule: str, value: Term, *parts: str) -> Violation:
    message = {language: text.format(display(value), *parts) for language, text in _MESSAGES[rule].items()}
    return Violation(focus=focus, rule=rule, message=message, value=value, severity="warning")


_MESSAGES = {
    HEADLINE: {
        "en": "of this source only the headline is known, and a headline leaves out who says so and with "
        "what reserve: report this from the text, or from the source that cites the headline",
        "es": "de esta fuente solo se conoce el titular, y un titular omite quién lo dice y con qué "
        "reserva: deje constancia de esto a partir del texto o de la fuente que cita el titular",
    },
    OUTLET_OF_A_SIDE: {
        "en": "the only evidence is {0}, an outlet of {1}, which speaks for one side; find"
        " another source, or record its words as a dip:Statement with a dip:Claim",
        "es": "el único fundamento es {0}, un medio de {1}: el medio de una parte dice lo que dice esa parte;"
        " busque otra fuente o registre sus palabras como dip:Statement con una dip:Claim",
    },
    UNKNOWN_OUTLET: {
        "en": "the only evidence is {0}, an outlet that no other publisher's source names, and "
        "no passage is quoted;"
        " quote its words (dip:quotes), and add a source that names the outlet (dip:foundIn)",
        "es": "el único fundamento es {0}, un medio que ninguna otra fuente nombra, y no se cita ningún"
        " pasaje; cite sus palabras (dip:quotes) y añada una fuente que nombre el medio (dip:foundIn)",
    },
    NAMED_WITHOUT_WORDS: {
        "en": "{0} is a known text, and no passage quoted of it is seen to name this actor; report the actor"
        " with the words that do (dip:reports, dip:quotes)",
        "es": "{0} es un texto conocido y ningún pasaje citado de él nombra a este actor; deje constancia del"
        " actor con las palabras que lo hacen (dip:reports, dip:quotes)",
    },
}
