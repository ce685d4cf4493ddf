"""Local access: a data directory that this process opens.

Modules that a plain query does not need are imported on use, so that the command line answers in a third of
a second.
"""

import getpass
import weakref
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from kg.changes import Provenance, Quads
from kg.client.access import Answer, Document
from kg.client.interruption import uninterrupted
from kg.client.verdict import Members, Verdict
from kg.errors import BadInput, Conflict, Forbidden, NotFound, NotInGraph
from kg.exports.catalogue import ExportFormat
from kg.exports.selection import ALL_FACTS, Selection
from kg.facts import releases
from kg.iris import read_iri
from kg.query import federation
from kg.query.evaluation import evaluate
from kg.query.job import LABELLED, UNLABELLED, Labelling, QueryJob
from kg.query.limits import QueryLimits
from kg.settings import Settings
from kg.store.log import CommitLog
from kg.store.proposals import Proposal, Proposals, State
from kg.store.store import Contents, open_snapshot

if TYPE_CHECKING:
    from kg.facts.loads.files import LoadFile
    from kg.facts.loads.large_submission import LargeSubmission
    from kg.facts.loads.source import Progress
    from kg.facts.submissions import Submission
    from kg.gate.reports import Report
    from kg.query.questions import Question
    from kg.query.search.search import SearchAnswer, SearchQuery
    from kg.store.store import Store


