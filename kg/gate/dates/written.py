"""Reader of dates in words: "26 January 2025", "del 26 al 27 de enero de 2025", "since 2019".

It searches the text for dates; the words around a date say how it limits the period: "before", "between",
"about". A date needs its year: "11 March" gives none. Editorial additions in square brackets are ignored.
A text may contain several dates; an ambiguous date ("03/04/2025") yields both readings.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

from kg.gate.dates import names
from kg.gate.dates.calendar import Period, hull
from kg.gate.dates.parts import DateReading, Part, Text, Ways
from kg.gate.dates.tokens import tokens

LONGEST = 500
"""Maximum characters of a text; longer texts give no date."""
_MOST_WAYS = 8


@lru_cache(maxsize=4096)
def readings(words: str) -> tuple[DateReading, ...]:
    """Return the distinct dates that words give.

    >>> [str(each.period) for each in readings("26-27 January 2025")]
    ['2025-01-26/2025-01-27']
    >>> readings("on a Sunday in February")
    ()
    """
    if len(words) > LONGEST:
        return ()
    text = Text(tokens(words))
    found = list(dict.fromkeys(_readings(text)))
    return tuple(dict.fromkeys([*found, *_between_open_bounds(found)]))


def _readings(text: Text) -> Iterator[DateReading]:
    place = 0
    while place < len(text.tokens):
        chain, end = _chain(text, place)
        if chain:
            yield from _in_context(text, place, end, chain)
        place = max(end, place + 1)


@lru_cache(maxsize=4096)
def dates_a_day(words: str, is_bound: bool = False) -> bool:
    """Return whether a text states just a day, and does not relate it to something else.

    A day in figures must be unambiguous. With ``is_bound``, words for the begin or end of a span are allowed.

    >>> dates_a_day("on Sunday, 26 January 2025"), dates_a_day("allegedly on 26 January 2025")
    (True, False)
    """
    text = Text(tokens(words[:LONGEST]))
    allowed = names.HARMLESS | names.BOUNDING if is_bound else names.HARMLESS
    place = 0
    while place < len(text.tokens):
        chain, end = _chain(text, place)
        if any(len(ways) > 1 for ways in chain.dates):
            return False
        if not chain and not _is_harmless(text, place, allowed):
            return False
        place = max(end, place + 1)
    return True


def _is_harmless(text: Text, place: int, allowed: frozenset[str]) -> bool:
    """Return whether a token beside a date is an allowed word or part of a time of day."""
    if text.number(place) is None:
        return text.tokens[place].kind == "clock" or text.word(place) in allowed
    return text.word(place + 1) in names.TIMES or text.word(place - 1) in names.BEFORE_A_TIME


class _Chain:
    """Dates joined by words ("26 and 27 January 2025"), and the kind of joint before each date."""

    def __init__(self) -> None:
        self.dates: list[Ways] = []
        self.joints: list[str] = []

    def __bool__(self) -> bool:
        return bool(self.dates)


def _chain(text: Text, place: int) -> tuple[_Chain, int]:
    """Return the chain of dates at a position, empty if there is none, and the position after it."""
    chain, joint, end = _Chain(), "", place
    ends: list[int] = []
    while found := text.date_at(place):
        chain.dates.append(found[0])
        chain.joints.append(joint)
        end = found[1]
        ends.append(end)
        joint, place = _joint(text, end)
        if not joint:
            break
    while chain.dates and chain.dates[-1][0].is_bare_day:  # a bare number needs a later month
        chain.dates.pop()
        chain.joints.pop()
        ends.pop()
    return chain, ends[-1] if ends else end


def _joint(text: Text, place: int) -> tuple[str, int]:
    """Return the kind of a joint between dates (``to``, ``or``, ``and``, none), and the position after it."""
    kinds: set[str] = set()
    while word := text.word(place):
        for kind, words in _JOINTS.items():
            if word in words:
                kinds.add(kind)
        if word not in names.PASSED_OVER and not any(word in words for words in _JOINTS.values()):
            break
        place += 1
    return next((kind for kind in _JOINTS if kind in kinds), ""), place


_JOINTS = {"to": names.TO, "or": names.OR, "and": names.AND}


def _in_context(text: Text, start: int, end: int, chain: _Chain) -> Iterator[DateReading]:
    """Yield the meanings of a chain of dates, given the words before and after it."""
    phrases = (_effect_before(text, start), _effect_after(text, end))
    effects = {effect for effect in phrases if effect}
    if "to" in chain.joints:
        effects -= {"since", "until"}  # "from 3 to 5 May"
    if "no date" in effects:
        return
    for ways in islice(product(*chain.dates), _MOST_WAYS):
        groups = _spans(_completed(ways), chain.joints)
        if groups is None:
            continue
        if "between" in effects or "or" in chain.joints:
            groups = [_bounded(hull(group.period for group in groups))]
        elif len(groups) > 1:
            groups = [*groups, _bounded(hull(group.period for group in groups))]
        for effect in effects:
            groups = [changed for group in groups for changed in _changed(group, effect)]
        yield from groups


def _completed(ways: Sequence[Part]) -> list[Part]:
    """Complete each date from its neighbours: "26" before "27 January 2025" gets that month and year."""
    parts = list(ways)
    for place in range(1, len(parts)):
        part, before = parts[place], parts[place - 1]
        if part.day and not part.month and part.year:
            parts[place] = Part(part.day, before.month, part.year)
    for place in range(len(parts) - 2, -1, -1):
        part, after = parts[place], parts[place + 1]
        if part.period is None and part.year is None:
            parts[place] = Part(part.day, part.month or after.month, after.year)
    return parts


def _spans(parts: Sequence[Part], joints: Sequence[str]) -> list[DateReading] | None:
    """Return the dates' meanings, with dates joined by ``to`` as one span; None if one has no meaning."""
    found: list[DateReading] = []
    for part, joint in zip(parts, joints, strict=True):
        if (reading := part.reading()) is None:
            return None
        if joint == "to":
            before = found.pop().period
            if reading.period.is_before(before) or before == reading.period:
                return None
            reading = _bounded(hull((before, reading.period)))
        found.append(reading)
    return found


