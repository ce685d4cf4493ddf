"""A delta changes what the store lacks or holds, whatever its size."""

import pytest
from hypothesis import given
from pyoxigraph import Quad, Store

from kg.changes import Delta
from kg.store import effects
from tests.support.strategies import quads


@pytest.mark.parametrize("many", [0, 1000])
@given(held=quads, added=quads, removed=quads)
def test_only_what_really_changes_is_effective(
    many: int, held: tuple[Quad, ...], added: tuple[Quad, ...], removed: tuple[Quad, ...]
) -> None:
    before = Store()
    before.extend(held)
    after = Store()
    after.extend(held)
    for quad in removed:
        after.remove(quad)
    after.extend(added)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(effects, "_MANY", many)
        delta = effects.effective(before, Delta(added, removed))
    assert set(delta.added) == set(after) - set(before)
    assert set(delta.removed) == set(before) - set(after)