class Local:
    """Access to a data directory, at the version that is current at the first use."""

    if_interrupted = "Interrupted: nothing was stored."
    address: str | None = None

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._earlier: dict[int, Contents] = {}

    @cached_property
    def contents(self) -> Contents:
        """The version being read; a new data directory is filled first."""
        return releases.open_to_read(self.directory)

    def query(
        self, text: str, accept: str, as_of: str | None = None, labelling: Labelling = UNLABELLED
    ) -> Answer:
        base = Settings.from_environment().endpoint
        return self._answer(QueryJob(text, accept, as_of=as_of, base=base, labelling=labelling))

    def questions(self) -> "Mapping[str, Question]":
        from kg.query import questions

        return questions.load_all(Settings.from_environment().questions)

    def ask(
        self,
        name: str,
        values: Mapping[str, str],
        accept: str,
        as_of: str | None = None,
        labelling: Labelling = LABELLED,
    ) -> Answer:
        from kg.query import naming, questions
        from kg.query.search.resolving import query_for, resolution

        question = questions.find(name, self.questions())
        names = naming.names_in(question, values)
        resolutions = {
            parameter: resolution(text, self.search(query_for(text, classes, labelling.language)).hits)
            for parameter, text, classes in names
            if not self._holds(text)
        }
        bound = naming.bound(question, values, resolutions)
        try:
            if question.sql is not None and as_of is None:
                self._keep_tables_up()
            data = self.directory
            job = questions.job(question, bound, accept, labelling=labelling, as_of=as_of, directory=data)
            return self._answer(job)
        except NotInGraph as fault:
            hits = self.search(naming.query_near(bound, fault, labelling.language)).hits
            raise naming.with_nearest(bound, values, fault, hits) from None

    def why(self, fact: str, language: str = "en", as_of: str | None = None) -> Members:
        from kg.query import why

        return why.found(why.read_fact(self._known(fact, language)), language, self._as_of(as_of))

    def why_all(self, facts: Sequence[str], language: str = "en", as_of: str | None = None) -> Members:
        from kg.query import why

        statements = [why.read_fact(self._known(fact, language)) for fact in facts]
        return why.found_all(statements, language, self._as_of(as_of))

    def _known(self, fact: str, language: str) -> str:
        """Return a fact with its name replaced by the IRI."""
        from kg.query import naming
        from kg.query.search.resolving import query_for, resolution

        if not naming.is_name(fact) or self._holds(fact):
            return fact
        return naming.iri_of(fact, resolution(fact, self.search(query_for(fact, lang=language)).hits))

    def _holds(self, name: str) -> bool:
        """Return True if the text is the IRI of a thing in the graph, possibly shortened, and not a name."""
        try:
            thing = read_iri(name)
        except BadInput:
            return False
        return any(True for _ in islice(self.contents.quads_for_pattern(thing, None, None), 1))

    def _keep_tables_up(self) -> None:
        """Update the columnar projection to the last commit, if the store would be slow."""
        from kg.query.columnar import upkeep

        upkeep.keep_up(self.directory, lambda: self.contents)

    def search(self, query: "SearchQuery") -> "SearchAnswer":
        from kg.query.search import upkeep
        from kg.query.search.index import SearchIndex
        from kg.query.search.search import search

        upkeep.keep_up(self.directory, lambda: self.contents)
        with SearchIndex.open(self.directory) as index:
            return search(index, query)

    def export(
        self,
        export_format: ExportFormat,
        selection: Selection = ALL_FACTS,
        *,
        as_of: str | None = None,
    ) -> Iterator[bytes]:
        from kg.exports import export
        from kg.exports.narrowing import asking
        from kg.store import tombstones

        contents = self._as_of(as_of)
        graph_iris = (read_iri(graph).value for graph in selection.graphs)
        tombstones.require_kept(self.directory, graph_iris, contents.version)
        narrowed_selection = asking(selection, self.questions()) if selection.question else selection
        return export.chosen(export_format.writer, narrowed_selection, contents, self.directory)

    def validate(self, document: Document) -> Verdict:
        from kg.gate.reports import as_json

        return Verdict(as_json(self._check(document)))

    def report(self, document: Document) -> bytes:
        from kg.gate.reports import as_shacl

        return as_shacl(self._check(document)).encode()

    def add(
        self,
        document: Document,
        *,
        by: str | None = None,
        source: str | None = None,
        reason: str | None = None,
        quarantine: bool = False,
    ) -> Verdict:
        from kg.facts.quarantine import Quarantine

        provenance = Provenance(by or getpass.getuser(), source, reason, is_admin=True)
        submission = (document.data, document.format, provenance, document.supersedes)
        with Quarantine(self.directory).keeping(*submission) if quarantine else nullcontext():
            return self._added(document, provenance)

    def _added(self, document: Document, provenance: Provenance) -> Verdict:
        from kg import ontology
        from kg.facts import submissions
        from kg.facts.judgement import committed
        from kg.gate.gate import Gate
        from kg.gate.reports import as_json

        large = None if document.supersedes else _large(document)
        with releases.open_store(self.directory) as store, ExitStack() as until_durable:
            if large is not None and large.can_be_loaded(store):
                return self._added_in_bulk(store, large, provenance)
            until_durable.enter_context(store.writing)
            submission = self._parsed(document, store)
            judgement = submissions.judge(store, Gate.of(ontology.load()), submission, provenance)
            with uninterrupted():
                outcome = committed(store, judgement, provenance)
                until_durable.close()
        vars(self).pop("contents", None)  # contents opened before the commit are outdated
        return Verdict({**as_json(outcome.report), "version": outcome.commit and outcome.commit.version})

    def _added_in_bulk(self, store: "Store", large: "LargeSubmission", by: Provenance) -> Verdict:
        from kg.facts.loads.load import load
        from kg.gate.reports import as_json

        loaded = load(store, [large.source], by, committing=uninterrupted)
        vars(self).pop("contents", None)
        report = replace(loaded.report, graphs=large.graphs, is_known=loaded.commit is None)
        return Verdict({**as_json(report), "version": loaded.commit and loaded.commit.version})

    def add_source(self, data: bytes, *, by: str | None = None) -> Members:
        from kg.facts import sources

        return sources.add(self.contents, self.directory, data, by or getpass.getuser())

    def sources(self) -> list[Members]:
        from kg.facts import sources

        return list(sources.listed(self.contents, self.directory))

    def remove_source(self, digest: str) -> None:
        from kg.facts import sources

        sources.remove(self.directory, digest)

    def proposals(self, state: str | None = None) -> list[Members]:
        return [each.as_json() for each in self._proposals.all(None, State(state) if state else None)]

    def proposal(self, digits: str) -> Members:
        proposal = self._proposals.find(digits)
        verdict: Members = proposal.verdict
        if proposal.is_waiting:
            try:
                verdict = self.validate(self._proposed(proposal)).members
            except (BadInput, Conflict, NotFound) as fault:
                verdict = fault.to_problem()
        return {**proposal.as_json(), "verdict": verdict}

    def proposal_document(self, digits: str) -> bytes:
        return self._proposals.document(self._proposals.find(digits))

    def accept(self, digits: str, *, reason: str | None = None, by: str | None = None) -> Verdict:
        proposal = self._proposals.require_waiting(digits)
        provenance = proposal.provenance(by or getpass.getuser(), reason, is_admin=True)
        verdict = self._added(self._proposed(proposal), provenance)
        self._proposals.decide(proposal.id, State.ACCEPTED, provenance.agent, reason, verdict.version)
        return verdict

    def reject(self, digits: str, reason: str, *, by: str | None = None) -> Members:
        decider = Provenance(by or getpass.getuser(), reason=reason)
        return self._proposals.decide(digits, State.REJECTED, decider.agent, reason).as_json()

    def withdraw_proposal(self, digits: str) -> None:
        raise Forbidden(f"Only its drafter can withdraw {digits}, through the server; reject it instead.")

    @property
    def _proposals(self) -> Proposals:
        return Proposals(self.directory)

    def _proposed(self, proposal: Proposal) -> Document:
        from kg.importers.catalogue import FACTS_FORMATS

        data = self._proposals.document(proposal)
        return Document(data, FACTS_FORMATS[proposal.format], proposal.id, proposal.supersedes)

    def load(
        self,
        files: "Sequence[LoadFile]",
        *,
        graph: str | None = None,
        by: str | None = None,
        source: str | None = None,
        reason: str | None = None,
        progress: "Progress",
    ) -> Members:
        from kg.facts.loads.load import load

        start = monotonic()
        sources = [file.source(graph and read_iri(graph).value) for file in files]
        provenance = Provenance(by or getpass.getuser(), source, reason, is_admin=True)
        with releases.open_store(self.directory) as store:
            loaded = load(store, sources, provenance, progress=progress, committing=uninterrupted)
        vars(self).pop("contents", None)
        return {**loaded.as_json(), "seconds": monotonic() - start}

    def retract(
        self, graphs: Sequence[str], reason: str, *, cascade: bool = False, by: str | None = None
    ) -> Members:
        from kg import ontology
        from kg.facts import retraction
        from kg.gate.gate import Gate
        from kg.store import history

        provenance = Provenance(by or getpass.getuser(), reason=reason, is_admin=True)
        with releases.open_store(self.directory) as store:
            gate = Gate.of(ontology.load())
            commit = retraction.retract(store, gate, graphs, provenance, cascade=cascade)
        vars(self).pop("contents", None)
        return history.as_json(commit)

    def undo(self, version: int, reason: str, *, cascade: bool = False, by: str | None = None) -> Members:
        from kg import ontology
        from kg.facts import retraction
        from kg.gate.gate import Gate
        from kg.store import history

        provenance = Provenance(by or getpass.getuser(), reason=reason, is_admin=True)
        with releases.open_store(self.directory) as store:
            gate = Gate.of(ontology.load())
            commit = retraction.undo(store, gate, version, provenance, cascade=cascade)
        vars(self).pop("contents", None)
        return history.as_json(commit)

    def commits(self, *, graph: str | None = None, by: str | None = None, limit: int = 50) -> list[Members]:
        from kg.store import history

        commit_list = history.CommitList(self.contents.version, None, limit, graph, by)
        return [history.as_json(commit) for commit in commit_list.read(self.contents, self._log)]

    def commit(self, version: int) -> Members:
        from kg.store import history

        return history.as_json(history.commit(self._log, self.contents.version, version))

    def changes(self, start: str, end: str, *, everything: bool = False) -> Members:
        from kg.store import history
        from kg.store.snapshots import version_of

        between = (version_of(self._log, text, self.contents.version) for text in (start, end))
        with history.ChangesBetween(self._log, *between, everything=everything) as changes:
            return {
                "added": [f"{quad} ." for quad in changes.added],
                "removed": [f"{quad} ." for quad in changes.removed],
            }

    @property
    def _log(self) -> CommitLog:
        return CommitLog(self.directory / "log")

    def _as_of(self, as_of: str | None) -> Contents:
        """Return the contents at a version; an earlier version stays open as long as this object lives."""
        if as_of is None:
            return self.contents
        from kg.store.snapshots import Snapshots, version_of

        version = version_of(self._log, as_of, self.contents.version)
        if version == self.contents.version:
            return self.contents
        if version not in self._earlier:
            past = Snapshots(self.directory).hold(self.contents, version)
            weakref.finalize(self, past.release)
            self._earlier[version] = open_snapshot(past.path, version)
        return self._earlier[version]

    def _check(self, document: Document) -> "Report":
        from kg import ontology
        from kg.facts import submissions
        from kg.gate.gate import Gate

        submission = self._parsed(document, self.contents)
        return submissions.check(self.contents, Gate.of(ontology.load()), submission)

    def _parsed(self, document: Document, store: Quads) -> "Submission":
        from kg.facts import submissions
        from kg.facts.kept_texts import TextsAtHand

        texts = TextsAtHand(self.directory, store)
        return submissions.parse(document.data, document.format, supersedes=document.supersedes, texts=texts)

    def _answer(self, job: QueryJob) -> Answer:
        if federation.is_meant(job.text):
            settings = Settings.from_environment()
            job = federation.asked_now(job, settings.allow, QueryLimits.of(settings).services(job))
        evaluated = evaluate(self._as_of(job.as_of), job)
        return Answer(evaluated.choice.media_type, evaluated.write, evaluated.warnings, job.understood)


def _large(document: Document) -> "LargeSubmission | None":
    """Return the document as a large submission if it is to be added in bulk, else None.

    Another thread builds the gate meanwhile, as most of the work here is the engine's.
    """
    from kg.facts.judges.release_gate import release_gate
    from kg.facts.loads import large_submission

    if len(document.data) < large_submission.LARGE:
        return None
    with ThreadPoolExecutor(1) as building:
        building.submit(release_gate)
        return large_submission.found_in(document.data, document.format, document.name)
