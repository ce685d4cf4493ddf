"""Query pattern for the reports that support what each graph says of a thing.

A report supports its own graph only. A claim, an act held out, an account or a disputed point has no report:
the report of a record that carries it, in the same graph, supports it (ontology/README.md, the unit of
evidence).
"""

_PATTERN = """
    { GRAPH ?graph { ?report dip:reports THING ; dip:foundIn ?source } }
    UNION {
        GRAPH ?graph {
            ?carrier dip:advances|dip:holdsOut|dip:asksFor|dip:predicts|dip:refuses THING .
            ?report dip:reports ?carrier ; dip:foundIn ?source .
        }
    }
    UNION {
        THING a dip:ProspectiveAct .
        GRAPH ?graph {
            ?carrier dip:announces|dip:appliesTo THING .
            ?report dip:reports ?carrier ; dip:foundIn ?source .
        }
    }
    UNION {
        GRAPH ?graph { THING dip:givenIn ?carrier . ?report dip:reports ?carrier ; dip:foundIn ?source }
    }
    UNION {
        GRAPH ?graph {
            THING dip:disputes ?answer .
            ?answer ^dip:advances|dip:givenIn ?carrier .
            ?report dip:reports ?carrier ; dip:foundIn ?source .
        }
    }
    UNION {
        GRAPH ?graph {
            THING dip:disputes ?carrier .
            ?report dip:reports ?carrier ; dip:foundIn ?source .
        }
    }"""


def pattern(thing: str) -> str:
    """Return the pattern that binds ?graph, ?report, its ?source and, for a carrier's report, ?carrier.

    ``thing`` is an IRI in angle brackets.
    """
    return _PATTERN.replace("THING", thing)
