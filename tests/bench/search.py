"""Search among a million labels: how long searches take, and what the index costs a commit.

    python -m tests.bench.search [--labels 1000000]

The graph is generated: persons, offices, meetings and statements with names in English, Spanish and
Portuguese, from syllables by a fixed seed. Times are those of one thread, on an index that is in the cache of
the file system. Searches that a typing error was put in are also counted by whether the thing is found.
"""

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE
from time import perf_counter, process_time, thread_time

from pyoxigraph import Literal, NamedNode, Quad

from kg import iris
from kg.changes import Delta, Provenance
from kg.query.search import tables, upkeep
from kg.query.search.folding import fold
from kg.query.search.index import SearchIndex
from kg.query.search.search import SearchQuery, search
from kg.store.store import Store
from kg.terms import DIP, RDF, RDFS

ME = Provenance("Ana")
SEARCHES = 200
COMMITS = 30
BAR = 0.010
"""Seconds within which half of all searches are answered."""
GRAPH, TERMS = NamedNode("urn:bench"), NamedNode(iris.TERMS_GRAPH)
CLASSES = (DIP.PERSON, DIP.OFFICE, DIP.HAPPENING, DIP.STATEMENT)
FORMS = {
    "en": ("{} {}", "President of {}", "Meeting of {} and {} in {}", "{} {} criticizes {}"),
    "es": ("{} {}", "Presidencia de {}", "Reunión de {} y {} en {}", "{} {} critica a {}"),
    "pt": ("{} {}", "Presidência de {}", "Encontro de {} e {} em {}", "{} {} critica {}"),
}
ONSETS = (*"bcdfghjklmnprstvwyz", "br", "ch", "cl", "cr", "dr", "fl", "gr", "gu", "ll", "pr", "qu", "tr")
VOWELS = (*"aaaeeeiioou", "á", "é", "í", "ó", "ia", "ie")
CODAS = ("", "", "", "n", "r", "s", "l", "m", "z", "nd")


class World:
    """Names of things by a fixed seed, each name in three languages."""

    def __init__(self, labels: int) -> None:
        self._random = random.Random(5)
        self.things = labels // len(FORMS)
        self._given = [self._word(2) for _ in range(3_000)]
        self._family = [self._word(3) for _ in range(60_000)]
        self._places = [self._word(3) for _ in range(20_000)]

    def quads(self) -> Iterator[Quad]:
        """Yield the facts of all things."""
        yield Quad(DIP.PERSON, RDFS.SUB_CLASS_OF, DIP.ACTOR, TERMS)
        for number in range(self.things):
            yield from self.facts(number)

    def facts(self, number: int) -> Iterator[Quad]:
        """Yield the facts of one thing: type, names, and what it mentions; the first are mentioned most."""
        node, kind = thing(number), self._random.choices(range(4), (5, 1, 3, 2))[0]
        parts = self._parts(kind)
        yield Quad(node, RDF.TYPE, CLASSES[kind], GRAPH)
        for lang, forms in FORMS.items():
            yield Quad(node, RDFS.LABEL, Literal(forms[kind].format(*parts), language=lang), GRAPH)
        for predicate in (DIP.CONCERNS, DIP.MADE_BY)[: 1 + (kind == 3)]:
            yield Quad(node, predicate, thing(int(number * self._random.random() ** 3)), GRAPH)

    def _parts(self, kind: int) -> list[str]:
        choose = self._random.choice
        if kind == 0:
            return [choose(self._given), choose(self._family)]
        if kind == 1:
            return [choose(self._places)]
        return [choose(self._family), choose(self._family), choose(self._places)]

    def _word(self, syllables: int) -> str:
        choose = self._random.choice
        count = self._random.randint(syllables - 1, syllables + 1)
        return "".join(choose(ONSETS) + choose(VOWELS) + choose(CODAS) for _ in range(count)).capitalize()


def thing(number: int) -> NamedNode:
    """Name a thing."""
    return NamedNode(f"{iris.DATA}thing-{number}")


