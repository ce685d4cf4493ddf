"""Examples of each record, taken from the seed graph, so that none of them is invented.

An example may include rows of other records, without which it would not be accepted.
"""

from kg.importers.table.examples import actors, assessments, happenings, statements
from kg.importers.table.examples.grounds import Examples

EXAMPLES: Examples = {
    **actors.EXAMPLES,
    **statements.EXAMPLES,
    **happenings.EXAMPLES,
    **assessments.EXAMPLES,
}
