"""Findings that depend on one record alone, not on the records around it."""

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
"""Constraint components that check the values of one property, or at most the values' classes."""


def rests_on_its_record(violation: Violation) -> bool:
    """Return whether a finding depends only on its focus node and the classes of its value."""
    if violation.rule in _RULES:
        return True
    is_plain = isinstance(violation.path, paths.Step) and not violation.path.inverse
    return is_plain and violation.component in _COMPONENTS
