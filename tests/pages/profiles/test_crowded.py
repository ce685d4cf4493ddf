"""Pages of things with a thousand mentions, and of hostile and incomplete records: short and readable."""

import gzip
import re
from collections.abc import Iterator

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat

from kg.changes import Delta, Provenance
from kg.errors import NotFound
from kg.iris import DATA, PREFIXES
from kg.pages.cells import Cells
from kg.pages.profiles import thing_page
from kg.pages.profiles.independence import footing_of_record
from kg.pages.profiles.reading import LONGEST, SECTION, ProfileReader
from kg.pages.profiles.thing_page import ThingRequest
from kg.pages.remembered import Remembered
from kg.pages.rendering import Style
from kg.store.store import Contents, Store
from tests.support import attributed_text
from tests.support.crowded import crowd
from tests.support.stores import open_store

MANY = 1000
KINDS = ("busy", "crowded-event", "disputed-claim", "wire-page", "graph-crowd", "rival")
MOST_BYTES = 300_000
LONG = "long " * 4000
HOSTILE = f"""<{DATA}graph-hostile> {{
    dipid:script a dip:Person ; rdfs:label "<script>alert(1)</script>"@en , "</title><b onclick='x'>"@es .
    dipid:arabic a dip:State ; rdfs:label "\\u0627\\u0644\\u0639\\u0631\\u0628\\u064a\\u0629"@ar .
    dipid:long a dip:State ; rdfs:label "{LONG}"@en .
    dipid:unnamed a dip:Person .
    dipid:bare-statement a dip:Statement .
    dipid:bare-claim a dip:Claim .
    dipid:bare-event a dip:Meeting .
    dipid:bare-source a dip:Source .
    dipid:odd-words a dip:Statement ; rdfs:label "Odd words"@en ; dip:madeBy dipid:script ;
        dip:quotation "{LONG}"@en , "<b>\\u05e9\\u05dc\\u05d5\\u05dd</b>"@he ;
        dip:concerns dipid:arabic , dipid:long ;
        dip:advances dipid:odd-claim ; dip:occursAt dipid:open-span , dipid:ancient , dipid:empty-span .
    dipid:odd-claim a dip:Claim ; dip:content "<i>it</i> burns" ; dip:claimedBy dipid:script ;
        dip:allegedActor dipid:arabic .
    dipid:open-span a dip:TimeSpan ; dip:latest "2020-02-01"^^xsd:date ; dip:dateBasis dipk:inferred .
    dipid:ancient a dip:TimeSpan ; dip:date "-0043-03-15"^^xsd:date .
    dipid:empty-span a dip:TimeSpan .
    dipid:wrong-offset a dip:Passage ; dip:occursIn dipid:bare-source ; dip:startOffset -1 ;
        dip:exactText "<mark>no</mark>" .
    dipid:wordless a dip:Passage ; dip:occursIn dipid:bare-source .
    dipid:tenure-without-dates a dip:OfficeHolding ; dip:heldBy dipid:script ; dip:holdsOffice dipid:chair .
    dipid:turning a dip:Meeting ; dip:partOf dipid:turning ; dip:follows dipid:turning ;
        dip:involves dipid:turning .
    dipid:status-of-itself a dip:StatusRecord ; dip:appliesTo dipid:status-of-itself .
    dipid:copy-1 a dip:Source ; dip:publishedBy dipid:one ; dip:textHash "aa" .
    dipid:copy-2 a dip:Source ; dip:publishedBy dipid:two ; dip:textHash "aa" .
    dipid:apart a dip:Source ; dip:publishedBy dipid:three .
    dipid:r1 dip:reports dipid:bare-event ; dip:foundIn dipid:copy-1 ; dip:hedgedAs dipk:reportedly .
    dipid:r2 dip:reports dipid:bare-event ; dip:foundIn dipid:copy-2 ; dip:hedgedAs dipk:reportedly .
    dipid:r3 dip:reports dipid:bare-event ; dip:foundIn dipid:apart ; dip:hedgedAs dipk:reportedly .
}}"""


def parsed(text: str) -> tuple[Quad, ...]:
    header = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    return tuple(pyoxigraph.parse((header + text).encode(), format=RdfFormat.TRIG))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("crowded") / "data") as store:
        store.commit(Delta(tuple(crowd(MANY))), Provenance("Ana", reason="To crowd."), content_hash="ab")
        store.commit(Delta(parsed(HOSTILE)), Provenance("Ana"), content_hash="cd")
        gone = parsed(f"<{DATA}graph-gone> {{ dipid:rumour a dip:Claim ; dip:content 'it rains' }}")
        store.commit(Delta(gone), Provenance("Ana"), content_hash="ef")
        store.commit(Delta(removed=gone), Provenance("Bo", reason="A <parody>."))
        yield store


def page(store: Contents, name: str, **asked: object) -> str:
    log = store.log  # type: ignore[attr-defined]  # a store
    request = ThingRequest(NamedNode(DATA + name).value, **asked)  # type: ignore[arg-type]  # on, start
    return b"".join(thing_page.write(Style("/"), request, log, store)).decode()


