"""Full texts of sources: kept privately, by hash, with line ends as line feeds."""

from hashlib import sha256
from pathlib import Path

import pytest

from kg.errors import BadInput, Damaged, NotFound, TooLarge
from kg.store import source_texts
from kg.store.source_texts import SourceTexts, read_text

TEXT = "Añil dijo: «no».\nLa sala calló. 😀"


def test_a_text_is_kept_by_its_hash_and_told_of_without_its_words(tmp_path: Path) -> None:
    texts = SourceTexts(tmp_path)
    kept = texts.add(TEXT.encode(), "Ana")
    assert (kept.hash, kept.length, kept.by) == (sha256(TEXT.encode()).hexdigest(), len(TEXT), "Ana")
    assert texts.all() == [kept] == [texts.find(kept.hash[:9])]
    assert texts.text(kept.hash) == TEXT
    assert texts.add(TEXT.encode(), "Berta") == kept


def test_only_the_owner_can_read_what_is_kept(tmp_path: Path) -> None:
    SourceTexts(tmp_path).add(TEXT.encode(), "Ana")
    folder = tmp_path / source_texts.FOLDER
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_make_no_other_text(end: str, mark: bytes) -> None:
    assert read_text(mark + TEXT.replace("\n", end).encode()) == TEXT


def test_accents_stay_as_they_are_composed() -> None:
    assert read_text("n\u0303".encode()) == "n\u0303"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"caf\xe9", "byte 3"),
        ("a".encode("utf-16"), "not UTF-8"),
        (b"a\0b", "U+0000"),
        (b" \n\n", "empty"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said.replace("+", r"\+")):
        SourceTexts(tmp_path).add(data, "Ana")
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_texts, "MOST_BYTES", 3)
    with pytest.raises(TooLarge):
        read_text(b"abcd")


def test_a_text_that_was_removed_is_not_kept(tmp_path: Path) -> None:
    texts = SourceTexts(tmp_path)
    kept = texts.add(TEXT.encode(), "Ana")
    texts.remove(kept.hash)
    assert texts.text(kept.hash) is None
    assert list((tmp_path / source_texts.FOLDER).iterdir()) == []
    with pytest.raises(NotFound):
        texts.find(kept.hash)


def test_a_beginning_that_several_hashes_have_is_refused(tmp_path: Path) -> None:
    texts = SourceTexts(tmp_path)
    firsts = [texts.add(f"text {number}".encode(), "Ana").hash[0] for number in range(17)]
    twice = next(first for first in firsts if firsts.count(first) > 1)
    with pytest.raises(BadInput, match="ambiguous"):
        texts.find(twice)


def test_a_text_that_was_changed_on_disk_is_damaged(tmp_path: Path) -> None:
    texts = SourceTexts(tmp_path)
    kept = texts.add(TEXT.encode(), "Ana")
    (tmp_path / source_texts.FOLDER / f"{kept.hash}.txt").write_text("other words")
    with pytest.raises(Damaged):
        texts.text(kept.hash)
    assert len([*texts.faults()]) == 1


@pytest.mark.parametrize("name", ["../tokens", "", "x" * 64, "A" * 64])
def test_no_other_file_is_read_by_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "tokens.txt").write_text("secret")
    (tmp_path / "tokens.json").write_text("{}")
    texts = SourceTexts(tmp_path)
    assert texts.text(name) is None
    with pytest.raises(NotFound):
        texts.find(name)