def _bounded(period: Period) -> DateReading:
    return DateReading("bounded", period)


def _effect_before(text: Text, place: int) -> names.Effect | None:
    """Return the effect of the phrase before a date; small words in between are skipped."""
    while place > 0:
        for length in range(names.LONGEST_PHRASE, 0, -1):
            phrase = tuple(text.word(each) for each in range(place - length, place))
            if effect := names.BEFOREHAND.get(phrase):
                return "no date" if _is_reckoned(text, place - length, effect, phrase) else effect
        if text.word(place - 1) not in names.PASSED_OVER | names.NAMED_UNITS:
            return None
        place -= 1
    return None


def _is_reckoned(text: Text, place: int, effect: names.Effect, phrase: tuple[str, ...]) -> bool:
    """Return whether a unit of time precedes "before", "after" or "from", as in "two days after"."""
    is_point = effect in ("before", "after") or phrase in (("from",), ("a", "partir"))
    return is_point and text.word(place - 1) in names.UNITS


def _effect_after(text: Text, place: int) -> names.Effect | None:
    """Return the effect of the phrase after a date."""
    place += text.word(place) in (",", "(")
    for length in range(names.LONGEST_PHRASE, 0, -1):
        phrase = tuple(text.word(each) for each in range(place, place + length))
        if effect := names.AFTERWARDS.get(phrase):
            return effect
    return None


def _changed(reading: DateReading, effect: names.Effect) -> Iterator[DateReading]:
    """Yield a date if the phrase keeps it, and the bounds that the phrase makes of it."""
    first, last = reading.period.first, reading.period.last
    if effect in ("since", "until", "between"):
        yield reading
    if effect in ("since", "not before") and first:
        yield _bounded(Period(first, None))
    elif effect in ("until", "not after") and last:
        yield _bounded(Period(None, last))
    elif effect == "before" and first:
        yield _bounded(Period(None, first.before()))
    elif effect == "after" and last:
        yield _bounded(Period(last.after(), None))


def _between_open_bounds(readings: Iterable[DateReading]) -> Iterator[DateReading]:
    """Yield periods between two separate bounds: "after May 2019 and before 2021"."""
    periods = [reading.period for reading in readings]
    for start, end in product(periods, periods):
        is_pair = start.first and not start.last and end.last and not end.first
        if is_pair and not Period(None, end.last).is_before(start):
            yield _bounded(Period(start.first, end.last))


def is_read(words: str, language: str) -> bool:
    """Return whether dates are read in a text's language and script."""
    is_known = language.partition("-")[0].lower() in names.LANGUAGES
    return is_known and all(token.kind != "word" or token.text.isascii() for token in tokens(words[:LONGEST]))


def numbers(words: str) -> frozenset[int]:
    """Return the whole numbers that a text holds, in any script's digits."""
    found: set[int] = set()
    for token in tokens(words[:LONGEST]):
        if token.number is not None:
            found.add(token.number)
        elif token.kind in ("iso", "figures"):
            found.update(
                int(part) for part in token.text.replace("/", "-").replace(".", "-").split("-") if part
            )
    return frozenset(found)