def misspelt(text: str, chance: random.Random) -> str:
    """Put one typing error in a text, behind its first letter."""
    place = chance.randrange(1, len(text) - 1)
    before, letter, after = text[:place], text[place], text[place + 1 :]
    return chance.choice(
        (
            before + after,
            f"{before}x{letter}{after}",
            f"{before}x{after}",
            before + after[:1] + letter + after[1:],
        )
    )


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "exact name": lambda name, _: name,
    "one word of a name": lambda name, chance: chance.choice(
        [word for word in fold(name).split() if len(word) > 2]
    ),
    "beginning of a name": lambda name, _: name[: max(4, len(name) * 2 // 3)],
    "beginning of a word": lambda name, _: max(fold(name).split(), key=len)[:4],
    "name with an error": misspelt,
    "word with an error": lambda name, chance: misspelt(max(fold(name).split(), key=len), chance),
    "name in no graph": lambda name, _: f"zqxw {fold(name)[::-1]}",
}


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--labels", type=int, default=1_000_000)
    labels = parser.parse_args().labels
    folder = Path(tempfile.mkdtemp(prefix="kg-bench-"))
    try:
        world = World(labels)
        with Store.open(folder / "data") as store:
            began = perf_counter()
            count = _loaded(store, world)
            print(
                f"{count} quads, {world.things * len(FORMS)} labels: {perf_counter() - began:.0f} s to load"
            )
            _build(store)
            with SearchIndex.open(store.directory) as index:
                _search(index, world)
            _commits(store, world)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _loaded(store: Store, world: World) -> int:
    quads = tuple(world.quads())
    store.commit(Delta(quads), ME)
    return len(quads)


def _build(store: Store) -> None:
    began, worked = perf_counter(), process_time()
    upkeep.bring_up_to_date(store.directory, lambda: store, lambda _: None)
    size = tables.path_in(store.directory).stat().st_size
    print(
        f"index built: {perf_counter() - began:.0f} s ({process_time() - worked:.0f} s of CPU),"
        f" {size / 1e6:.0f} MB"
    )


def _search(index: SearchIndex, world: World) -> None:
    chance, every, worked = random.Random(7), [], []
    print(f"{'search':22} {'p50':>8} {'p95':>8} {'longest':>8}  found among the first 20")
    for kind, make in KINDS.items():
        times, found = [], 0
        for _ in range(SEARCHES):
            iri, name = _named(index, thing(chance.randrange(world.things)).value, chance)
            text = make(name, chance)
            began, working = perf_counter(), thread_time()
            hits = search(index, SearchQuery(text)).hits
            times.append(perf_counter() - began)
            worked.append(thread_time() - working)
            found += any(hit.iri == iri for hit in hits)
        every += times
        print(f"{kind:22} {_table(times)}  {found} of {SEARCHES}", flush=True)
    verdict = "within" if statistics.median(every) < BAR else "OVER"
    print(f"{'all':22} {_table(every)}  p50 {verdict} {BAR * 1000:g} ms")
    print(f"{'all, time of CPU':22} {_table(worked)}", flush=True)


def _table(times: list[float]) -> str:
    ordered = sorted(times)
    shown = (statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1])
    return " ".join(f"{each * 1000:5.1f} ms" for each in shown)


def _named(index: SearchIndex, iri: str, chance: random.Random) -> tuple[str, str]:
    with index.reading() as connection:
        names = connection.execute(
            "SELECT text FROM name JOIN thing ON thing.id = name.thing WHERE iri = ? ORDER BY name.id", (iri,)
        ).fetchall()
    return iri, str(chance.choice(names)[0])


def _commits(store: Store, world: World) -> None:
    """Time commits of some facts without an index, and with a keeper that takes them in meanwhile."""
    alone = _commit_times(store, world, world.things)
    took = []
    upkeep.bring_up_to_date(store.directory, lambda: store, lambda _: None)
    for number in range(COMMITS):
        store.commit(Delta(tuple(world.facts(world.things + COMMITS + number))), ME)
        began = perf_counter()
        upkeep.bring_up_to_date(store.directory, lambda: store, lambda _: None)
        took.append(perf_counter() - began)
    beside = _beside_keeper(store, lambda: _commit_times(store, world, world.things + 3 * COMMITS))
    longer = statistics.median(beside) - statistics.median(alone)
    print(f"{'commit of one thing':34} {_table(alone)}")
    print(f"{'the same, its keeper at work':34} {_table(beside)}  p50 {longer * 1000:+.1f} ms")
    print(f"{'until a commit is in the index':34} {_table(took)}")


def _beside_keeper(store: Store, work: Callable[[], list[float]]) -> list[float]:
    """Do work while a keeper process takes in whatever is committed."""
    program = (
        "-c",
        "from kg.query.keeper import main; main()",
        "kg.query.search.upkeep",
        str(store.directory),
    )
    with subprocess.Popen([sys.executable, *program], stdin=PIPE, stdout=PIPE) as keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        keeper.stdin.write(b"\n")
        keeper.stdin.flush()
        keeper.stdout.readline()  # it is at work from now on
        keeper.stdin.write(b"\n" * 1000)
        keeper.stdin.flush()
        times = work()
        keeper.kill()
        return times


def _commit_times(store: Store, world: World, first: int) -> list[float]:
    times = []
    for number in range(COMMITS):
        delta = Delta(tuple(world.facts(first + number)))
        began = perf_counter()
        store.commit(delta, ME)
        times.append(perf_counter() - began)
    return times


if __name__ == "__main__":
    main()
