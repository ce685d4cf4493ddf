"""Bodies in a content coding are decoded within a bound."""

import gzip
import os
import resource
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import BadInput, TooLarge
from kg.facts.decoding import MOST_PARTS, decoded

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CODERS = {"gzip": lambda data: gzip.compress(data, mtime=0), "zstd": zstd.compress, "identity": bytes}


@given(st.lists(st.binary(max_size=5000), min_size=1, max_size=4), st.sampled_from(sorted(CODERS)))
def test_what_was_coded_is_decoded_in_however_many_parts(parts: list[bytes], coding: str) -> None:
    whole = b"".join(parts)
    assert decoded(b"".join(map(CODERS[coding], parts)), coding, len(whole)) == whole


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_bomb_is_refused_before_it_is_expanded(coding: str) -> None:
    bomb = CODERS[coding](bytes(50_000_000))
    before = _peak()
    with pytest.raises(TooLarge, match="longer than 100000 bytes"):
        decoded(bomb, coding, 100_000)
    assert _peak() - before < 20_000_000
    with pytest.raises(TooLarge):
        decoded(CODERS[coding](b"x" * 60) * 2, coding, 119)
    with pytest.raises(TooLarge, match="parts"):
        decoded(CODERS[coding](b"") * (MOST_PARTS + 1), coding, 100)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_what_is_not_so_coded_is_refused(coding: str) -> None:
    fine = CODERS[coding](os.urandom(1000))
    other = CODERS["zstd" if coding == "gzip" else "gzip"](b"x")
    for data in (b"<urn:a> <urn:b> 1 .", other, fine[:-1], fine[:20], fine + b"more", zlib.compress(b"x")):
        with pytest.raises(BadInput):
            decoded(data, coding, 10_000)


def test_a_decoder_keeps_no_more_than_8_mib() -> None:
    wide: dict[int, int] = {
        zstd.CompressionParameter.window_log: 24,
        zstd.CompressionParameter.content_size_flag: 0,
    }
    coder = zstd.ZstdCompressor(options=wide)
    with pytest.raises(BadInput):
        decoded(coder.compress(b"x" * 100) + coder.flush(), "zstd", 1000)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
