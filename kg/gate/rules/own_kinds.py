"""Rule on a submission's own kinds: concepts of the data space below a kind of an open list.

A list is open if a shape reaches its members through ``skos:broader``. Such a concept needs a type, a name
and a definition, exactly one broader concept, and must not be below a kind that only claims may use.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from pyoxigraph import NamedNode, Quad

from kg import scratch
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.shacl.paths import Repeat, Sequence, Step, walk
from kg.iris import DATA, KINDS, SHAPES
from kg.terms import DIPK, RDF, RDFS, SH, SKOS

RULE = SHAPES + "own-kind"

_DESCRIBED_BY = frozenset({RDF.TYPE, RDFS.LABEL, SKOS.PREF_LABEL, SKOS.DEFINITION, SKOS.BROADER})
_ABOVE = Repeat(Step(SKOS.BROADER), 0)
_LISTS = Sequence((_ABOVE, Step(SKOS.IN_SCHEME)))
_FOR_CLAIMS_ALONE = DIPK.WRONGFUL_CONDUCT


@dataclass(frozen=True)
class OwnKinds:
    """The open lists."""

    open_lists: frozenset[Term]

    @classmethod
    def of(cls, shapes: Iterable[Quad]) -> Self:
        """Return the open lists from the shapes: the values of the path ``skos:broader*/skos:inScheme``."""
        view = Overlay(scratch.filled(shapes))
        found: set[Term] = set()
        for repeat in view.subjects(SH.ZERO_OR_MORE_PATH, SKOS.BROADER):
            for path in view.subjects(RDF.FIRST, repeat):
                rest = view.objects(path, RDF.REST)
                if any(SKOS.IN_SCHEME in view.objects(each, RDF.FIRST) for each in rest):
                    for shape in view.subjects(SH.PATH, path):
                        found.update(view.objects(shape, SH.HAS_VALUE))
        return cls(frozenset(found))

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by the kinds that a change describes, or stops describing."""
        changed = (*overlay.added, *overlay.removed)
        yield from self._of({quad.subject for quad in changed if quad.predicate in _DESCRIBED_BY}, overlay)

    def whole(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by all such kinds of a store."""
        quads = overlay.quads_for_pattern(None, SKOS.BROADER, None)
        yield from self._of({quad.subject for quad in quads}, overlay)

    def _of(self, nodes: Iterable[Term], overlay: Overlay) -> Iterator[Violation]:
        for kind in sorted(nodes, key=str):
            above = [each for each in overlay.objects(kind, SKOS.BROADER) if _is_ours(each)]
            if above and not _begins(kind, KINDS):
                yield from self._faults(kind, above, overlay)

    def _faults(self, kind: Term, above: list[Term], overlay: Overlay) -> Iterator[Violation]:
        if not _begins(kind, DATA):
            yield _violation(kind, above[0], _FOREIGN)
            return
        if SKOS.CONCEPT not in overlay.objects(kind, RDF.TYPE):
            yield _violation(kind, None, _UNTYPED)
        if not overlay.objects(kind, SKOS.PREF_LABEL) and not overlay.objects(kind, RDFS.LABEL):
            yield _violation(kind, None, _UNNAMED)
        if not overlay.objects(kind, SKOS.DEFINITION):
            yield _violation(kind, None, _UNDEFINED)
        if len(above) > 1:
            yield _violation(kind, max(above, key=str), _BELOW_SEVERAL)
        for broader in above:
            start: set[Term] = {broader}
            kinds, lists = walk(overlay, _ABOVE, start), walk(overlay, _LISTS, start)
            if _FOR_CLAIMS_ALONE in kinds:
                yield _violation(kind, broader, _BELOW_A_CLAIM)
            elif self.open_lists.isdisjoint(lists):
                yield _violation(kind, broader, self._of_no_list())

    def _of_no_list(self) -> dict[str, str]:
        lists = [display(each) for each in sorted(self.open_lists, key=str)]
        return {
            "en": f"a kind must have a broader kind in {', '.join(lists[:-1])} or {lists[-1]}, or "
            "below another"
            " such kind that a submission describes; name one with skos:broader",
            "es": f"un tipo está por debajo de un tipo de {', '.join(lists[:-1])} o {lists[-1]}, o de otro"
            " tipo así que describa un envío; nombre uno con skos:broader",
        }


_FOREIGN = {
    "en": "a concept of another vocabulary cannot be below a kind of ours: write skos:broadMatch, or give"
    " a kind of your own a name in the data space (dipid:)",
    "es": "un concepto de otro vocabulario no está por debajo de un tipo nuestro: diga skos:broadMatch o dé a"
    " un tipo propio un nombre del espacio de datos (dipid:)",
}
_UNTYPED = {
    "en": "a kind of your own needs its type: add a skos:Concept",
    "es": "un tipo propio necesita su clase: añada a skos:Concept",
}
_UNNAMED = {
    "en": "a kind of your own needs a name: add skos:prefLabel, at most one in each language",
    "es": "un tipo propio necesita un nombre: añada skos:prefLabel, a lo sumo uno por idioma",
}
_UNDEFINED = {
    "en": "a kind of your own needs a sentence that says what it covers and what it does not: add "
    "skos:definition",
    "es": "un tipo propio necesita una frase que diga qué le corresponde y qué no: añada skos:definition",
}
_BELOW_SEVERAL = {
    "en": "a kind of your own must be below one kind only, so that it is counted once: keep one skos:broader",
    "es": "un tipo propio está por debajo de un solo tipo, para contarlo una vez: deje un solo skos:broader",
}
_BELOW_A_CLAIM = {
    "en": "this kind is for the alleged kind of claims only, and so would be each kind below it: name what"
    " was done by a kind that nobody disputes",
    "es": "este tipo es solo para el tipo aludido de afirmaciones, y lo sería todo tipo por debajo: nombre lo"
    " que se hizo con un tipo que nadie discuta",
}


def _is_ours(node: Term) -> bool:
    return _begins(node, KINDS) or _begins(node, DATA)


def _begins(node: Term, space: str) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(space)


def _violation(kind: Term, value: Term | None, message: dict[str, str]) -> Violation:
    return Violation(kind, RULE, message, Step(SKOS.BROADER), value)
