"""What all requests share."""

import pkgutil

from kg.api.resources import PRELOADED
from kg.exports import export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.pages import feed, listing, reference, rendering, sitemap, thing_json, thing_table, views
from kg.query.columnar import asking


def test_the_modules_that_readers_share_can_be_imported() -> None:
    writers = [pkgutil.resolve_name(known.writer) for known in EXPORT_FORMATS.values()]
    pages = [feed, listing, reference, sitemap, thing_json, thing_table]
    found = [pkgutil.resolve_name(name) for name in PRELOADED]
    assert found == [asking, export, *writers, *pages, views, rendering.prepare]
