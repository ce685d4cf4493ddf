"""N-Quads to rows: SQL that parses lines as store and log write them, without Python code per line.

Each line is one quad in the normal form of the store. An IRI loses its brackets, a literal its quotes and
escapes. A quad about a quoted triple is left out, as none of our terms takes one.
"""

from pathlib import Path

from kg import iris
from kg.iris import TERMS
from kg.terms import DCTERMS, RDF, RDFS, SKOS

NAMING = (RDFS.LABEL.value, SKOS.PREF_LABEL.value, DCTERMS.TITLE.value)
"""The properties that name things; the first of these that a thing has is its label."""
_GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
LATITUDE, LONGITUDE = _GEO + "lat", _GEO + "long"
RIGHTS = DCTERMS.RIGHTS.value
_OTHERS = (
    *(RDF.TYPE.value, RDFS.SUB_CLASS_OF.value, *NAMING),
    *(SKOS.BROADER.value, SKOS.NOTATION.value, SKOS.IN_SCHEME.value),
    *(LATITUDE, LONGITUDE, RIGHTS),
    *(DCTERMS.CREATOR.value, DCTERMS.SOURCE.value, DCTERMS.LICENSE.value),
    *(SKOS.ALT_LABEL.value, SKOS.NOTE.value, SKOS.DEFINITION.value),
)
_NOT_TAKEN = (iris.SHAPES_GRAPH, iris.ALIGNMENTS_GRAPH, iris.PROVENANCE_GRAPH, iris.EMPTY_GRAPHS)

COLUMNS = ("s", "p", "o", "kind", "lang", "g")
"""The columns of a table of quads. ``kind`` is ``i`` for an IRI, ``b`` for a blank node, the IRI of its
datatype for a typed literal, and ``l`` for another literal."""

_LONGEST_LINE = 1 << 23
"""Maximum bytes of a line; DuckDB's reader uses a multiple of it as its buffer."""


def quoted(text: str) -> str:
    """Return a text as an SQL literal.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def listed(texts: tuple[str, ...] | list[str]) -> str:
    """Return texts as SQL literals in parentheses."""
    return f"({', '.join(map(quoted, texts))})"


def read_lines(path: Path) -> str:
    """Return SQL that yields the lines of a file (plain, gz or zst) in a column ``line``."""
    return (
        f"SELECT line FROM read_csv({quoted(str(path))}, columns = {{'line': 'VARCHAR'}}, header = false,"
        " delim = '\x01', quote = '', escape = '', auto_detect = false, compression = 'auto',"
        f" max_line_size = {_LONGEST_LINE})"
    )


def quads_of(lines: str) -> str:
    """Return SQL for those quads of lines that the tables need: quads with our terms, and names.

    ``lines`` is a query with a column ``line``.
    """
    return f"""
WITH split AS (
  SELECT line, split_part(line, ' ', 1) AS subject, split_part(line, ' ', 2) AS property
  FROM ({lines}) WHERE line NOT LIKE '<<%'
), known AS (
  SELECT subject, property[2:-2] AS p, line[length(subject) + length(property) + 3:] AS rest FROM split
  WHERE starts_with(property, {quoted("<" + TERMS)}) OR property[2:-2] IN {listed(_OTHERS)}
), parsed AS (
  SELECT subject, p, rest, rest[1] = '"' AS is_literal, CASE WHEN rest[1] = '"' THEN split_part(rest, '"', -1)
    ELSE rest END AS tail
  FROM known WHERE rest[1:2] <> '<<'
), named AS (
  SELECT subject, p, is_literal, CASE WHEN is_literal THEN rest[2:length(rest) - length(tail) - 1] END
    AS content,
    split_part(tail, ' ', 1) AS object, split_part(tail, ' ', 2) AS graph
  FROM parsed
)
SELECT CASE WHEN subject[1] = '<' THEN subject[2:-2] ELSE subject END AS s, p,
  CASE WHEN is_literal THEN CASE WHEN contains(content, '\\')
    THEN json_extract_string('"' || content || '"', '$')
    ELSE content END WHEN object[1] = '<' THEN object[2:-2] ELSE object END AS o,
  CASE WHEN NOT is_literal THEN CASE WHEN object[1] = '<' THEN 'i' ELSE 'b' END
    WHEN object[1] = '^' THEN object[4:-2] ELSE 'l' END AS kind,
  CASE WHEN is_literal AND object[1] = '@' THEN object[2:] ELSE '' END AS lang,
  CASE WHEN graph[1] = '<' THEN graph[2:-2] ELSE '' END AS g
FROM named WHERE (CASE WHEN graph[1] = '<' THEN graph[2:-2] ELSE '' END) NOT IN {listed(_NOT_TAKEN)}"""
