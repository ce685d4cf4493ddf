"""Grounds that several examples share."""

from collections.abc import Mapping
from typing import TypeAlias

Examples: TypeAlias = Mapping[str, tuple[Mapping[str, str], ...]]

ARTICLE = {"source": "presence-news-article", "hedge": "plain", "basis": "own-voice"}
REFUSED = "initially refused to allow U.S.-coordinated military deportation flights"
