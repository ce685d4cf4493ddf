"""SQL that makes the tables of the record from the table ``quad``.

A row holds what one graph says about one record, and the reports of that graph: a report supports its
own graph only (``kg.query.reports``). Names, classes, the dates of a time span, the text of a passage and the
publisher of a source may come from any graph.
"""

from kg import iris
from kg.iris import TERMS
from kg.query.columnar.lines import NAMING, listed, quoted
from kg.query.columnar.tables import ColumnForm, RecordColumn, RecordTable
from kg.terms import DIP, RDF, RDFS, SKOS


def _dip(name: str) -> str:
    return quoted(TERMS + name)


_TYPE = quoted(RDF.TYPE.value)
_LOCAL = "regexp_extract({}, '[^#/]*$')"
_CLASS = _LOCAL.format("o")
_OF_A_TABLE = f"(starts_with(o, {quoted(TERMS)}) OR o = {quoted(SKOS.CONCEPT.value)})"
_OF_FACTS = f"g NOT IN {listed(iris.RELEASED_GRAPHS)}"
_RANKS = " ".join(f"WHEN {quoted(name)} THEN {rank}" for rank, name in enumerate(NAMING))

GROUNDWORK = f"""
CREATE OR REPLACE TABLE name AS
SELECT s AS iri, min_by(o, (CASE p {_RANKS} END, CASE lang WHEN 'en' THEN 0 WHEN '' THEN 1 ELSE 2 END, o))
  AS label
FROM quad WHERE kind = 'l' AND p IN {listed(list(NAMING))} GROUP BY s;

CREATE OR REPLACE TABLE above AS
WITH RECURSIVE up(class, head) AS (
  SELECT DISTINCT o, o FROM quad WHERE p = {_TYPE}
  UNION SELECT DISTINCT s, s FROM quad WHERE g = {quoted(iris.TERMS_GRAPH)}
  UNION SELECT up.class, quad.o FROM up JOIN quad ON quad.s = up.head
    AND p = {quoted(RDFS.SUB_CLASS_OF.value)}
) SELECT class, head FROM up;

CREATE OR REPLACE TABLE typed AS
SELECT DISTINCT quad.s, above.head FROM quad JOIN above ON above.class = quad.o
WHERE p = {_TYPE} AND {_OF_FACTS};

CREATE OR REPLACE TABLE span AS
SELECT s AS iri,
  min(o) FILTER (p = {_dip("date")}) AS date, min(o) FILTER (p = {_dip("dateAsWritten")}) AS date_as_written,
  try_cast(min(o) FILTER (p = {_dip("earliest")}) AS DATE) AS earliest,
  try_cast(max(o) FILTER (p = {_dip("latest")}) AS DATE) AS latest,
  {_LOCAL.format(f"min(o) FILTER (p = {_dip('hasPrecision')})")} AS date_precision,
  {_LOCAL.format(f"min(o) FILTER (p = {_dip('dateBasis')})")} AS date_basis
FROM quad WHERE s IN (SELECT s FROM typed WHERE head = {_dip("TimeSpan")}) AND {_OF_FACTS} GROUP BY s;

CREATE OR REPLACE TABLE words AS
SELECT s AS passage, min(o) AS text FROM quad WHERE p = {_dip("exactText")} GROUP BY s;

CREATE OR REPLACE TABLE report AS
WITH told AS (
  SELECT s, g, min(o) FILTER (p = {_dip("foundIn")}) AS source, min(o) FILTER (p = {_dip("hedgedAs")})
    AS hedge,
    min(o) FILTER (p = {_dip("basedOn")}) AS basis,
    string_agg(text, ' … ' ORDER BY o) FILTER (p = {_dip("quotes")}) AS quote
  FROM quad LEFT JOIN words ON p = {_dip("quotes")} AND words.passage = quad.o
  WHERE s IN (SELECT s FROM typed WHERE head = {_dip("Report")}) AND {_OF_FACTS} GROUP BY s, g
), publisher AS (
  SELECT s, min(coalesce(label, o)) AS publisher FROM quad LEFT JOIN name ON iri = o
  WHERE p = {_dip("publishedBy")} GROUP BY s
)
SELECT told.s, told.g, source, label AS source_title, publisher, {_LOCAL.format("hedge")} AS hedge,
  {_LOCAL.format("basis")} AS basis, quote
FROM told LEFT JOIN name ON iri = source LEFT JOIN publisher ON publisher.s = source;

CREATE OR REPLACE TABLE carried AS
WITH reported AS (SELECT s AS report, o AS record, g FROM quad WHERE p = {_dip("reports")} AND {_OF_FACTS}),
step AS (
  SELECT s AS carrier, o AS record, g FROM quad
  WHERE p IN {listed([TERMS + name for name in ("advances", "holdsOut", "asksFor", "refuses")])}
  UNION ALL SELECT quad.s, o, g FROM quad JOIN typed ON typed.s = o AND head = {_dip("ProspectiveAct")}
  WHERE p IN {listed([TERMS + name for name in ("announces", "appliesTo")])}
  UNION ALL SELECT o, s, g FROM quad WHERE p = {_dip("givenIn")}
), answer AS (
  SELECT quad.o AS answer, quad.s AS point, g FROM quad WHERE p = {_dip("disputes")}
), through AS (
  SELECT * FROM step
  UNION ALL SELECT step.carrier, point, answer.g FROM answer
  JOIN step ON step.record = answer.answer AND step.g = answer.g
)
SELECT report, record, g FROM reported
UNION SELECT report, through.record, reported.g FROM through
JOIN reported ON reported.record = through.carrier AND reported.g = through.g;

CREATE OR REPLACE TABLE evidence AS
SELECT record, carried.g, list(report ORDER BY report) AS report, list(source ORDER BY report) AS source,
  list(source_title ORDER BY report) AS source_title, list(publisher ORDER BY report) AS publisher,
  list(hedge ORDER BY report) AS hedge, list(basis ORDER BY report) AS basis, list(quote ORDER BY report)
    AS quote
FROM carried JOIN report ON report.s = carried.report AND report.g = carried.g GROUP BY record, carried.g;
"""
"""SQL for what all tables share: names, classes, time spans, and the reports of each record."""

