"""Proposals: facts sent by drafters, kept outside the graph until a curator accepts or rejects them.

A proposal is two private files in the data directory: the document as it was sent, and a note with the
verdict. The document of an accepted or withdrawn proposal is removed; the notes of a drafter's last decided
proposals stay.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from kg.changes import Provenance
from kg.errors import JSON, BadInput, Conflict, Damaged, NotFound, TooLarge, TooManyRequests
from kg.formats import FactsFormat
from kg.store import private_files
from kg.store.log import sync_folder

FOLDER = "proposals"
MOST_VIOLATIONS, MOST_OF_DECIDED = 20, 3
"""Maximum number of the verdict's violations kept for a waiting and for a decided proposal."""
MOST_DECIDED = 100
"""Maximum number of decided proposals of one drafter whose notes are kept."""
_ID = re.compile(r"[0-9a-f]{16}")


class State(StrEnum):
    """State of a proposal."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Bounds:
    """Limits of one drafter: ``number`` of waiting proposals, ``size`` of a proposal in bytes."""

    number: int
    size: int


@dataclass(frozen=True)
class Proposal:
    """The note of a proposal; ``verdict`` is the gate's report from when it was sent.

    ``because`` is the reason for the decision, ``version`` the commit that holds the accepted facts.
    """

    id: str
    time: str
    drafter: str
    format: str
    suffix: str
    hash: str
    source: str | None
    reason: str | None
    supersedes: str | None
    verdict: Mapping[str, JSON]
    state: str = State.WAITING
    decided_by: str | None = None
    decided: str | None = None
    because: str | None = None
    version: int | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether no decision has been made yet."""
        return self.state == State.WAITING

    def provenance(self, curator: str, because: str | None, *, is_admin: bool) -> Provenance:
        """Return the provenance of the acceptance: curator, source, reason and drafter."""
        reason = because or self.reason
        return Provenance(curator, self.source, reason, is_admin=is_admin, drafter=self.drafter)

    def as_json(self) -> dict[str, JSON]:
        """Return the note's JSON members, with only ``conforms`` of the verdict."""
        left_out = ("verdict", "suffix", "hash")
        members: dict[str, JSON] = {
            name: value for name, value in asdict(self).items() if name not in left_out
        }
        return {**members, "conforms": self.verdict.get("conforms")}


