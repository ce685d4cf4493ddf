"""SQL for the tables of coded rows: a coder states that somebody did something to somebody, on a day.

A coded row is a judgement of its coder. ``OCCURRENCES`` has one row for each pair of actors, with the curated
actors according to resolutions with the verdict "same"; ``MENTIONS`` has the stories that name a row.
"""

from dataclasses import dataclass

from kg import iris
from kg.iris import TERMS
from kg.query.columnar.lines import LATITUDE, LONGITUDE, RIGHTS, quoted
from kg.terms import DIPK, RDF, SKOS

_ROW = "CodedOccurrence"


def _dip(name: str) -> str:
    return quoted(TERMS + name)


def _one(name: str) -> str:
    return f"min(o) FILTER (p = {_dip(name)})"


def _all(name: str) -> str:
    return f"list_sort(list(o) FILTER (p = {_dip(name)}))"


def _of_class(name: str) -> str:
    return f"SELECT s FROM quad WHERE p = {quoted(RDF.TYPE.value)} AND o = {_dip(name)}"


ROW_CLASS = TERMS + _ROW
"""The class of coded rows."""
CODED_KEYS = f"""
SELECT DISTINCT s, g, o = {_dip(_ROW)} AS is_row FROM {{quads}}
WHERE p = {quoted(RDF.TYPE.value)} AND o IN ({_dip(_ROW)}, {_dip("CodedMention")})"""
"""SQL for the coded rows and their mentions among the quads of ``{quads}``, each with its graph."""

DIMENSIONS = {
    "codes": f"""
WITH RECURSIVE up(code, above) AS (
  SELECT DISTINCT s, s FROM quad WHERE p = {quoted(SKOS.IN_SCHEME.value)}
  UNION SELECT code, o FROM up JOIN quad ON s = above AND p = {quoted(SKOS.BROADER.value)}
), side AS (
  SELECT code, {_one("countsAs")} AS side, try_cast({_one("quadClassByGdelt")} AS INTEGER)
    AS quad_class_by_gdelt,
    try_cast({_one("quadClassByPlover")} AS INTEGER) AS quad_class_by_plover
  FROM up JOIN quad ON s = above GROUP BY code
), own AS (
  SELECT s AS code, min(o) FILTER (p = {quoted(SKOS.NOTATION.value)}) AS notation,
    min(o) FILTER (p = {quoted(SKOS.IN_SCHEME.value)}) AS code_list,
    min(o) FILTER (p = {quoted(SKOS.BROADER.value)}) AS broader,
    try_cast({_one("intensityByGdelt")} AS DOUBLE) AS intensity_by_gdelt,
    try_cast({_one("intensityByIcews")} AS DOUBLE) AS intensity_by_icews
  FROM quad WHERE s IN (SELECT code FROM side WHERE side IS NOT NULL) GROUP BY s
)
SELECT own.code, notation, label, code_list, broader, side, quad_class_by_gdelt, quad_class_by_plover,
  intensity_by_gdelt, intensity_by_icews
FROM own JOIN side USING (code) LEFT JOIN name ON iri = own.code ORDER BY own.code""",
    "coding_runs": f"""
WITH run AS (
  SELECT s, g, {_one("assessedBy")} AS coder, {_one("usesScheme")} AS scheme, {_one("schemeVersion")}
    AS scheme_version
  FROM quad WHERE s IN ({_of_class("CodingRun")}) GROUP BY s, g
), rights AS (SELECT s, min(o) AS rights FROM quad WHERE p = {quoted(RIGHTS)} GROUP BY s)
SELECT run.s AS run, coder, coder_name.label AS coder_label, scheme, scheme_version, evidence.source[1]
  AS source,
  evidence.source_title[1] AS source_title, evidence.hedge[1] AS hedge, evidence.basis[1] AS basis,
  rights, run.g AS graph
FROM run LEFT JOIN name AS coder_name ON coder_name.iri = coder
LEFT JOIN evidence ON evidence.record = run.s AND evidence.g = run.g
LEFT JOIN rights ON rights.s = evidence.source[1] ORDER BY run.s, run.g""",
    "coded_actors": f"""
SELECT s AS coded_actor, {_one("codedName")} AS name, {_one("actorCode")} AS actor_code,
  {_one("countryCode")} AS country_code, {_all("sector")} AS sector
FROM quad WHERE s IN ({_of_class("CodedActor")}) GROUP BY s ORDER BY s""",
    "coded_places": f"""
SELECT s AS coded_place, {_one("codedName")} AS name, {_one("countryCode")} AS country_code,
  try_cast(min(o) FILTER (p = {quoted(LATITUDE)}) AS DOUBLE) AS latitude,
  try_cast(min(o) FILTER (p = {quoted(LONGITUDE)}) AS DOUBLE) AS longitude
FROM quad WHERE s IN ({_of_class("CodedPlace")}) GROUP BY s ORDER BY s""",
    "actor_resolutions": f"""
WITH judged AS (
  SELECT s, g, {_one("assesses")} AS coded_actor, {_one("resolvesTo")} AS actor, {_one("hasVerdict")}
    AS verdict,
    try_cast({_one("score")} AS DOUBLE) AS score, {_one("assessedBy")} AS assessed_by,
      {_one("inferenceNote")} AS reason
  FROM quad WHERE s IN ({_of_class("ActorResolution")}) GROUP BY s, g
)
SELECT s AS record, coded_actor, actor, label AS actor_label, verdict = {quoted(DIPK.SAME.value)} AS counts,
  verdict, score,
  assessed_by, reason, g AS graph
FROM judged LEFT JOIN name ON iri = actor WHERE coded_actor IS NOT NULL ORDER BY s, g""",
    "coding_grounds": f"""
SELECT DISTINCT happening.o AS happening, rests.o AS occurrence, rests.s AS coding
FROM quad AS rests JOIN quad AS happening ON happening.s = rests.s AND happening.p = {_dip("assesses")}
WHERE rests.p = {_dip("restsOn")} ORDER BY ALL""",
}
"""SQL for the small tables beside the coded rows, by name: codes, coding runs, actors, places, and so on."""