EVIDENCE = ("report", "source", "source_title", "publisher", "hedge", "basis", "quote")
"""The columns of the reports: lists whose entries at one position belong to one report."""
LABEL = "_label"
"""Suffix of a column of names, behind the name of its column of IRIs."""
LANGUAGE = "_language"
"""Suffix of a column of languages, behind the name of its column of texts."""
TIME = ("date", "earliest", "latest", "date_as_written", "date_precision", "date_basis")
_OTHER_JUDGEMENTS = (
    "Stance",
    "EventCoding",
    "CodedOccurrence",
    "CodingRun",
    "CodedMention",
    "ActorResolution",
)


def make(table: RecordTable, records: str = "") -> str:
    """Return SQL that selects the rows of a table, in an order without ties.

    ``records`` is a query for the records to select, by default all of the table.
    """
    columns = [part for column in table.all_columns for part in _columns(column)]
    own = [each.split(" AS ")[-1] for each in columns]
    time = [f"span.{name}" for name in TIME] if table.has_time else []
    expressions = [
        *("own.record", "record_name.label AS label", "own.class"),
        *(f"own.{name}" for name in own),
        *time,
        f"{_layer(table)} AS layer",
        f"{f'own.{_claimant(table)}' if table.claimant else 'NULL::VARCHAR[]'} AS claimant",
        *(_evidence(name) for name in EVIDENCE),
        "own.g AS graph",
    ]
    return f"""
WITH own AS (
  SELECT quad.s AS record,
    list(DISTINCT {_CLASS} ORDER BY {_CLASS}) FILTER (p = {_TYPE} AND {_OF_A_TABLE})
      AS class,
    min(o) FILTER (p = {_dip("occursAt")}) AS at_span, min(o) FILTER (p = {_dip("foundIn")}) AS first_source,
    {"".join(f"{column}, " for column in columns)}g
  FROM quad LEFT JOIN name ON kind = 'i' AND name.iri = o
  WHERE {_OF_FACTS} AND quad.s IN ({records or records_of(table)}) GROUP BY quad.s, g
)
SELECT {", ".join(expressions)}
FROM own LEFT JOIN name AS record_name ON record_name.iri = own.record
LEFT JOIN span ON span.iri = own.at_span
LEFT JOIN evidence ON evidence.record = own.record AND evidence.g = own.g
LEFT JOIN name AS source_name ON source_name.iri = own.first_source
ORDER BY own.record, own.g"""


