"""Coded rows as N-Quads, as an import writes them: invented, of any number, with what makes them hard.

A few pairs of actors have most rows. Rows lack an actor or a place, bear two ids (mirrored), have several
actors, or stand in two graphs; days are inferred, actors unresolved or doubtful, and one resolves to two.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from kg.iris import DATA, KINDS, PREFIXES, TERMS

FIRST_DAY = date(2021, 6, 1)
DAYS = 5 * 365
CODERS = (("gdelt-project", "cameo", "gdelt"), ("icews", "cameo", "icews"), ("polecat", "plover", "polecat"))
STATES = ("united-states", "colombia", "venezuela", "mexico", "ecuador", "nicaragua")
CAMEO = (
    *("010", "020", "036", "040", "042", "043", "051", "057", "061", "071", "080", "0841", "090", "100"),
    *("111", "112", "1121", "120", "130", "138", "140", "141", "163", "173", "190", "195"),
)
PLOVER = (
    *("consult", "support", "accuse", "threaten", "consult-visit", "aid", "protest", "sanction", "assault"),
    "reject",
)

_TYPE = f"<{PREFIXES['rdf']}type>"
_LABEL = f"<{PREFIXES['rdfs']}label>"
_TITLE = f"<{PREFIXES['dcterms']}title>"
_DATE = f"<{PREFIXES['xsd']}date>"
_DECIMAL = f"<{PREFIXES['xsd']}decimal>"


def _term(name: str) -> str:
    return f"<{TERMS}{name}>"


def _thing(name: str) -> str:
    return f"<{DATA}{name}>"


def _kind(name: str) -> str:
    return f"<{KINDS}{name}>"


def lines(rows: int, *, seed: int = 1, files: int = 3, actors: int = 400) -> Iterator[bytes]:
    """Yield the lines of so many rows in so many graphs, some thousand lines at a time."""
    for number in range(files):
        share = rows // files + (number < rows % files)
        yield from CodedFile(number, share, seed, actors).lines()


class CodedFile:
    """One file of a coder, which is one graph."""

    def __init__(self, number: int, rows: int, seed: int, actors: int) -> None:
        self.coder, self.scheme, self.prefix = CODERS[number % len(CODERS)]
        self._rows, self._number, self._actors = rows, number, actors
        self._random = Random(seed * 1000 + number)
        self.graph = _thing(f"coded-file-{number:012x}")
        self.run = _thing(f"coding-run-{number:012x}")
        codes = CAMEO if self.scheme == "cameo" else PLOVER
        self._codes = [_kind(f"{self.scheme}-{code}") for code in codes]
        self._end = f" {self.graph} .\n"

    def lines(self) -> Iterator[bytes]:
        """Yield the lines of the file, some thousand at a time."""
        yield "".join(self._head()).encode()
        block: list[str] = []
        for row in range(self._rows):
            block += self._row(row)
            if len(block) > 20_000:
                yield "".join(block).encode()
                block = []
        yield "".join(block).encode()

    def _say(self, subject: str, *pairs: tuple[str, str]) -> Iterator[str]:
        for predicate, value in pairs:
            yield f"{subject} {predicate} {value}{self._end}"

    def _head(self) -> Iterator[str]:
        coder, file = _thing(self.coder), _thing(f"coded-source-{self._number:012x}")
        yield from self._say(
            coder,
            (_TYPE, _term("Organization")),
            (_LABEL, f'"{self.coder}"@en'),
            (_term("foundIn"), file),
        )
        yield from self._say(
            self.run,
            (_TYPE, _term("CodingRun")),
            (_term("assessedBy"), coder),
            (_term("usesScheme"), _kind(self.scheme)),
            (_term("schemeVersion"), '"1.1b3"'),
        )
        yield from self._say(
            file,
            (_TYPE, _term("Source")),
            (_TITLE, f'"Rows of {self.coder}, {self._number}"'),
            (_term("hasKind"), _kind("data-table")),
            (_term("publishedBy"), coder),
        )
        yield from self._say(
            _thing(f"coded-report-{self._number:012x}"),
            (_TYPE, _term("Report")),
            (_term("reports"), self.run),
            (_term("foundIn"), file),
            (_term("hedgedAs"), _kind("plain")),
            (_term("basedOn"), _kind("recorded-as-data")),
        )
        for day in range(DAYS):
            yield from self._day(FIRST_DAY + timedelta(day))
        for number in range(self._actors):
            yield from self._actor(number)

    def _day(self, day: date) -> Iterator[str]:
        for suffix, basis in (("", "stated"), ("-inferred", "inferred")):
            if suffix and day.day != 1:
                continue
            value = f'"{day}"^^{_DATE}'
            yield from self._say(
                _thing(f"coded-day-{day}{suffix}"),
                (_TYPE, _term("TimeSpan")),
                (_term("dateAsWritten"), f'"{day}"'),
                (_term("date"), value),
                (_term("earliest"), value),
                (_term("latest"), value),
                (_term("hasPrecision"), _kind("day")),
                (_term("dateBasis"), _kind(basis)),
                *([(_term("inferenceNote"), '"A year before the day of the file."@en')] if suffix else []),
            )

    def _actor(self, number: int) -> Iterator[str]:
        coded = self._coded(number)
        yield from self._say(
            coded,
            (_TYPE, _term("CodedActor")),
            (_term("codedName"), f'"ACTOR \\"{number}\\""'),
            (_term("actorCode"), f'"A{number:03}"'),
        )
        if number % 7 == 6:
            return
        resolved = [STATES[number]] if number < len(STATES) else [STATES[number % len(STATES)]]
        resolved += [STATES[(number + 1) % len(STATES)]] if number == 13 else []
        for state in resolved if number % 3 or number < 12 else [STATES[0]]:
            resolution = _thing(f"resolution-{self._number}-{number}-{state}")
            yield from self._say(
                resolution,
                (_TYPE, _term("ActorResolution")),
                (_term("assesses"), coded),
                (_term("resolvesTo"), _thing(state)),
                (_term("hasVerdict"), _kind("undecided" if number % 11 == 10 else "same")),
                (_term("assessedBy"), _thing(self.coder)),
                (_term("inferenceNote"), '"By its code."@en'),
                *([(_term("score"), f'"0.5"^^{_DECIMAL}')] if number % 11 == 10 else []),
            )
            report = _thing(f"coded-report-{self._number:012x}")
            yield from self._say(report, (_term("reports"), resolution))

    def _coded(self, number: int) -> str:
        return _thing(f"{self.prefix}-actor-{number}")

    def _some_actor(self) -> str:
        return self._coded(min(int(self._random.paretovariate(0.9)) - 1, self._actors - 1))

    def _row(self, number: int) -> list[str]:
        chance = self._random.random
        shared = number % 50 == 0
        row = _thing(f"{self.prefix}-{number}" if shared else f"{self.prefix}-{self._number}-{number}")
        day = FIRST_DAY + timedelta(int(DAYS * chance() ** 0.7))
        inferred = "-inferred" if day.day == 1 and chance() < 0.5 else ""
        end = self._end
        said = [
            f"{row} {_TYPE} {_term('CodedOccurrence')}{end}",
            f"{row} {_term('codedIn')} {self.run}{end}",
            f"{row} {_term('codedActor')} {self._some_actor()}{end}",
            f"{row} {_term('codedAs')} {self._codes[int(len(self._codes) * chance() ** 1.5)]}{end}",
            f"{row} {_term('occursAt')} {_thing(f'coded-day-{day}{inferred}')}{end}",
            f'{row} {_term("intensity")} "{19 * chance() - 9.5:.3f}1"^^{_DECIMAL}{end}',
            f'{row} {_term("rowId")} "{number}"{end}',
            f'{row} {_term("story")} "https://example.org/news/{number // 3}"{end}',
        ]
        if chance() < 0.9:
            said.append(f"{row} {_term('codedTarget')} {self._some_actor()}{end}")
        if chance() < 0.05:
            said.append(f'{row} {_term("rowId")} "m{number}"{end}')
        if self.scheme == "plover" and chance() < 0.1:
            said.append(f"{row} {_term('codedTarget')} {self._some_actor()}{end}")
        return list(dict.fromkeys(said))