RESOLVED = """
CREATE OR REPLACE TABLE resolved AS
SELECT DISTINCT coded_actor, actor FROM actor_resolutions WHERE counts AND actor IS NOT NULL
"""


@dataclass(frozen=True)
class RowTable:
    """A table of coded rows. Each file holds complete rows, so that later rows only add a file.

    ``key`` is the column of the row's IRI. ``read`` is SQL for the rows of ``read_quad`` that ``coded_key``
    names; ``completed`` adds to ``{rows}`` the columns that depend on the record; ``sorted`` puts ``{rows}``
    in the order of a file. ``added`` lists the columns that these two add.
    """

    name: str
    key: str
    is_of_rows: bool
    read: str
    completed: str
    sorted: str
    added: tuple[str, ...] = ()


_READ = "read_quad SEMI JOIN (SELECT * FROM coded_key WHERE {is_row}) USING (s, g) GROUP BY s, g"
_FIRST = "coalesce(actor, coded_actor, '')"
_SECOND = "coalesce(target, coded_target, '')"

OCCURRENCES = RowTable(
    "coded_occurrences",
    "occurrence",
    is_of_rows=True,
    read=f"""
WITH entry AS (
  SELECT s AS occurrence, g AS graph, {_one("codedIn")} AS run, {_all("codedActor")} AS coded_actors,
    {_all("codedTarget")} AS coded_targets, {_one("codedAs")} AS code, {_one("occursAt")} AS at_span,
    {_one("codedPlace")} AS coded_place, try_cast({_one("intensity")} AS DECIMAL(9, 4)) AS intensity,
    {_all("rowId")} AS row_ids, {_one("story")} AS story, {_all("codedContext")} AS contexts
  FROM {_READ.format(is_row="is_row")}
), paired AS (
  SELECT * EXCLUDE (coded_actors, coded_targets), unnest(coalesce(coded_actors, [NULL])) AS coded_actor,
    coded_targets
  FROM entry
), each_pair AS (
  SELECT * EXCLUDE (coded_targets), unnest(coalesce(coded_targets, [NULL])) AS coded_target FROM paired
)
SELECT occurrence, run, coded_actor, coded_target, code, try_cast(span.date AS DATE) AS day,
  coalesce(span.date_basis, '') = {quoted(DIPK.INFERRED.value.removeprefix(iris.KINDS))} AS day_is_inferred,
  coded_place, intensity, row_ids, contexts, story, graph
FROM each_pair LEFT JOIN span ON span.iri = at_span""",
    completed="""
SELECT rows.*, sender.actor AS actor, receiver.actor AS target
FROM ({rows}) AS rows LEFT JOIN resolved AS sender ON sender.coded_actor = rows.coded_actor
LEFT JOIN resolved AS receiver ON receiver.coded_actor = rows.coded_target""",
    sorted=f"""
SELECT occurrence, md5_number_lower(occurrence) AS number,
  CASE WHEN count(*) OVER (PARTITION BY number) > 1 THEN number END AS again,
  least({_FIRST}, {_SECOND}) AS one, greatest({_FIRST}, {_SECOND}) AS two, run, coded_actor, coded_target,
  actor, target, code, day, day_is_inferred, coded_place, intensity, row_ids, len(row_ids) AS row_count,
  contexts, story, graph
FROM {{rows}}
ORDER BY one, two, day, occurrence, graph, coded_actor, coded_target, actor, target""",
    added=("actor", "target", "number", "again", "one", "two", "row_count"),
)
"""Coded rows, sorted by pair of actors: ``one`` and ``two`` are the pair, in either direction.

``number`` is 64 bits of the MD5 of the occurrence's IRI. ``again`` is that number if the occurrence has
several rows, and null if it has one.
"""

