"""Repeated rows: exact duplicates, ids that occur twice, and meetings coded in both directions."""

from dataclasses import dataclass, field

import polars as pl

from kg.importers.events.rows import REFUSED, ROW, columns, nothing

_ITSELF = (
    *("cameo-040", "cameo-041", "cameo-044", "cameo-046"),
    *("plover-consult", "plover-consult-visit", "plover-consult-phone", "plover-consult-third-party"),
    "plover-consult-multilateral",
)
"""Codes whose mirror is the same code with the actors exchanged."""
_VISITS = ("cameo-042", "cameo-043")
"""The codes of making a visit and of receiving it."""
REPEATED = "the row is an exact duplicate of an earlier one"
_MOST_WAITING = 500_000
_HASHES = {"key_hash": pl.UInt64(), "text_hash": pl.UInt64()}


@dataclass
class Seen:
    """The rows of a file so far, as hashes of their keys and texts: 16 bytes per row."""

    hashes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_HASHES))

    def new(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the rows with new keys, and, as rejected rows, those whose key occurred before."""
        rows = rows.with_columns(
            pl.col("key").hash(1).alias("key_hash"), pl.col("text").hash(2).alias("text_hash")
        )
        earlier_rows = self.hashes.rename({"text_hash": "known_hash"})
        rows = rows.join(earlier_rows, on="key_hash", how="left", maintain_order="left")
        first = pl.col("text_hash").first().over("key_hash")
        rows = rows.with_columns(
            pl.col("known_hash").fill_null(first).alias("known_hash"),
            (pl.col("known_hash").is_null() & (pl.int_range(pl.len()).over("key_hash") == 0)).alias("is_new"),
        )
        new = rows.filter("is_new")
        self.hashes = pl.concat([self.hashes, new.select(list(_HASHES))])
        other = pl.format("'{}' is the id of another row, which has other content", "row_id")
        reason = pl.when(pl.col("known_hash") == pl.col("text_hash")).then(pl.lit(REPEATED)).otherwise(other)
        refused = rows.filter(~pl.col("is_new")).with_columns(reason.alias("reason"))
        return columns(new, ROW), columns(refused, REFUSED)


def _of_its_own(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with copied texts: otherwise each would keep the texts of its whole block in memory."""
    texts = [name for name, kind in rows.schema.items() if kind == pl.String and name != "text"]
    copied = (pl.concat_str(name, pl.lit("")).alias(name) for name in texts)
    return rows.with_columns(*copied, pl.lit(None, dtype=pl.String).alias("text"))


@dataclass
class Folding:
    """Merges two rows of one story and day that code a meeting in both directions into one row with both ids.

    A row that may have a mirror waits for it until the end of the file, or until too many rows wait.
    """

    folded: int = 0
    waiting: pl.DataFrame = field(default_factory=lambda: nothing(ROW))

    def ready(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add rows; return those that are complete."""
        may_wait = (
            pl.col("code").is_in([*_ITSELF, *_VISITS])
            & pl.col("actors").is_not_null()
            & pl.col("targets").is_not_null()
            & pl.col("story").is_not_null()
            & (pl.col("actors") != pl.col("targets"))
        ).fill_null(value=False)
        pairs, self.waiting = self._paired(pl.concat([self.waiting, _of_its_own(rows.filter(may_wait))]))
        out = [rows.filter(~may_wait), pairs]
        if self.waiting.height > _MOST_WAITING:
            out.append(self.rest())
        return pl.concat(out)

    def rest(self) -> pl.DataFrame:
        """Return the rows without a mirror."""
        rest, self.waiting = self.waiting, nothing(ROW)
        return rest

    def _paired(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return folded rows, and rows without a mirror."""
        is_visit = pl.col("code").is_in(_VISITS)
        turned = (
            pl.when(is_visit)
            .then(pl.col("code") == _VISITS[1])
            .otherwise(pl.col("actors") > pl.col("targets"))
        )
        rows = rows.with_columns(
            turned.alias("turned"), pl.when(is_visit).then(pl.lit(_VISITS[0])).otherwise("code").alias("act")
        ).with_columns(
            pl.when("turned").then("targets").otherwise("actors").alias("one"),
            pl.when("turned").then("actors").otherwise("targets").alias("other"),
        )
        meeting = ["story", "day", "inferred", "act", "one", "other"]
        rows = rows.sort("line").with_columns(pl.int_range(pl.len()).over([*meeting, "turned"]).alias("turn"))
        on = [*meeting, "turn"]
        originals, mirrored = rows.filter(~pl.col("turned")), rows.filter("turned")
        pairs = originals.drop("mirror_id").join(
            mirrored.select(*on, pl.col("row_id").alias("mirror_id")), on=on, how="inner"
        )
        self.folded += pairs.height
        single = pl.concat(
            [originals.join(mirrored, on=on, how="anti"), mirrored.join(originals, on=on, how="anti")]
        )
        return columns(pairs, ROW), columns(single.sort("line"), ROW)
