"""Rival accounts of a happening or text, side by side by disputed point; the graph endorses none."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from pyoxigraph import NamedNode

from kg.errors import NotFound
from kg.iris import compact
from kg.pages.cells import Cell
from kg.pages.profiles.reading import ClaimLine, KnownDate, ProfileReader
from kg.pages.remembered import Remembered
from kg.pages.rendering import Style
from kg.pages.stories.asked import AnswerRow, rows, thing
from kg.query.questions import Question
from kg.store.store import Contents
from kg.terms import DIP, DIPK, RDF

QUESTION = "accounts-point-by-point"
"""The question whose rows the page arranges."""
MOST = 2000
"""Maximum points and accounts examined for the list of disputes."""
MOST_LISTED = 50
"""Maximum disputes in the list."""


@dataclass(frozen=True)
class Telling:
    """A statement in which a claim is made, its dates, and the report of it: outlet, hedge and basis."""

    statement: Cell
    dates: tuple[KnownDate, ...]
    outlets: tuple[Cell, ...]
    hedge: Cell | None
    """None if the report is plain."""
    basis: Cell | None


@dataclass(frozen=True)
class PointAnswer:
    """A claim that answers a point: its words and denials, where it is made, and who claims the same act."""

    claim: NamedNode
    line: ClaimLine
    tellings: tuple[Telling, ...]
    denied: tuple[ClaimLine, ...]
    """The claims that the same statements deny."""
    alike: tuple[Cell, ...] = ()
    """The others on this point whose claim has the same actor, act and target."""


@dataclass(frozen=True)
class PointSide:
    """What one holder says on a point; without an account if the claim belongs to none."""

    holders: tuple[Cell, ...]
    account: Cell | None
    answers: tuple[PointAnswer, ...]
    versions: tuple[Cell, ...] = ()
    """Versions of the text in dispute."""


@dataclass(frozen=True)
class RivalPoint:
    """A disputed point: who answers it, and who gives an account and is silent on it."""

    point: Cell
    sides: tuple[PointSide, ...]
    silent: tuple[tuple[Cell, Cell], ...]
    """Holder and account."""


@dataclass(frozen=True)
class Undisputed:
    """Claims of accounts that allege the same and that no point disputes.

    Who makes them, and who is silent.
    """

    lines: tuple[ClaimLine, ...]
    holders: tuple[Cell, ...]
    silent: tuple[Cell, ...]


@dataclass(frozen=True)
class Dispute:
    """A happening or text with its accounts, its disputed points, and the undisputed claims."""

    thing: Cell
    accounts: tuple[tuple[Cell, Cell], ...]
    """Holder and account."""
    points: tuple[RivalPoint, ...]
    undisputed: tuple[Undisputed, ...]


def page(style: Style, question: Question, about: str | None, contents: Contents) -> Iterator[bytes]:
    """Yield the page of a thing in dispute, by default the one with most accounts.

    Raises NotFound for a thing that the graph does not describe.
    """
    if about and not any(contents.quads_for_pattern(NamedNode(about), None, None)):
        raise NotFound(
            f"The graph states nothing about {compact(about)}; name a thing that the graph describes."
        )
    reader = ProfileReader(style.cells(Remembered(contents)))
    listed = disputes(contents)
    thing = _in_dispute(reader, NamedNode(about)) if about else next(iter(listed), None)
    yield style.text(
        "accounts.html",
        iri=thing.value if thing else None,
        dispute=DisputeReader(contents, reader, question).read(thing) if thing else None,
        others=[reader.cell(each) for each in listed if each != thing][:MOST_LISTED],
        version=contents.version,
    ).encode()


def _in_dispute(reader: ProfileReader, node: NamedNode) -> NamedNode:
    """Return the thing that a disputed point is about (of several, the one with the most accounts).

    Return any other node unchanged.
    """
    if DIP.DISPUTED_POINT not in reader.nodes.nodes(node, RDF.TYPE):
        return node
    concerned = reader.nodes.nodes(node, DIP.CONCERNS)
    return max(concerned, key=lambda each: len(reader.nodes.subjects(each, DIP.RECOUNTS)), default=node)


def disputes(contents: Contents) -> list[NamedNode]:
    """Return the things with rival accounts or answers, those with the most first."""
    found = Counter[NamedNode]()
    for quad in islice(contents.quads_for_pattern(None, DIP.RECOUNTS, None), MOST):
        if isinstance(quad.object, NamedNode):
            found[quad.object] += 1
    for quad in islice(contents.quads_for_pattern(None, RDF.TYPE, DIP.DISPUTED_POINT), MOST):
        for concerned in contents.quads_for_pattern(quad.subject, DIP.CONCERNS, None):
            if isinstance(concerned.object, NamedNode):
                found[concerned.object] += 1
    return sorted(found, key=lambda each: (-found[each], each.value))


class DisputeReader:
    """Reads what is said of one thing in dispute."""

    def __init__(self, contents: Contents, reader: ProfileReader, question: Question) -> None:
        self._contents = contents
        self._reader = reader
        self._question = question

    def read(self, node: NamedNode) -> Dispute:
        """Return the accounts of a thing, by point."""
        reader = self._reader
        accounts = reader.nodes.subjects(node, DIP.RECOUNTS)
        by_point: dict[NamedNode, list[AnswerRow]] = defaultdict(list)
        for row in rows(self._contents, self._question, happening=node.value):
            if point := thing(row, "point"):
                by_point[point].append(row)
        points = [
            each
            for each in reader.nodes.subjects(node, DIP.CONCERNS)
            if DIP.DISPUTED_POINT in reader.nodes.nodes(each, RDF.TYPE)
        ]
        return Dispute(
            reader.cell(node),
            tuple(
                (reader.cell(holder), reader.cell(account))
                for account in accounts
                for holder in reader.nodes.nodes(account, DIP.HELD_BY)
            ),
            tuple(self._point(point, by_point[point]) for point in points),
            tuple(self._undisputed(accounts, points)),
        )

    def _point(self, point: NamedNode, answered: Sequence[AnswerRow]) -> RivalPoint:
        cell = self._reader.cell
        claims_by_side: dict[tuple[NamedNode, NamedNode], dict[NamedNode, list[AnswerRow]]] = {}
        silent: list[tuple[Cell, Cell]] = []
        for row in answered:
            holder, account, claim = (thing(row, name) for name in ("holder", "account", "claim"))
            if holder and account and claim:
                claims_by_side.setdefault((holder, account), {}).setdefault(claim, []).append(row)
            elif holder and account:
                silent.append((cell(holder), cell(account)))
        sides = [
            PointSide((cell(holder),), cell(account), tuple(self._answers(claims)))
            for (holder, account), claims in claims_by_side.items()
        ]
        all_claims = {claim for claims in claims_by_side.values() for claim in claims}
        sides += self._others(point, all_claims, {account for _, account in claims_by_side})
        return RivalPoint(cell(point), tuple(self._compared(sides)), tuple(dict.fromkeys(silent)))

    def _answers(self, claims: dict[NamedNode, list[AnswerRow]]) -> Iterator[PointAnswer]:
        for claim, answered in claims.items():
            tellings = dict.fromkeys(self._telling(row) for row in answered)
            statements = [found for row in answered if (found := thing(row, "statement"))]
            yield self._answer(claim, tuple(tellings), statements)

    def _answer(
        self, claim: NamedNode, tellings: tuple[Telling, ...], statements: Sequence[NamedNode]
    ) -> PointAnswer:
        reader = self._reader
        rejected = {each for statement in statements for each in reader.nodes.nodes(statement, DIP.DENIES)}
        denied = sorted(
            (each for each in rejected if DIP.CLAIM in reader.nodes.nodes(each, RDF.TYPE)), key=str
        )
        return PointAnswer(claim, reader.claim(claim), tellings, tuple(map(reader.claim, denied)))

    def _telling(self, row: AnswerRow) -> Telling:
        cell, hedge = self._reader.cell, thing(row, "hedge")
        statement, publisher, basis = (thing(row, name) for name in ("statement", "publisher", "basis"))
        assert statement is not None
        return Telling(
            cell(statement),
            self._reader.known_dates(statement),
            (cell(publisher),) if publisher else (),
            cell(hedge) if hedge and hedge != DIPK.PLAIN else None,
            cell(basis) if basis else None,
        )

    def _others(
        self, point: NamedNode, claims: set[NamedNode], accounts: set[NamedNode]
    ) -> Iterator[PointSide]:
        """Yield the answers to a point that belong to no account of the thing: claims, and versions."""
        reader = self._reader
        for each in reader.nodes.nodes(point, DIP.DISPUTES):
            if each in claims or each in accounts:
                continue
            if DIP.CLAIM in reader.nodes.nodes(each, RDF.TYPE):
                statements = reader.pointing_nodes(each, DIP.ADVANCES).shown
                tellings = tuple(
                    Telling(
                        reader.cell(statement),
                        reader.known_dates(statement),
                        saying.outlets or saying.source,
                        saying.hedge,
                        None,
                    )
                    for statement in statements
                    for saying in reader.sayings(statement)
                )
                answer = self._answer(each, tellings, statements)
                yield PointSide(answer.line.claimants, None, (answer,))
            else:
                holders = reader.cells(each, DIP.MADE_BY) or reader.cells(each, DIP.HELD_BY)
                yield PointSide(holders, None, (), (reader.cell(each),))

    def _compared(self, sides: Sequence[PointSide]) -> Iterator[PointSide]:
        """Yield the sides of a point with those that claim the same act under each claim."""
        by_key: dict[str, dict[Cell, None]] = defaultdict(dict)
        for side in sides:
            for answer in side.answers:
                by_key[self._key(answer.claim)] |= dict.fromkeys(side.holders)
        for side in sides:
            answers = []
            for answer in side.answers:
                others = (who for who in by_key[self._key(answer.claim)] if who not in side.holders)
                answers.append(replace(answer, alike=tuple(others)))
            yield replace(side, answers=tuple(answers))

    def _key(self, claim: NamedNode) -> str:
        """Return the key that equal claims share, if the claim has one."""
        return self._reader.nodes.text(claim, DIP.CLAIM_KEY) or claim.value

    def _undisputed(self, accounts: Sequence[NamedNode], points: Iterable[NamedNode]) -> Iterator[Undisputed]:
        nodes, reader = self._reader.nodes, self._reader
        disputed = {each for point in points for each in nodes.nodes(point, DIP.DISPUTES)}
        disputed |= {part for each in disputed for part in nodes.nodes(each, DIP.COMPRISES)}
        found: dict[str, dict[NamedNode, dict[NamedNode, None]]] = {}
        for account in accounts:
            for claim in nodes.nodes(account, DIP.COMPRISES):
                if claim not in disputed:
                    found.setdefault(self._key(claim), {}).setdefault(claim, {})[account] = None
        for claims in found.values():
            tellers = {account for accounts_of_claim in claims.values() for account in accounts_of_claim}
            yield Undisputed(
                tuple(map(reader.claim, claims)),
                self._holders(each for each in accounts if each in tellers),
                self._holders(each for each in accounts if each not in tellers),
            )

    def _holders(self, accounts: Iterable[NamedNode]) -> tuple[Cell, ...]:
        holders = (who for account in accounts for who in self._reader.nodes.nodes(account, DIP.HELD_BY))
        return tuple(map(self._reader.cell, dict.fromkeys(holders)))
