"""What all requests share."""

import pkgutil

from kg.api.resources import PRELOADED
from kg.exports import rdf
from kg.pages import rendering, views


def test_the_modules_that_readers_share_can_be_imported() -> None:
    assert [pkgutil.resolve_name(name) for name in PRELOADED] == [rdf, views, rendering.prepare]
