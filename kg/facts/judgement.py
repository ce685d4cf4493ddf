"""Judgement of a change: the report, and the delta to commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from kg.changes import Commit, Delta, Provenance, QuadSet
from kg.errors import JSON
from kg.gate.reports import Report, warning_sentences
from kg.store.log import CommitLog

if TYPE_CHECKING:
    from kg.store.store import Store


class JudgedStore(QuadSet, Protocol):
    """The store, at one version, against which a change is judged."""

    @property
    def log(self) -> CommitLog:
        """The commits of the store."""
        ...

    @property
    def newest(self) -> int:
        """The version."""
        ...

    def effective(self, delta: Delta) -> Delta:
        """Return the part of a delta that changes the store."""
        ...


@dataclass(frozen=True)
class Judgement:
    """Judgement of an acceptable change; an empty delta means that nothing changes.

    ``content_hash`` is set for a submission; ``details`` are further members for the caller.
    """

    report: Report
    delta: Delta = field(default_factory=Delta)
    content_hash: str | None = None
    details: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """Outcome of a change: its report, and the commit that holds it (None: nothing changed)."""

    report: Report
    commit: Commit | None = None


def committed(store: Store, judgement: Judgement, by: Provenance) -> Outcome:
    """Commit a judged change; call inside the same ``writing`` block as the judgement."""
    if not judgement.delta:
        return Outcome(judgement.report)
    commit = store.commit(
        judgement.delta,
        by,
        content_hash=judgement.content_hash,
        warnings=warning_sentences(judgement.report),
    )
    return Outcome(judgement.report, commit)
