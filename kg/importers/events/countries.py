"""Country codes of CAMEO, FIPS 10-4 and ISO 3166-1, and country names, all mapped to ISO's three letters.

The schemes overlap: CH is China in FIPS and Switzerland in ISO's two letters, NA is Namibia in ISO's and a
missing value in ICEWS. So each column is read by its own scheme, without guessing.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True)
class Countries:
    """ISO codes of countries, by the letters of each scheme and by their names in lower case."""

    by_cameo: Mapping[str, str]
    by_fips: Mapping[str, str]
    by_two: Mapping[str, str]
    by_name: Mapping[str, str]


@cache
def countries() -> Countries:
    """Read the table of countries.

    >>> countries().by_fips["CH"], countries().by_two["CH"], countries().by_cameo["ROM"]
    ('CHN', 'CHE', 'ROU')
    """
    cameo: dict[str, str] = {}
    fips: dict[str, str] = {}
    two: dict[str, str] = {}
    names: dict[str, str] = {}
    with (TABLES / "countries.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            iso = row["iso"]
            cameo |= dict.fromkeys(filter(None, (iso, *row["cameo"].split(";"))), iso)
            two[row["two"]] = iso
            fips |= dict.fromkeys(filter(None, row["fips"].split(";")), iso)
            all_names = filter(None, (row["name"], *row["other_names"].split(";")))
            names |= dict.fromkeys((name.casefold() for name in all_names), iso)
    return Countries(cameo, fips, two, names)
