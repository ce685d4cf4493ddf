"""Answers that are sent in chunks and kept at their end: coded once, and gathered in bounded memory."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

from kg.api import answer_cache, codings
from kg.api.answer_cache import AnswerCache, Gathering


def test_a_gathered_answer_frees_its_memory_at_the_end() -> None:
    cache = AnswerCache(1 << 20)
    gathering = Gathering(cache)
    gathering.add(b"ab")
    gathering.add(b"c")
    assert gathering.body == b"abc"
    held = [cache.gathered]
    gathering.close()
    gathering.close()
    assert gathering.body is None
    assert [*held, cache.gathered] == [3, 0]


def test_an_answer_that_is_too_large_is_not_gathered_further() -> None:
    cache = AnswerCache(80)
    gathering = Gathering(cache)
    gathering.add(bytes(cache.largest))
    assert cache.gathered == cache.largest
    gathering.add(b"x")
    gathering.add(b"y")
    assert gathering.body is None
    assert cache.gathered == 0


def test_all_answers_together_are_gathered_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_cache, "_MOST_GATHERED", 10)
    cache = AnswerCache(1 << 20)
    first, second = Gathering(cache), Gathering(cache)
    first.add(bytes(6))
    second.add(bytes(6))
    assert (first.body, second.body, cache.gathered) == (bytes(6), None, 6)


@pytest.mark.parametrize("coding", [codings.IDENTITY, codings.GZIP])
def test_chunks_are_coded_as_they_come(coding: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for number in range(3):
            yield b"%d" % number * 50_000

    async def main() -> tuple[bytes, dict[str, str]]:
        coded, headers = codings.coded_chunks(chunks(), coding)
        return b"".join([chunk async for chunk in coded]), headers

    body, headers = asyncio.run(main())
    is_coded = coding == codings.GZIP
    assert (gzip.decompress(body) if is_coded else body) == b"0" * 50_000 + b"1" * 50_000 + b"2" * 50_000
    assert headers == ({"Content-Encoding": "gzip"} if is_coded else {})