def records_of(table: RecordTable) -> str:
    """Return SQL that selects the records of a table."""
    records = f"SELECT s FROM typed WHERE head = {quoted(table.of_class_iri)}"
    if table.of_class_iri == DIP.ASSESSMENT.value:
        others = listed([TERMS + name for name in _OTHER_JUDGEMENTS])
        records += f" AND s NOT IN (SELECT s FROM typed WHERE head IN {others})"
    return records


def _columns(column: RecordColumn) -> list[str]:
    """Return the columns of a property: its values; for IRIs also names, for texts also languages."""
    of_property = f"p = {quoted(column.iri)}"
    row_filter = f"FILTER ({of_property})"
    texts = f"FILTER ({of_property} AND kind = 'l')"
    tagged = f"FILTER ({of_property} AND lang <> '')"
    match column.form:
        case ColumnForm.IRIS:
            iris_ = f"FILTER ({of_property} AND kind = 'i')"
            return [
                f"list(o ORDER BY o) {iris_} AS {column.name}",
                f"list(name.label ORDER BY o) {iris_} AS {column.name}{LABEL}",
            ]
        case ColumnForm.TEXTS:
            languages = f"list(lang ORDER BY lang, o) {texts}"
            return [
                f"list(o ORDER BY lang, o) {texts} AS {column.name}",
                f"CASE WHEN count(*) {tagged} > 0 THEN {languages} END AS {column.name}{LANGUAGE}",
            ]
        case ColumnForm.WORDING:
            return [
                f"min(o) {texts} AS {column.name}",
                f"nullif(min_by(lang, o) {texts}, '') AS {column.name}{LANGUAGE}",
            ]
        case ColumnForm.VALUES:
            return [f"list(o ORDER BY o) {row_filter} AS {column.name}"]
        case ColumnForm.VALUE:
            return [f"min(o) {row_filter} AS {column.name}"]
        case _:
            return [f"try_cast(min(o) {row_filter} AS {column.form.value}) AS {column.name}"]


def _claimant(table: RecordTable) -> str:
    return next(column.name for column in table.columns if column.term == table.claimant)


def _layer(table: RecordTable) -> str:
    """Return SQL for the layer of a table's class in the ontology."""
    of_class = f"SELECT head FROM above WHERE class = {quoted(table.of_class_iri)}"
    found = (
        f"SELECT lower({_LOCAL.format('min(o)')}) FROM quad WHERE p = {_dip('inLayer')} AND s IN ({of_class})"
    )
    return f"({found})"


def _evidence(name: str) -> str:
    """Return SQL for a column of the reports; without a report, the source in which the thing is found."""
    instead = {"source": "own.first_source", "source_title": "source_name.label"}.get(name)
    if instead is None:
        return f"evidence.{name}"
    return (
        f"CASE WHEN evidence.report IS NULL AND own.first_source IS NOT NULL THEN [{instead}]"
        f" ELSE evidence.{name} END AS {name}"
    )
