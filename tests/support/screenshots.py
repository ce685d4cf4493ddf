"""Pictures of pages for the README, from a server on the seed graph.

    KG_BROWSER=/usr/bin/chromium python -m tests.support.screenshots [NAME ...]

They are written to ``kg/docs/images``, in the light, in English, on a screen of a fixed size. Look at each
before it is committed.
"""

import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from tests.support.docs import DOCS

IMAGES = DOCS / "images"
MOST_BYTES = 600_000
"""Maximum size of all pictures together."""
QUERY = """SELECT ?claim ?who ?denial WHERE {
  ?claim a dip:Claim ; dip:claimedBy ?who .
  ?denial dip:denies ?claim .
}"""
SHOTS = {
    "duet": "duet?actor=colombia&other=united-states",
    "gesture": "id/alteration-of-the-hat",
    "threats": "threats",
    "workbench": f"workbench?query={quote(QUERY)}",
}
"""The address of each picture, by the name of its file."""
_SCREEN = {"width": 1200, "height": 860}


def main(names: list[str]) -> None:
    """Take the named pictures, or all."""
    from tests.support.browsing import MODES, launched, until_searchable, watched  # late: needs a browser
    from tests.support.live_server import live

    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="kg-screenshots-") as folder,
        live(Path(folder) / "data", token="test-token", log="off") as (_, address),
        launched() as browser,
        watched(browser.new_context(**{**MODES["light"], "viewport": _SCREEN}), address) as page,
    ):
        until_searchable(address)
        for name in names or SHOTS:
            page.goto(address + SHOTS[name])
            page.wait_for_load_state("networkidle")
            page.screenshot(path=IMAGES / f"{name}.png", animations="disabled", caret="hide")


if __name__ == "__main__":
    main(sys.argv[1:])