class CountingStore:
    """Passes look-ups on, and counts the quads that they yield."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.version, self.log = store.version, store.log
        self.look_ups = self.quads = 0
        self.query = store.query

    def quads_for_pattern(self, *pattern: object) -> Iterator[Quad]:
        self.look_ups += 1
        for quad in self._store.quads_for_pattern(*pattern):  # type: ignore[arg-type]  # passed on as it came
            self.quads += 1
            yield quad


def year_after(shown: str, place: str) -> str:
    """Return the first heading of a year behind a place."""
    return "".join(re.findall(r'<li class="year">.*?</li>', shown.partition(place)[2])[:1])


@pytest.mark.parametrize("name", KINDS)
def test_a_page_of_a_thousand_mentions_is_short_and_makes_few_look_ups(store: Store, name: str) -> None:
    counting = CountingStore(store)
    shown = page(counting, name)  # type: ignore[arg-type]  # what a page asks of contents
    assert len(gzip.compress(shown.encode(), 6)) < MOST_BYTES
    assert counting.look_ups < 3 * MANY
    assert counting.quads < 60 * MANY
    attributed_text.read(shown)


def test_a_long_timeline_is_shown_some_at_a_time_in_the_order_of_dates(store: Store) -> None:
    first = page(store, "busy")
    assert f"1 to {SECTION} of 1001" in first
    dates = re.findall(r'class="at"><time datetime="([^"]+)"', first)
    assert len(dates) >= SECTION - 1
    assert dates[: SECTION - 1] == sorted(dates[: SECTION - 1])
    assert 'href="/id/busy?start=50#timeline" rel="next"' in first
    last = page(store, "busy", start=1000)
    assert 'rel="next"' not in last
    assert "1001 to 1001 of 1001" in last
    assert "The graph records no statement or deed" in page(store, "busy", start=5000)


def test_bars_lead_to_the_year_that_they_stand_for(store: Store) -> None:
    found = re.findall(r'href="/id/busy\?start=(\d+)#timeline" aria-label="(\d{4}):', page(store, "busy"))
    assert len(found) == 30
    start, year = found[7]
    shown = page(store, "busy", start=int(start))
    assert f'<li class="year"><h3>{year}</h3></li>' == year_after(shown, 'id="timeline"')


def test_long_sections_say_how_many_there_are_and_where_all_are(store: Store) -> None:
    told = page(store, "rival")
    assert "The first 50 of 1000." in told
    assert "property=dip%3AallegedActor&amp;value=dipid%3Arival" in told
    assert "1 to 50 of 1000" in page(store, "wire-page")
    assert "1 to 50 of" in page(store, "graph-crowd")


def test_passages_stand_in_the_order_of_the_text_and_not_of_their_names(store: Store) -> None:
    shown = re.findall(r"passage number (\d+)", page(store, "wire-page"))
    assert [int(number) for number in shown[:3]] == [999, 998, 997]
    after = re.findall(r"passage number (\d+)", page(store, "wire-page", start=50))
    assert int(after[0]) == 949


@pytest.mark.parametrize(
    "name",
    [
        *("script", "arabic", "long", "unnamed", "bare-statement", "bare-claim", "bare-event", "bare-source"),
        *(
            "odd-words",
            "odd-claim",
            "turning",
            "tenure-without-dates",
            "ancient",
            "empty-span",
            "graph-hostile",
        ),
    ],
)
def test_hostile_and_incomplete_records_have_pages_with_nothing_of_theirs_as_markup(
    store: Store, name: str
) -> None:
    shown = page(store, name, on="2020-01-01")
    attributed_text.read(shown)
    assert len(gzip.compress(shown.encode(), 6)) < MOST_BYTES
    for markup in ("<script>alert", "onclick='x'>", "<i>it</i>", "<b>\u05e9", "<mark>no</mark>"):
        assert markup not in shown


def test_dates_without_a_day_are_told_as_they_are_known(store: Store) -> None:
    told = attributed_text.read(page(store, "odd-words"))[0]
    assert "not after 1 February 2020 inferred" in told
    assert "-0043-03-15" in told
    assert "no date" in told


def test_long_words_are_cut_in_lists_and_whole_on_their_own_page(store: Store) -> None:
    assert LONG.strip() in attributed_text.read(page(store, "odd-words"))[0]
    listed = attributed_text.read(page(store, "arabic"))[0]
    assert "long long …" in listed
    assert "long " * (LONGEST // 4) not in listed


def test_a_thing_without_claims_or_words_says_so(store: Store) -> None:
    assert "No words are recorded." in page(store, "bare-statement")
    assert "It is what somebody says." in page(store, "bare-claim")
    assert "The record names nobody." in page(store, "bare-event")
    assert "The graph quotes no passage of it." in page(store, "apart")
    assert "The record gives no office." in page(store, "arabic")


def test_an_event_that_no_source_tells_plainly_is_marked_as_reported(store: Store) -> None:
    assert '<a class="badge reported"' in page(store, "bare-event")
    assert '<a class="badge reported"' not in page(store, "crowded-event")


def test_sources_with_one_text_are_one_origin(store: Store) -> None:
    reader = ProfileReader(Cells(Remembered(store), lambda iri: iri))
    footing = footing_of_record(reader, NamedNode(DATA + "bare-event"))
    assert [len(origin.sources) for origin in footing.origins] == [2, 1]
    assert (footing.read, footing.unread) == (3, 0)
    assert "At most 2 independent origins" in attributed_text.read(page(store, "bare-event"))[0]


def test_a_withdrawn_submission_says_who_withdrew_it_and_why(store: Store) -> None:
    shown = page(store, "graph-gone")
    told = attributed_text.read(shown)[0]
    assert "Withdrawn. Bo withdrew it on" in told
    assert "A <parody>." in told
    assert 'href="/id/graph-gone?as-of=v' in shown
    assert "The graph holds none of them now." in told


def test_what_nobody_told_of_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        page(store, "never-heard-of")