class Proposals:
    """The proposals of a data directory."""

    def __init__(self, directory: Path) -> None:
        self._folder = directory / FOLDER

    def add(
        self,
        data: bytes,
        rdf_format: FactsFormat,
        by: Provenance,
        verdict: Mapping[str, JSON],
        bounds: Bounds,
        supersedes: str | None = None,
    ) -> Proposal:
        """Store a proposal durably; if the same proposal is already waiting, return that one.

        Raises TooLarge and TooManyRequests.
        """
        self._check_size(data, bounds)
        proposal = Proposal(
            id=token_hex(8),
            time=_now(),
            drafter=by.agent,
            format=rdf_format.name,
            suffix=rdf_format.suffixes[0],
            hash=sha256(data).hexdigest(),
            source=by.source,
            reason=by.reason,
            supersedes=supersedes,
            verdict=_shortened(verdict, MOST_VIOLATIONS),
        )
        with self._locked():
            waiting = self.all(by.agent, State.WAITING)
            for each in waiting:
                if _is_same(each, proposal):
                    return each
            _check_number(len(waiting), bounds)
            private_files.write(self._document_path(proposal), data)
            self._write(proposal)
        return proposal

    def check_bounds(self, drafter: str, bounds: Bounds) -> None:
        """Raise TooManyRequests if a drafter has the maximum number of waiting proposals."""
        _check_number(len(self.all(drafter, State.WAITING)), bounds)

    def all(self, drafter: str | None = None, state: State | None = None) -> list[Proposal]:
        """Return proposals, oldest first, optionally of one drafter or in one state."""
        notes = (_read(path) for path in self._folder.glob("*.json") if _ID.fullmatch(path.stem))
        found = [
            each for each in notes if each and drafter in (None, each.drafter) and state in (None, each.state)
        ]
        return sorted(found, key=lambda each: (each.time, each.id))

    def find(self, name: str, drafter: str | None = None) -> Proposal:
        """Return a proposal by its id or a unique prefix, optionally among those of one drafter.

        Raises NotFound and BadInput.
        """
        found = [each for each in self.all(drafter) if name and each.id.startswith(name)]
        if not found:
            raise NotFound(f"There is no proposal '{name[:32]}'; kg review lists them.")
        if len(found) > 1:
            raise BadInput(f"'{name}' is ambiguous: {len(found)} proposals match; give more of the id.")
        return found[0]

    def document(self, proposal: Proposal) -> bytes:
        """Return the document as it was sent; raises NotFound if it has been removed, and Damaged."""
        try:
            data = self._document_path(proposal).read_bytes()
        except FileNotFoundError:
            raise NotFound(
                f"The document of {proposal.id} is no longer stored: the proposal was {proposal.state}."
            ) from None
        if sha256(data).hexdigest() != proposal.hash:
            raise Damaged(
                f"{self._document_path(proposal)} was changed after it was sent; reject the proposal."
            )
        return data

    def faults(self) -> Iterator[str]:
        """Yield a sentence for each waiting proposal whose document is missing or altered."""
        try:
            waiting = self.all(state=State.WAITING)
        except Damaged as fault:
            yield fault.detail
            return
        for proposal in waiting:
            try:
                self.document(proposal)
            except (Damaged, NotFound) as fault:
                yield fault.detail

    def require_waiting(self, name: str, drafter: str | None = None) -> Proposal:
        """Return a waiting proposal; raises NotFound, and Conflict if it is decided."""
        proposal = self.find(name, drafter)
        if not proposal.is_waiting:
            raise Conflict(f"{proposal.id} was already {proposal.state} by {proposal.decided_by}.")
        return proposal

    def decide(
        self,
        name: str,
        state: State,
        by: str,
        because: str | None = None,
        version: int | None = None,
    ) -> Proposal:
        """Record a decision on a proposal durably; raises NotFound, and Conflict if it is already decided."""
        with self._locked():
            proposal = self.require_waiting(name)
            decided = replace(
                proposal,
                state=state,
                decided_by=by,
                decided=_now(),
                because=because,
                version=version,
                verdict=_shortened(proposal.verdict, MOST_OF_DECIDED),
            )
            self._write(decided)
            if state != State.REJECTED:
                self._document_path(proposal).unlink(missing_ok=True)
            self._forget_oldest(proposal.drafter)
        return decided

    def _forget_oldest(self, drafter: str) -> None:
        decided = [each for each in self.all(drafter) if not each.is_waiting]
        for each in sorted(decided, key=lambda each: each.decided or "")[:-MOST_DECIDED]:
            self._note_path(each.id).unlink(missing_ok=True)
            self._document_path(each).unlink(missing_ok=True)

    @staticmethod
    def _check_size(data: bytes, bounds: Bounds) -> None:
        if len(data) > bounds.size:
            raise TooLarge(
                f"A proposal may have {bounds.size} bytes; this one has {len(data)}. Send it in parts."
            )

    def _write(self, proposal: Proposal) -> None:
        note = json.dumps(asdict(proposal), ensure_ascii=False, indent=1).encode()
        private_files.write(self._note_path(proposal.id), note)
        sync_folder(self._folder)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the folder's lock, so that limits hold across processes; create the folder if needed."""
        if not self._folder.exists():
            self._folder.mkdir(mode=0o700, exist_ok=True)
            sync_folder(self._folder.parent)
        descriptor = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _document_path(self, proposal: Proposal) -> Path:
        return self._folder / f"{proposal.id}{proposal.suffix}"

    def _note_path(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def _check_number(waiting: int, bounds: Bounds) -> None:
    if waiting >= bounds.number:
        raise TooManyRequests(
            f"You have {waiting} proposals waiting, which is the maximum: withdraw one (kg review withdraw), "
            "or wait until a curator has decided on some.",
            retry_after=3600,
        )


def _is_same(one: Proposal, other: Proposal) -> bool:
    """Return whether two proposals of one drafter are the same submission, sent twice."""
    contents = [(each.hash, each.format, each.supersedes, each.source, each.reason) for each in (one, other)]
    return contents[0] == contents[1]


def _read(path: Path) -> Proposal | None:
    """Return a note, or None if it was just removed; raises Damaged."""
    try:
        return Proposal(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        raise Damaged(f"{path} is damaged: remove it to drop the proposal.") from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _shortened(verdict: Mapping[str, JSON], most: int) -> dict[str, JSON]:
    """Return a verdict with its first violations, and the number of omitted ones."""
    shortened: dict[str, Any] = dict(verdict)
    others = [each["severity"] == "error" for each in shortened.get("violations", ())[most:]]
    if others:
        omitted = {"errors": 0, "warnings": 0, **shortened.get("omitted", {})}
        omitted["errors"] += sum(others)
        omitted["warnings"] += len(others) - sum(others)
        shortened |= {"violations": shortened["violations"][:most], "omitted": omitted}
    return shortened
