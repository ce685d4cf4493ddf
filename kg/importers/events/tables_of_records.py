"""Rows from single JSON or CSV records, collected into the columns of the other data sets."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from kg.importers.events.rows import PARTY, PLACE, REFUSED, ROW, Mapped, columns, number, slugs
from kg.importers.events.several import CodedParty


@dataclass(frozen=True)
class RecordPlace:
    """A place as a row names it."""

    name: str
    country: str | None = None
    latitude: str | None = None
    longitude: str | None = None


@dataclass(frozen=True)
class RecordRow:
    """An accepted row."""

    line: int
    text: str
    id: str
    code: str
    day: date
    actors: Sequence[CodedParty] = ()
    targets: Sequence[CodedParty] = ()
    contexts: Sequence[str] = ()
    place: RecordPlace | None = None
    intensity: str | None = None
    story: str | None = None


@dataclass
class RecordRows:
    """The rows of a block in their order: accepted, or refused with a reason."""

    prefix: str
    taken: list[RecordRow] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    def mapped(self) -> Mapped:
        """Return the rows as columns."""
        parties = self._parties()
        places = self._places()
        of_party = dict(parties.select("key", "slug").iter_rows())
        of_place = dict(places.select("key", "slug").iter_rows())
        rows = [
            {
                "line": row.line,
                "text": row.text,
                "row_id": row.id,
                "code": row.code,
                "day": row.day,
                "actors": " ".join(dict.fromkeys(of_party[_key(each)] for each in row.actors)) or None,
                "targets": " ".join(dict.fromkeys(of_party[_key(each)] for each in row.targets)) or None,
                "contexts": " ".join(row.contexts) or None,
                "place": of_place[repr(row.place)] if row.place else None,
                "intensity": row.intensity,
                "story": row.story,
                "inferred": False,
            }
            for row in self.taken
        ]
        frame = columns(pl.DataFrame(rows, schema=dict(ROW)), ROW)
        frame = slugs(frame.drop("key"), self.prefix, ["row_id"]).rename({"slug": "key"})
        refused = pl.DataFrame(self.refused, schema=dict(REFUSED), orient="row")
        return Mapped(
            columns(frame, ROW), columns(parties, PARTY), columns(places, PLACE), refused, self.notes
        )

    def _parties(self) -> pl.DataFrame:
        parties = {_key(each): each for row in self.taken for each in (*row.actors, *row.targets)}
        rows = [
            (key, each.name, each.code, each.country, "\t".join(each.sectors) or None, each.roles)
            for key, each in parties.items()
        ]
        names = ("key", "name", "code", "country", "sectors", "roles")
        frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
        return slugs(frame, f"{self.prefix}-actor", ["name", "code", "country"])

    def _places(self) -> pl.DataFrame:
        places = {repr(row.place): row.place for row in self.taken if row.place}
        rows = [(key, each.name, each.country, each.latitude, each.longitude) for key, each in places.items()]
        names = ("key", "name", "country", "latitude", "longitude")
        frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
        frame = frame.with_columns(
            number("latitude").alias("latitude"), number("longitude").alias("longitude")
        )
        return slugs(frame, f"{self.prefix}-place", ["name", "latitude", "longitude"])


def _key(party: CodedParty) -> str:
    """Return the key that identifies a party; if sectors differ, the first party describes it."""
    return repr((party.name, party.code, party.country))
