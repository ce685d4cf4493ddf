"""Examples of each record. They restate what the seed graph holds, so that none of it is invented.

An example may have rows of other records beside it, without which it would not be accepted.
"""

from kg.importers.table.examples import actors, assessments, happenings, statements
from kg.importers.table.examples.grounds import Examples

EXAMPLES: Examples = {
    **actors.EXAMPLES,
    **statements.EXAMPLES,
    **happenings.EXAMPLES,
    **assessments.EXAMPLES,
}
