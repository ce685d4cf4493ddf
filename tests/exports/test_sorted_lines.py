"""Lines sorted in bounded memory."""

import random

import pytest

from kg.exports import sorted_lines
from kg.exports.sorted_lines import SortedLines


@pytest.mark.parametrize("run", [200, 1 << 20])
def test_lines_come_out_in_order_however_they_were_cut_when_written(
    monkeypatch: pytest.MonkeyPatch, run: int
) -> None:
    monkeypatch.setattr(sorted_lines, "RUN", run)
    chance = random.Random(7)
    lines = [f"{chance.randrange(10_000):05} {'x' * chance.randrange(30)}\n".encode() for _ in range(500)]
    sorting, once = SortedLines(), SortedLines(once=True)
    data = b"".join(lines)
    while data:
        end = chance.randrange(1, 90)
        sorting.write(data[:end])
        once.write(data[:end])
        data = data[end:]
    assert b"".join(sorting.chunks()) == b"".join(sorted(lines))
    assert b"".join(once.chunks()) == b"".join(sorted(set(lines)))


def test_nothing_written_gives_nothing() -> None:
    assert list(SortedLines().chunks()) == []
