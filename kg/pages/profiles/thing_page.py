"""Page of a thing: its profile by class, then its sources, then all triples, folded."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from kg.gate.dates.calendar import Day
from kg.pages import about, grounds, layers
from kg.pages.about import Askable
from kg.pages.profiles import actor, claim, event, source, statement, submission, triples
from kg.pages.profiles.reading import ProfileReader
from kg.pages.remembered import Remembered
from kg.pages.rendering import Style
from kg.pages.stories import gesture
from kg.pages.terminology import term
from kg.pages.terminology.uses import QuestionUse
from kg.store.log import CommitLog
from kg.store.store import Contents
from kg.terms import DIP


@dataclass(frozen=True)
class ThingRequest:
    """A thing, the day for its offices, and the start of its long section."""

    iri: str
    on: str | None = None
    start: int = 0
    asks: tuple[Askable, ...] = field(default=(), repr=False)
    """The questions with a parameter for a thing."""
    uses: tuple[QuestionUse, ...] = field(default=(), repr=False)
    """The questions that name the thing, if it is a term."""

    @property
    def day(self) -> Day | None:
        """The requested day."""
        return Day.read(self.on) if self.on else None


_Read = Callable[[ProfileReader, NamedNode, ThingRequest, CommitLog], object]
_PROFILES: Mapping[NamedNode, tuple[str, _Read]] = {
    DIP.SUBMISSION: (
        "submission.html",
        lambda reader, node, thing_request, log: submission.profile(reader, node, log, thing_request.start),
    ),
    DIP.CLAIM: ("claim.html", lambda reader, node, *_: claim.profile(reader, node)),
    DIP.STATEMENT: ("statement.html", lambda reader, node, *_: statement.profile(reader, node)),
    DIP.HAPPENING: ("event.html", lambda reader, node, *_: event.profile(reader, node)),
    DIP.SOURCE: (
        "source.html",
        lambda reader, node, thing_request, _: source.profile(reader, node, thing_request.start),
    ),
    DIP.ACTOR: (
        "actor.html",
        lambda reader, node, thing_request, _: actor.profile(
            reader, node, thing_request.day, thing_request.start
        ),
    ),
    **dict.fromkeys(term.SORTS, ("term.html", lambda reader, node, *_: term.profile(reader, node))),
}
"""Template and reader for each class of things; the first match applies."""


def write(style: Style, thing_request: ThingRequest, log: CommitLog, contents: Contents) -> Iterator[bytes]:
    """Yield the page; raises NotFound for an unknown thing, Withdrawn for a withdrawn one."""
    cells = style.cells(Remembered(contents))
    reader, node = ProfileReader(cells), NamedNode(thing_request.iri)
    triples_by_graph = triples.by_graph(reader, node)
    all_triples = triples.read(reader, node, triples_by_graph, style.root, log)
    classes = reader.classes(node)
    template, read = next(
        (_PROFILES[each] for each in _PROFILES if each in classes), ("thing.html", _nothing_more)
    )
    name, place = cells.cell(node), layers.placed(cells, node, style.root)
    yield style.text(
        template,
        asked=thing_request,
        iri=thing_request.iri,
        name=name,
        placement=place,
        about=about.about(style, thing_request.asks, node, name, place, classes, contents.version),
        kinds=reader.cells(node, DIP.HAS_KIND),
        claimants=grounds.claimants(cells, node),
        profile=read(reader, node, thing_request, log),
        cards=gesture.cards(cells, node) if DIP.GESTURE in classes else [],
        is_hedged=DIP.HAPPENING in classes and event.is_reported_only(reader, node),
        is_claimed=reader.is_claimed(node),
        parts=grounds.parts(cells, node, triples_by_graph),
        reports=reader.pointing_nodes(node, DIP.REPORTS),
        triples=all_triples,
        uses=[
            (each.translated(style.language), f"{style.root}questions/{each.name}")
            for each in thing_request.uses
        ],
        version=contents.version,
    ).encode()


def _nothing_more(*_: object) -> None:
    return None
