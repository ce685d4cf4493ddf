"""What all requests share."""

import pkgutil

from kg.api.resources import PRELOADED
from kg.exports import export, jsonld, nquads, ntriples, rdfxml, trig, turtle
from kg.pages import rendering, views


def test_the_modules_that_readers_share_can_be_imported() -> None:
    writers = [trig, turtle, nquads, ntriples, jsonld, rdfxml]
    found = [pkgutil.resolve_name(name) for name in PRELOADED]
    assert found == [export, *writers, views, rendering.prepare]
