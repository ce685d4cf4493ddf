"""The first page: from it, each of five tasks is a click away, in both languages; its parts are kept."""

import asyncio
import re
from collections.abc import Iterator
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest

from kg.api.kept_parts import KeptPart, KeptParts
from kg.errors import Unavailable
from kg.pages import home, listing
from kg.pages.rendering import Style
from kg.query.job import ReadJob
from kg.store.log import CommitLog
from kg.store.store import Store
from tests.support.stores import open_store

JOB = ReadJob("text/html", lambda _: iter(()))


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("home") / "data") as store:
        yield store


def parts(store: Store, language: str = "en") -> str:
    return b"".join(home.parts(Style("/", language), CommitLog(store.log.folder), store)).decode()


def links(text: str) -> set[str]:
    return {unescape(link) for link in re.findall(r'href="([^"]+)"', text)}


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_of_the_five_tasks_is_one_click_away(seed: Store, language: str) -> None:
    assert links(parts(seed, language)) >= {
        "/questions/claims-denied-and-by-whom",
        "/id/gift-of-the-hat",
        "/threats#threat-of-tariffs-and-sanctions",
        "/duet?actor=gustavo-petro&other=united-states&event=white-house-meeting",
        "/questions/who-held-which-office-on-a-day",
    }


def test_the_numbers_lead_to_the_things_that_they_count(seed: Store) -> None:
    text = parts(seed)
    tiles = dict(re.findall(r'class="big" href="/id\?class=(\w+)"><strong>(\d+)', text))
    for name, number in tiles.items():
        asked = listing.ListRequest(f"https://w3id.org/regional-diplomacy/terms#{name}", limit=10_000)
        assert len(listing.find(asked, Style("/").cells(seed)).listed) == int(number), name


def test_an_accusation_names_both_and_says_if_it_is_denied(seed: Store) -> None:
    said = " ".join(re.sub(r"<[^>]+>", " ", parts(seed)).split())
    assert "US Department of State → Gustavo Petro : President Petro's refusal" in unescape(said)
    assert "denied by Gustavo Petro" in said
    assert "no denial in the record" in said


def test_it_is_in_spanish(seed: Store) -> None:
    said = parts(seed, "es")
    assert "Quién acusó a quién de qué" in said
    assert 'lang="es">Obsequio de la gorra' in said
    assert "de 20" in said, "dates are in Spanish"


class Readers:
    """Readers that answer with the version and the number of the answer, when they may."""

    def __init__(self) -> None:
        self.version, self.answers = 1, 0
        self.may_answer = asyncio.Event()
        self.fails = False

    async def answer(self, _: ReadJob) -> Any:
        await self.may_answer.wait()
        if self.fails:
            raise Unavailable("busy")
        self.answers += 1
        text = f"{self.version}.{self.answers}".encode()

        async def read() -> bytes:
            return text

        return SimpleNamespace(version=self.version, read=read)


def test_a_part_is_made_once_for_a_version_by_all_who_ask_together() -> None:
    async def run() -> None:
        readers, kept = Readers(), KeptParts()
        readers.may_answer.set()
        got = await asyncio.gather(*(kept.get("home", 1, readers, JOB) for _ in range(3)))  # type: ignore[arg-type]
        assert {each.text for each in got} == {"1.1"}
        assert (await kept.get("home", 1, readers, JOB)).text == "1.1"  # type: ignore[arg-type]
        readers.version = 2
        assert (await kept.get("home", 2, readers, JOB)).text == "2.2"  # type: ignore[arg-type]

    asyncio.run(run())


def test_an_outdated_part_that_takes_long_is_shown_until_the_new_one_is_ready() -> None:
    async def run() -> None:
        readers, kept = Readers(), KeptParts()
        kept._parts["home"] = KeptPart(1, "old", 60.0)  # one that took a minute
        assert (await kept.get("home", 2, readers, JOB)).text == "old"  # type: ignore[arg-type]
        readers.version = 2
        readers.may_answer.set()
        await kept._making["home"]
        assert (await kept.get("home", 2, readers, JOB)).text == "2.1"  # type: ignore[arg-type]

    asyncio.run(run())


def test_a_part_that_could_not_be_made_is_made_at_the_next_request() -> None:
    async def run() -> None:
        readers, kept = Readers(), KeptParts()
        readers.may_answer.set()
        readers.fails = True
        with pytest.raises(Unavailable):
            await kept.get("home", 1, readers, JOB)  # type: ignore[arg-type]
        readers.fails = False
        assert (await kept.get("home", 1, readers, JOB)).text == "1.1"  # type: ignore[arg-type]
        await kept.end()

    asyncio.run(run())