MENTIONS = RowTable(
    "coded_mentions",
    "mention",
    is_of_rows=False,
    read=f"""
WITH entry AS (
  SELECT s AS mention, g AS graph, {_one("codedIn")} AS run, {_one("rowId")} AS row_id,
    {_one("occursAt")} AS at_span, {_one("story")} AS story, try_cast({_one("score")} AS DOUBLE) AS score
  FROM {_READ.format(is_row="NOT is_row")}
)
SELECT mention, run, row_id, try_cast(span.date AS DATE) AS day, story, score, graph
FROM entry LEFT JOIN span ON span.iri = at_span""",
    completed="FROM ({rows})",
    sorted="FROM {rows} ORDER BY row_id, day, mention, graph",
)
"""Mentions of coded rows in stories, sorted by the row's id."""

ROW_TABLES = (OCCURRENCES, MENTIONS)

ACTS = f"""
WITH governed AS (
  SELECT DISTINCT s AS governor, o AS state FROM quad WHERE p = {_dip("governs")}
), one_way AS (
  SELECT made.s AS record, 'words' AS series, made.o AS actor, toward.o AS other FROM quad AS made
  JOIN quad AS toward ON toward.s = made.s AND toward.p IN ({_dip("concerns")}, {_dip("addressedTo")})
  WHERE made.p = {_dip("madeBy")}
  UNION SELECT done.s, 'deeds', done.o, toward.o FROM quad AS done
  JOIN quad AS toward ON toward.s = done.s AND toward.p IN ({_dip("directedAt")}, {_dip("receivedBy")})
  WHERE done.p IN ({_dip("performedBy")}, {_dip("givenBy")})
  UNION SELECT done.s, 'deeds', done.o, would.o FROM quad AS done
  JOIN quad AS refused ON refused.s = done.s AND refused.p = {_dip("refuses")}
  JOIN quad AS would ON would.s = refused.o AND would.p = {_dip("wouldBePerformedBy")}
  WHERE done.p = {_dip("performedBy")}
  UNION SELECT one.s, 'deeds', one.o, other.o FROM quad AS one
  JOIN quad AS other ON other.s = one.s AND other.p = {_dip("involves")} WHERE one.p = {_dip("involves")}
), sided AS (
  SELECT * FROM one_way
  UNION SELECT record, series, one_way.actor, state FROM one_way JOIN governed ON governor = other
), kind AS (SELECT s, list(DISTINCT o ORDER BY o) AS kind FROM quad WHERE p = {_dip("hasKind")} GROUP BY s),
timed AS (SELECT s, o AS at_span FROM quad WHERE p = {_dip("occursAt")})
SELECT DISTINCT record, record_name.label AS label, series, sided.actor, actor_name.label AS actor_label,
  other,
  other_name.label AS other_label, other IN (SELECT s FROM typed WHERE head = {_dip("Actor")})
    AS other_is_actor, kind.kind, {", ".join(f"span.{name}" for name in ("date", "earliest", "latest"))}
FROM sided JOIN kind ON kind.s = record LEFT JOIN timed ON timed.s = record LEFT JOIN span
  ON span.iri = at_span
LEFT JOIN name AS record_name ON record_name.iri = record LEFT JOIN name AS actor_name
  ON actor_name.iri = sided.actor
LEFT JOIN name AS other_name ON other_name.iri = other
ORDER BY record, series, actor, other, earliest, date"""
"""SQL for curated words and deeds: who said or did what toward whom; a government counts as its state too."""
