"""The coding of an answer is the one that the client likes best."""

import pytest
from starlette.datastructures import Headers

from kg.api import codings


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("deflate, gzip;q=1.0, *;q=0.5", "gzip"),
        ("GZIP ; q=0.3", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "gzip"),
        ("", "identity"),
        ("br", "identity"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0, *", "identity"),
        ("gzip;q=0.4, identity;q=0.8", "identity"),
        ("gzip;q=x", "identity"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("ZSTD;q=0.5, gzip;q=0.5", "zstd"),
        ("zstd;q=0.4, gzip;q=0.5", "gzip"),
        ("zstd;q=0, *", "gzip"),
        ("zstd;q=0.4, identity;q=0.8", "identity"),
        ("zstd;q=0, gzip;q=0", "identity"),
    ],
)
def test_the_coding_is_chosen_as_the_client_likes(accepted: str, coding: str) -> None:
    assert codings.chosen(Headers({"accept-encoding": accepted})) == coding
