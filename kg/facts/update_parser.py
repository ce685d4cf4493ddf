"""SPARQL update parser: splits an update into operations, each with the data to compute its change.

The engine cannot parse an update without running it. So each operation is given to the engine, on an empty
store, behind another one that must fail: syntax errors are reported first, and nothing runs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from secrets import token_hex

from pyoxigraph import NamedNode, Quad

from kg import scratch
from kg.errors import TooLarge, Unreadable
from kg.facts.update_literals import quads_as_written
from kg.iris import PREFIXES
from kg.query import mending, screening, syntax_faults
from kg.rdf_version import check_version
from kg.scanner import Token

_VARIABLE = f"urn:kg:variable:{token_hex(16)}:"
"""Prefix of the IRIs that stand for variables of a template; random, so that no client can write one."""
MAX_OPERATIONS = 5000
"""Maximum operations: each takes half a millisecond to parse, while other writers wait."""
MAX_WORK = 1 << 25
"""Maximum characters of prefixes in all: the engine reads them again for each operation."""
_STOP = "DROP GRAPH <urn:kg:nowhere>; "


@dataclass(frozen=True)
class WherePattern:
    """The WHERE of an operation, with its prologue and dataset."""

    prologue: str
    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    all_named: bool = False


@dataclass(frozen=True)
class Operation:
    """One operation: its verb, the graphs it names (IRI, or DEFAULT, NAMED, ALL), its templates and WHERE."""

    verb: str
    graphs: tuple[str, ...] = ()
    is_silent: bool = False
    deleted: tuple[Quad, ...] = ()
    inserted: tuple[Quad, ...] = ()
    where: WherePattern | None = None
    home: str | None = None


def variable(node: object) -> str | None:
    """Return the name of the variable that a template's node stands for; None if the node is a term."""
    if isinstance(node, NamedNode) and node.value.startswith(_VARIABLE):
        return bytes.fromhex(node.value.removeprefix(_VARIABLE)).decode()
    return None


def operations(text: str, base: str) -> Iterator[Operation]:
    """Parse an update, and yield its operations; ``base`` resolves relative IRIs.

    Raises Unreadable, BadInput, or TooLarge for too many operations.
    """
    prologue = screening.escaped(f"BASE <{base}>\n")
    text = mending.with_plain_variables(mending.mended(screening.escaped(text)))
    pieces = list(_pieces(list(screening.placed_tokens(text))))
    if len(pieces) > MAX_OPERATIONS:
        raise TooLarge(
            f"The update has more than {MAX_OPERATIONS} operations; one INSERT DATA takes many triples."
        )
    declared, work = "", 0
    labels: set[str] = set()
    for piece in pieces:
        start = screening.prologue_length(piece)
        if start and (more := text[piece[0].start : piece[start - 1].end] + "\n") != declared:
            prologue += more
            declared = more  # programs often repeat the same prefixes before each operation
        if piece[start:] and piece[start].kind == "end":
            raise _lonely(text, piece[start])
        if piece[start:]:
            _check_labels(text, piece[start:], labels)
            work += len(prologue) * (1 + _graphs_named(piece))
            if work > MAX_WORK:
                raise TooLarge(
                    "The prefixes of the update are read too many times; send it in smaller parts."
                )
            yield _OperationParser(text, prologue, _without_end(piece[start:])).operation()


def _graphs_named(piece: Sequence[Token]) -> int:
    """Count the graphs that an operation names by USING: the engine reads each of them with the prefixes."""
    return sum(token.kind == "word" and token.text.upper() == "USING" for token in piece)


def _lonely(text: str, semicolon: Token) -> Unreadable:
    line = text.count("\n", 0, semicolon.start) + 1
    return Unreadable(
        f"The semicolon on line {line} does not follow an operation; remove it, or write the operation "
        "before it.",
        line=line,
    )


def _check_labels(text: str, piece: Sequence[Token], labels: set[str]) -> None:
    """Raise Unreadable if two INSERT DATA use the same blank node label (SPARQL 1.1, 19.6)."""
    if [token.text.upper() for token in piece[:2]] != ["INSERT", "DATA"]:
        return
    for token in piece:
        if token.kind == "blank" and token.text in labels:
            line = text.count("\n", 0, token.start) + 1
            raise Unreadable(
                f"The blank node {token.text} on line {line} occurs in an earlier INSERT DATA too; write "
                "both into one, or give it another label.",
                line=line,
            )
    labels.update(token.text for token in piece if token.kind == "blank")


def _without_end(piece: Sequence[Token]) -> Sequence[Token]:
    return piece[:-1] if piece[-1].kind == "end" else piece


