"""Labels in exports say who denies a happening."""

import json

from kg.exports import export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.selection import ALL_FACTS
from tests.support.articles import contents


def test_a_happening_that_somebody_denies_is_exported_under_a_name_that_says_so() -> None:
    written = b"".join(export.chosen(EXPORT_FORMATS["schema-org"].writer, ALL_FACTS, contents()))
    told = json.dumps(json.loads(written), ensure_ascii=False)
    assert "Ovania’s delegation walks out of the summit (denied by Foreign ministry of Ovania)" in told
    assert "Cordero and Duarte sign the treaty (denied" not in told
