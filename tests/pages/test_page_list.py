"""The list of pages that tests of all pages take is whole."""

from kg.api.application import ROUTERS
from tests.support.page_list import PAGES

APART = {"/release/{name}", "/seed/{name}", "/reconcile/preview"}
"""Pages of things whose names are hashes, and a fragment that another program shows in a frame."""


def test_each_route_that_answers_with_pages_has_one_in_the_list() -> None:
    addresses = ["/" + path.partition("?")[0] for path in PAGES.values()]
    declared = [each for part in ROUTERS for each in part.declarations if each.method == "GET"]
    pages = {
        each.route.path: each.route.path_regex
        for each in declared
        if "text/html" in each.declaration.answers.get(200, {})
    }
    assert {path for path, regex in pages.items() if not any(map(regex.match, addresses))} == APART
