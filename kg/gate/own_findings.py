"""Findings that rest on one record alone, whatever is said of the records around it."""

from kg.gate.reports import Violation
from kg.gate.rules import (
    contested_words,
    copies,
    identifiers,
    neutral_words,
    placement,
    references,
    stated_dates,
)
from kg.gate.shacl import paths
from kg.iris import PREFIXES

_RULES = frozenset(
    rule.RULE
    for rule in (
        contested_words,
        copies,
        identifiers,
        neutral_words,
        placement,
        references,
        stated_dates,
    )
)
_COMPONENTS = frozenset(
    f"{PREFIXES['sh']}{name}ConstraintComponent"
    for name in (
        *("MinCount", "MaxCount", "Datatype", "NodeKind", "Class", "In", "Or", "Pattern", "LanguageIn"),
        *("MinLength", "MaxLength", "MinInclusive", "MaxInclusive", "MinExclusive", "MaxExclusive"),
    )
)
"""Those that look at the values of a property, and at most at the classes of these."""


def rests_on_its_record(violation: Violation) -> bool:
    """Tell if a finding follows from what is said of its focus node and from the classes of its value."""
    if violation.rule in _RULES:
        return True
    is_plain = isinstance(violation.path, paths.Step) and not violation.path.inverse
    return is_plain and violation.component in _COMPONENTS
