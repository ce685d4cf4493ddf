"""Evidence for each kind of record in a graph: a report of it, or of a record that carries it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import cache

from kg.changes import GraphName, Subject
from kg.gate.overlay import Overlay, Term
from kg.gate.rules.describers import Describers
from kg.terms import DIP, DIPK

ABOUT_ACTS = (DIP.ANNOUNCES, DIP.APPLIES_TO, DIP.ASKS_FOR, DIP.HOLDS_OUT, DIP.PREDICTS, DIP.REFUSES)
"""Properties that link a statement, judgement, refusal or status to the act that it is about."""
_ITS_OWN_WORD = frozenset({DIPK.OWN_VOICE, DIPK.ANNOUNCED_BY_PERFORMER})


class RecordKind(Enum):
    """A kind of record, by the evidence it needs."""

    REPORTED = "a report"
    CODED = "a report of its coding run"
    HAPPENING = "a report of a source that says so in its own voice"
    CLAIM = "a statement that advances it"
    ACT = "a statement, judgement, refusal or status about it"
    ACCOUNT = "the statement in which it is given"
    POINT = "a claim, account or version that it disputes"
    ACTOR = "a report, needed only for its ties"
    NAMED = "no evidence needed; others may add names"
    OWN = "no evidence needed; nobody may add to it"

    @property
    def is_extendable(self) -> bool:
        """Whether a graph with evidence of its own may add to a record that another graph describes."""
        return self in _EXTENDABLE


_EXTENDABLE = frozenset(
    {
        *(RecordKind.REPORTED, RecordKind.CODED, RecordKind.HAPPENING),
        *(RecordKind.ACT, RecordKind.POINT, RecordKind.ACTOR),
    }
)
_KINDS: Mapping[Term, RecordKind] = {
    DIP.HAPPENING: RecordKind.HAPPENING,
    DIP.PARTICIPATION: RecordKind.HAPPENING,
    DIP.IDENTITY_JUDGEMENT: RecordKind.OWN,
    DIP.CODED_OCCURRENCE: RecordKind.CODED,
    DIP.CODED_MENTION: RecordKind.CODED,
    DIP.STATEMENT: RecordKind.REPORTED,
    DIP.ASSESSMENT: RecordKind.REPORTED,
    DIP.OFFICE_HOLDING: RecordKind.REPORTED,
    DIP.STATUS_RECORD: RecordKind.REPORTED,
    DIP.CLAIM: RecordKind.CLAIM,
    DIP.PROSPECTIVE_ACT: RecordKind.ACT,
    DIP.ACCOUNT: RecordKind.ACCOUNT,
    DIP.DISPUTED_POINT: RecordKind.POINT,
    DIP.ACTOR: RecordKind.ACTOR,
    DIP.OFFICE: RecordKind.NAMED,
    DIP.PLACE: RecordKind.NAMED,
    DIP.SOURCE: RecordKind.NAMED,
    DIP.REPORT: RecordKind.OWN,
    DIP.PASSAGE: RecordKind.OWN,
    DIP.TIME_SPAN: RecordKind.OWN,
    DIP.QUANTITY: RecordKind.OWN,
    DIP.SYMBOLIC_OBJECT: RecordKind.OWN,
    DIP.INSCRIPTION: RecordKind.OWN,
}
"""The kind of record by class; for a record with several classes the first entry decides."""


def kind_of(record: Term, overlay: Overlay) -> RecordKind | None:
    """Return the kind of a record; None for any other node."""
    return _kind_of(overlay.classes(record))


@cache
def _kind_of(classes: frozenset[Term]) -> RecordKind | None:
    return next((kind for class_, kind in _KINDS.items() if class_ in classes), None)


class Grounds:
    """The evidence for records on one view of the store."""

    def __init__(self, overlay: Overlay, describers: Describers) -> None:
        self._overlay = overlay
        self._describers = describers
        self._known: dict[tuple[Term, GraphName], bool] = {}
        self._rules: Mapping[RecordKind, Callable[[Subject, GraphName], bool]] = {
            RecordKind.ACCOUNT: self._is_given_account,
            RecordKind.NAMED: describers.is_first,
            RecordKind.OWN: describers.is_first,
        }

    def holds(self, record: Term, graph: GraphName) -> bool:
        """Return whether a graph holds evidence for a record."""
        key = record, graph
        if key not in self._known:
            self._known[key] = self._is_borne_out(record, graph)
        return self._known[key]

    def _is_borne_out(self, record: Term, graph: GraphName) -> bool:
        kind = kind_of(record, self._overlay)
        if kind is None:
            return False
        if kind in self._rules:
            return self._rules[kind](record, graph)  # type: ignore[arg-type]  # a literal has no class
        if kind in _REPORTED:
            return any(self._own_reports(record, graph))
        return any(self.holds(carrier, graph) for carrier in self._carriers(record, kind))

    def _own_reports(self, record: Term, graph: GraphName | None) -> Iterator[GraphName]:
        """Yield the graph of each valid report of a record, in one graph or, with None, in any."""
        is_happening = kind_of(record, self._overlay) is RecordKind.HAPPENING
        for quad in self._overlay.quads_for_pattern(None, DIP.REPORTS, record, graph):
            report, home = quad.subject, quad.graph_name
            if graph is not None and not self._describers.is_first(report, graph):
                continue
            if not is_happening or self._speaks_for_itself(report, graph):
                yield home

    def _speaks_for_itself(self, report: Subject, graph: GraphName | None) -> bool:
        based = self._overlay.quads_for_pattern(report, DIP.BASED_ON, None, graph)
        return any(quad.object in _ITS_OWN_WORD for quad in based)

    def _carriers(self, record: Term, kind: RecordKind) -> Iterator[Term]:
        """Yield the records that carry a claim, act, point or row, and whose evidence counts for it."""
        if kind is RecordKind.POINT:
            found = [*self._overlay.objects(record, DIP.DISPUTES)]
        elif kind is RecordKind.CODED:
            found = [*self._overlay.objects(record, DIP.CODED_IN)]
        else:
            links = (DIP.ADVANCES,) if kind is RecordKind.CLAIM else ABOUT_ACTS
            found = [node for link in links for node in self._overlay.subjects(link, record)]
        allowed = _DISPUTED if kind is RecordKind.POINT else _REPORTED
        return (node for node in found if kind_of(node, self._overlay) in allowed)

    def anywhere(self, record: Term) -> GraphName | None:
        """Return any graph with evidence for a record, or None."""
        kind = kind_of(record, self._overlay)
        if kind is None:
            return None
        if kind in _REPORTED:
            return next(self._own_reports(record, None), None)
        if kind is RecordKind.ACCOUNT:
            carriers: Iterable[Term] = self._overlay.objects(record, DIP.GIVEN_IN)
        elif kind in self._rules:
            return next(self._describers.graphs(record), None)  # type: ignore[arg-type]
        else:
            carriers = self._carriers(record, kind)
        found = (self.anywhere(carrier) for carrier in carriers)
        return next((graph for graph in found if graph is not None), None)

    def _is_given_account(self, account: Subject, graph: GraphName) -> bool:
        return self._describers.is_first(account, graph) and self.unsaid(account) is None

    def unsaid(self, account: Term) -> Term | None:
        """Return a claim of an account that is not advanced where the account is given, or None."""
        claims = self._overlay.objects(account, DIP.COMPRISES)
        return next((claim for claim in claims if not self._is_said(claim, account)), None)

    def _is_said(self, claim: Term, account: Term) -> bool:
        for place in self._overlay.objects(account, DIP.GIVEN_IN):
            if DIP.SOURCE in self._overlay.classes(place):
                statements = self._overlay.subjects(DIP.ADVANCES, claim)
                if any(self._is_found_in(statement, place) for statement in statements):
                    return True
            elif claim in self._overlay.objects(place, DIP.ADVANCES) and self._is_borne_out_at_home(place):
                return True
        return False

    def _is_found_in(self, statement: Term, source: Term) -> bool:
        reports = self._overlay.subjects(DIP.REPORTS, statement)
        return any(source in self._overlay.objects(report, DIP.FOUND_IN) for report in reports)

    def _is_borne_out_at_home(self, statement: Term) -> bool:
        if isinstance(statement, Subject):
            return any(self.holds(statement, graph) for graph in self._describers.graphs(statement))
        return False


_REPORTED = frozenset({RecordKind.REPORTED, RecordKind.HAPPENING, RecordKind.ACTOR})
_DISPUTED = frozenset({RecordKind.CLAIM, RecordKind.ACCOUNT, RecordKind.REPORTED})