def _pieces(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Split after each semicolon that is outside of all braces."""
    piece: list[Token] = []
    depth = 0
    for token in tokens:
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        piece.append(token)
        if token.kind == "end" and depth == 0:
            yield piece
            piece = []
    yield piece


class _OperationParser:
    """Parser for the tokens of one operation."""

    def __init__(self, text: str, prologue: str, tokens: Sequence[Token]) -> None:
        self._text = text
        self._prologue = prologue
        self._tokens = tokens
        self._position = 0
        self._check(text[tokens[0].start : tokens[-1].end])

    def operation(self) -> Operation:
        """Return the operation; the engine has already accepted its syntax."""
        verb = self._word()
        if verb in ("CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "LOAD"):
            return self._of_graphs(verb)
        home = self._iri() if verb == "WITH" else None
        if verb != "WITH":
            self._position = 0
        first = self._word()
        if self._peek() == "DATA":
            self._position += 1
            quads = self._quads(self._group(), is_data=True)
            verb = f"{first} DATA"
            return Operation(verb, inserted=quads) if first == "INSERT" else Operation(verb, deleted=quads)
        if first == "DELETE" and self._peek() == "WHERE":
            self._position += 1
            group = self._group()
            where = WherePattern(self._prologue, group)
            return Operation("DELETE WHERE", deleted=self._quads(group), where=where)
        self._position -= 1
        return self._modification(home)

    def _of_graphs(self, verb: str) -> Operation:
        words = [token.text.upper() for token in self._tokens]
        graph_names = tuple(
            self._resolved(token.text) if token.kind in ("iri", "name") else token.text.upper()
            for token in self._tokens[1:]
            if token.kind in ("iri", "name") or token.text.upper() in ("DEFAULT", "NAMED", "ALL")
        )
        return Operation(verb, graph_names, is_silent="SILENT" in words)

    def _modification(self, home: str | None) -> Operation:
        parts: dict[str, tuple[Quad, ...]] = {}
        using: list[str] = []
        using_named: list[str] = []
        while (word := self._word()) != "WHERE":
            if word in ("DELETE", "INSERT"):
                parts[word] = self._quads(self._group())
            elif word == "USING":
                is_named = self._peek() == "NAMED"
                self._position += is_named
                (using_named if is_named else using).append(self._iri())
        where = WherePattern(
            self._prologue,
            self._group(),
            tuple(using) if using or using_named else (home,) if home else (),
            tuple(using_named),
            all_named=not using and not using_named,
        )
        deleted, inserted = parts.get("DELETE", ()), parts.get("INSERT", ())
        return Operation("MODIFY", deleted=deleted, inserted=inserted, where=where, home=home)

    def _peek(self) -> str:
        return self._tokens[self._position].text.upper() if self._position < len(self._tokens) else ""

    def _word(self) -> str:
        if self._position >= len(self._tokens):
            raise Unreadable("The update ends too early.")
        self._position += 1
        return self._tokens[self._position - 1].text.upper()

    def _iri(self) -> str:
        self._position += 1
        return self._resolved(self._tokens[self._position - 1].text)

    def _group(self) -> str:
        """Return the next group in braces, braces included."""
        first = self._tokens[self._position]
        depth = 0
        while self._position < len(self._tokens):
            token = self._tokens[self._position]
            self._position += 1
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if depth == 0:
                return self._text[first.start : token.end]
        raise Unreadable("A brace is not closed.")

    def _quads(self, group: str, *, is_data: bool = False) -> tuple[Quad, ...]:
        """Return the quads of data or of a template, with IRIs for variables."""
        text = group if is_data else _without_variables(group)
        quads = tuple(quads_as_written(self._prologue, text, lambda data: self._run(f"INSERT DATA {data}")))
        check_version(quads)
        return quads

    def _resolved(self, name: str) -> str:
        (quad,) = self._run(f"INSERT DATA {{ {name} <urn:kg:p> 1 }}")
        assert isinstance(quad.subject, NamedNode)
        return quad.subject.value

    def _run(self, text: str) -> list[Quad]:
        store = scratch.filled()
        screening.refuse_bare(self._prologue + text, "service", "load")  # it runs, and must send no request
        try:
            store.update(self._prologue + text, prefixes=PREFIXES)
        except SyntaxError as fault:
            raise syntax_faults.fault(
                text, str(fault.msg), "update", shift=(self._prologue.count("\n"), 0)
            ) from None
        return list(store)

    def _check(self, text: str) -> None:
        screening.refuse_bare(self._prologue, "service", "load")
        try:
            scratch.filled().update(self._prologue + _STOP + text, prefixes=PREFIXES)
        except SyntaxError as fault:
            raise self._fault(str(fault.msg)) from None
        except (RuntimeError, ValueError):
            return  # _STOP failed, as intended: the operation did not run

    def _fault(self, message: str) -> Unreadable:
        """Return the error for the operation; its position counts from the prologue and ``_STOP``."""
        start, stop = self._tokens[0].start, self._tokens[-1].end
        shift = self._prologue.count("\n"), len(_STOP)
        return syntax_faults.fault(self._text, message, "update", start=start, stop=stop, shift=shift)


def _without_variables(group: str) -> str:
    pieces: list[str] = []
    end = 0
    for token in screening.placed_tokens(group):
        if token.kind == "variable":
            pieces += [group[end : token.start], f"<{_VARIABLE}{token.text[1:].encode().hex()}>"]
            end = token.end
    return "".join([*pieces, group[end:]])
