"""A word that only a claimant uses is refused as fact, and nothing else is."""

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg import ontology
from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules import contested_uses
from kg.gate.rules.contested_words import ContestedWords
from kg.iris import DATA, KINDS, PREFIXES, SHAPES_GRAPH, TERMS
from kg.terms import DIP, RDF, RDFS

LABEL = NamedNode(PREFIXES["rdfs"] + "label")
GRAPH = NamedNode(DATA + "graph-test")
CLAIM = NamedNode(DATA + "claim")
SPEAKER = NamedNode(DATA + "speaker")


@cache
def rule() -> ContestedWords:
    return ContestedWords.of(ontology.load().graphs[SHAPES_GRAPH])


def store_with(*words: str) -> Store:
    store = Store()
    for word in words:
        store.add(Quad(CLAIM, DIP.CONTESTED_WORD, Literal(word), GRAPH))
    store.add(Quad(CLAIM, NamedNode(TERMS + "claimedBy"), SPEAKER, GRAPH))
    store.add(Quad(SPEAKER, LABEL, Literal("The Speaker", language="en"), GRAPH))
    return store


def found(text: str, *words: str, subject: str = DATA + "event", predicate: NamedNode = LABEL) -> list[str]:
    """The sentences about one new text, where these words are contested."""
    quad = Quad(NamedNode(subject), predicate, Literal(text, language="en"), GRAPH)
    overlay = Overlay(store_with(*words), Delta(added=(quad,)))
    return [violation.sentence() for violation in rule().violations(overlay)]


@pytest.mark.parametrize(
    "text",
    [
        "Kidnapping of a president",
        "The KIDNAPPING",
        "War  crimes in Caracas",
        "After “talks”, a kidnapping",
        "Petro’s ‘claim’ and the kidnapping’s aftermath: kidnapping",
        "kidnapping",
        "The kidnapping's aftermath",
        "War-crimes investigated",
        "Post-kidnapping talks",
        "Talks—kidnapping included",
        "The_kidnapping_of_Maduro",
        "The end.Kidnapping",
    ],
)
def test_a_contested_word_outside_quotation_marks_is_refused(text: str) -> None:
    assert found(text, "kidnapping", "war crimes")


@pytest.mark.parametrize(
    "text",
    [
        "Petro’s claim of a ‘kidnapping’",
        "What he calls “war crimes”",
        "Lo que llama «kidnapping»",
        "An alleged 'kidnapping'",
        'Said to be "war crimes in Caracas"',
        "A war; crimes",
        "Kidnappinglike talk",
        "The kid was napping in the car",
        "The minister; kid: napping children",
        "Rates of 5*7, w*h boxes, A*STAR, AT&T, Q&A and 100% [sic]",
        "The agency (kid)s programme, <b>not</b> “war”like",
        "The WWW and the IIIrd summit",
        "",
    ],
)
def test_quotation_other_words_and_parts_of_words_pass(text: str) -> None:
    assert found(text, "kidnapping", "war crimes") == []


@pytest.mark.parametrize(
    "text",
    [
        "The kid napping of a president",
        "The ki dnapping in Caracas",
        "The kid nap ping in Caracas",
        "The kid-  napping",
        "The kid / napping",
        "The kid\tnapping",
        "The k1d napp1ng",
        "The kidnapppping",
        "The kiiidnaaapping",
        "KKKidnapping at dawn",
        "The k*dnapping",
        "The k**napping",
        "The kidn#pp#ng",
        "The k·dn×pping",
        "The kid&#110;apping",
        "The kid&shy;napping",
        "The kid<b>nap</b>ping",
        "The “kid”napping",
        'The "kid"napping of Maduro',
        "The kidnap[ping] of Maduro",
        "The (kid)napping of Maduro",
        "The kid%6Eapping",
        "The kidnapping(s) of Maduro",
        "A warcrimes tribunal",
        "The war * crimes",
        "The waaaar crimes of Norland",
    ],
)
def test_a_contested_word_in_disguise_is_refused(text: str) -> None:
    assert found(text, "kidnapping", "war crimes")


def test_the_sentence_names_the_word_and_whose_it_is() -> None:
    (sentence,) = found("The kidnapping", "kidnapping")
    assert "“kidnapping” is used only by The Speaker" in sentence
    assert sentence.startswith("dipid:event, rdfs:label")


def test_kinds_are_held_to_the_same_rule() -> None:
    preferred = NamedNode(PREFIXES["skos"] + "prefLabel")
    assert found("Kidnapping", "kidnapping", subject=KINDS + "kidnapping", predicate=preferred)


def test_quotations_and_contents_are_the_speakers_own_and_free() -> None:
    said_by_another = of(DIP.MADE_BY, NamedNode(DATA + "other"))
    for name in ("quotation", "content", "paraphrase"):
        assert said_in("kidnapping", said_by_another, predicate=NamedNode(TERMS + name)) == []


def test_a_word_contested_later_is_found_over_the_whole_graph_only() -> None:
    store = store_with("kidnapping")
    store.add(Quad(NamedNode(DATA + "old"), LABEL, Literal("A kidnapping"), GRAPH))
    assert list(rule().violations(Overlay(store))) == []
    assert [violation.focus for violation in rule().whole(Overlay(store))] == [NamedNode(DATA + "old")]


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=3), min_size=1, max_size=8), st.data())
def test_every_run_of_words_is_looked_up(words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, min(len(words), first + contested_uses.LONGEST) - 1))
    assert " ".join(words[first : last + 1]) in set(contested_uses.outside_quotation(" ".join(words)))


@cache
def classes() -> list[Quad]:
    """Which class stands below which."""
    below = NamedNode(PREFIXES["rdfs"] + "subClassOf")
    return [quad for quad in ontology.load().quads if quad.predicate == below]


def named(text: str, *, forms: tuple[str, ...] = ()) -> list[str]:
    """The sentences about facts of a few triples, where “kidnapping” and these forms of it are contested."""
    return [violation.sentence() for violation in of_facts(text, *forms)]


def of_facts(text: str, *forms: str) -> list[Violation]:
    """What is wrong with facts, alike by the rule for a change and by that for a whole graph."""
    header = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    store = store_with("kidnapping")
    store.extend(classes())
    store.extend(Quad(CLAIM, DIP.EQUIVALENT_WORD, Literal(form), GRAPH) for form in forms)
    facts = f"{header}@prefix ex: <http://example.org/> .\n{text}".encode()
    told = parse(facts, format=RdfFormat.TURTLE)
    added = [Quad(each.subject, each.predicate, each.object, GRAPH) for each in told]
    violations = list(rule().violations(Overlay(store, Delta(added=tuple(added)))))
    store.extend(added)
    predicates = {quad.predicate for quad in added}
    assert [v.sentence() for v in rule().whole(Overlay(store), predicates)] == [
        v.sentence() for v in violations
    ]
    return violations


@pytest.mark.parametrize(
    "text",
    [
        "dipid:kidnapping-in-caracas a dip:Event .",
        "dipid:the-Kidnapping a dip:Meeting .",
        "dipid:kid-napping-of-maduro a dip:Meeting .",
        "dipid:theKidNapping a dip:Meeting .",
        "dipid:kidnappingOfMaduro a dip:Meeting .",
        "dipid:k1dnapping a dip:Meeting .",
        "dipid:day-of-the-kidnapping a dip:TimeSpan .",
        "<http://example.org/kidnapping> a dip:Person .",
        "dipid:e a ex:Kidnapping .",
        "dipid:e a ex:SomeKidnapping .",
        "dipid:united-states ex:kidnapping dipid:e .",
        "ex:somebody ex:kidnapping dipid:e .",
    ],
)
def test_a_name_that_says_a_contested_word_is_refused(text: str) -> None:
    (sentence,) = named(text)
    assert "claim asserted as fact by the name" in sentence


@pytest.mark.parametrize(
    "text",
    [
        "dipid:claim-of-kidnapping a dip:Claim .",
        "dipid:statement-kidnapping a dip:Statement .",
        "dipid:passage-kidnapping a dip:Passage .",
        "dipid:kidnappinglike-talk a dip:Event .",
        "ex:e a ex:Kidnapping ; ex:kidnapping ex:e .",
        "dipid:article a dip:Source ; dcterms:title 'The kidnapping in Caracas' .",
    ],
)
def test_names_of_words_and_of_what_is_not_ours_and_titles_of_sources_pass(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "dipid:e rdfs:label 'Secuestro en Caracas'@es .",
            "“secuestro” is another form of a word",
        ),
        ("dipid:e rdfs:comment 'Somebody was kidnapped' .", "“kidnapped” is another form"),
        ("dipid:kidnapped-president a dip:Person .", "“kidnapped” is another form"),
    ],
)
def test_other_forms_and_translations_are_refused_as_what_they_are(text: str, said: str) -> None:
    (sentence,) = named(text, forms=("kidnapped", "secuestro"))
    assert said in sentence


@pytest.mark.parametrize("text", ["Kid\u200bnapping", "kid\u00adnapping", "ｋｉｄｎａｐｐｉｎｇ"])
def test_letters_that_nobody_sees_hide_nothing(text: str) -> None:
    assert found(text, "kidnapping")


@pytest.mark.parametrize(
    "name",
    [
        *("rdfs:comment", "skos:note", "skos:hiddenLabel", "dcterms:description", "dcterms:title"),
        *("dip:inferenceNote", "<https://schema.org/description>"),
    ],
)
def test_what_describes_is_held_to_the_rule_of_what_names(name: str) -> None:
    (sentence,) = named(f"dipid:e {name} 'the kidnapping' .")
    assert "“kidnapping” is used only by The Speaker" in sentence


def said_in(text: str, *about: Quad, predicate: NamedNode) -> list[str]:
    """The rules that a text breaks, said of a thing of which more is told."""
    node = NamedNode(DATA + "x")
    quad = Quad(node, predicate, Literal(text, language="en"), GRAPH)
    overlay = Overlay(store_with("kidnapping"), Delta(added=(quad, *about)))
    return [violation.rule for violation in rule().violations(overlay)]


def of(predicate: NamedNode, value: NamedNode) -> Quad:
    return Quad(NamedNode(DATA + "x"), predicate, value, GRAPH)


OUTLET = NamedNode(DATA + "outlet")
IS_OUTLET = Quad(OUTLET, RDF.TYPE, DIP.OUTLET, GRAPH)


@pytest.mark.parametrize("predicate", [DIP.MEANING, DIP.PARAPHRASE, DIP.QUOTATION])
def test_an_assessor_uses_a_contested_word_only_of_its_own(predicate: NamedNode) -> None:
    assert said_in("after the kidnapping", of(DIP.ASSESSED_BY, OUTLET), predicate=predicate)
    assert said_in("after the ‘kidnapping’", of(DIP.ASSESSED_BY, OUTLET), predicate=predicate) == []
    assert said_in("after the kidnapping", of(DIP.ASSESSED_BY, SPEAKER), predicate=predicate) == []


@pytest.mark.parametrize("predicate", [DIP.DATE_AS_WRITTEN, NamedNode(TERMS + "code")])
def test_a_date_as_written_and_a_code_are_in_nobodys_voice(predicate: NamedNode) -> None:
    assert said_in("the kidnapping", predicate=predicate)


def test_a_speaker_says_what_it_says_and_an_outlet_is_not_made_to_say_it() -> None:
    other = NamedNode(DATA + "other")
    assert said_in("no kidnapping", of(DIP.MADE_BY, other), predicate=DIP.PARAPHRASE) == []
    assert said_in("a kidnapping", of(DIP.MADE_BY, OUTLET), IS_OUTLET, predicate=DIP.PARAPHRASE)
    assert said_in("a kidnapping", of(DIP.MADE_BY, OUTLET), IS_OUTLET, predicate=DIP.QUOTATION) == []


@pytest.mark.parametrize(
    "text",
    [
        "The kídnapping",
        "The kïdnâppińg",
        "The k1dn4pping",
        "The kidn@pping",
        "The kid-napping",
        "The k.i.d.n.a.p.p.i.n.g",
        "The k i d n a p p i n g",
        "The kid_napping",
        "The ᴋɪᴅɴᴀᴘᴘɪɴɢ",
        "The ｋｉｄｎａｐｐｉｎｇ",
        "The kιdnaρρing".replace("ρ", "р"),
        "The 𝓴𝓲𝓭𝓷𝓪𝓹𝓹𝓲𝓷𝓰",
        "Wár crimes",
    ],
)
def test_other_spellings_hide_nothing(text: str) -> None:
    (sentence,) = found(text, "kidnapping", "war crimes")
    assert "is used only by The Speaker" in sentence
    store = store_with("kidnapping", "war crimes")
    store.add(Quad(NamedNode(DATA + "event"), LABEL, Literal(text, language="en"), GRAPH))
    assert [each.sentence() for each in rule().whole(Overlay(store))] == [sentence]


@pytest.mark.parametrize(
    ("text", "contested"),
    [
        ("Enlèvement de Maduro", "kidnapping"),
        ("Lieu de l’enlèvement", "kidnapping"),
        ("O sequestro de Maduro", "kidnapping"),
        ("The abduction", "kidnapping"),
        ("Graves crímenes internacionales", "war crimes"),
        ("Die Entführung", "secuestro"),
        ("Genocide", "genocidio"),
        ("A anexação da ilha", "annexation"),
        ("Les otages de Caracas", "hostages"),
        ("Crimes contre l’humanité", "war crimes"),
        ("El títere del Norte", "puppet"),
        ("They were pillaging", "saqueo"),
        ("Crimes of war", "war crimes"),
    ],
)
def test_a_word_of_the_same_accusation_is_warned_of(text: str, contested: str) -> None:
    store = store_with(contested)
    quad = Quad(NamedNode(DATA + "event"), LABEL, Literal(text, language="en"), GRAPH)
    (violation,) = rule().violations(Overlay(store, Delta(added=(quad,))))
    assert violation.severity == "warning"
    assert f"“{contested}”, a word used only by The Speaker" in violation.sentence()
    store.add(quad)
    assert [each.sentence() for each in rule().whole(Overlay(store))] == [violation.sentence()]


def test_a_word_of_another_accusation_is_not_warned_of() -> None:
    assert found("Enlèvement, génocide", "war crimes") == []


def quoted(text: str, class_: str) -> list[str]:
    name = NamedNode(DATA + "thing")
    quads = (
        Quad(name, LABEL, Literal(text, language="en"), GRAPH),
        Quad(name, RDF.TYPE, NamedNode(TERMS + class_), GRAPH),
        Quad(NamedNode(TERMS + "Person"), RDFS.SUB_CLASS_OF, NamedNode(TERMS + "Actor"), GRAPH),
        Quad(NamedNode(TERMS + "Meeting"), RDFS.SUB_CLASS_OF, NamedNode(TERMS + "Happening"), GRAPH),
    )
    overlay = Overlay(store_with("kidnapping"), Delta(added=quads))
    return [violation.sentence() for violation in rule().violations(overlay)]


@pytest.mark.parametrize(
    "text", ["The “kidnapping” of Maduro", "The 'kidnapping' in Caracas", "«Kídnapping»"]
)
@pytest.mark.parametrize("class_", ["Place", "ProspectiveAct", "Person"])
def test_quotation_marks_that_name_nobody_are_refused_on_what_is_taken_for_fact(
    text: str, class_: str
) -> None:
    (sentence,) = quoted(text, class_)
    assert "quotation marks alone do not say so; name whose word it is" in sentence


@pytest.mark.parametrize(
    ("text", "class_"),
    [
        ("What the Speaker calls a “kidnapping”", "Place"),
        ("The “kidnapping” of Maduro", "Statement"),
        ("The “abduction” of Maduro", "Meeting"),
        ("The “talks” on a kid’s nap", "Meeting"),
    ],
)
def test_quotation_marks_that_name_somebody_or_quote_another_word_pass(text: str, class_: str) -> None:
    assert quoted(text, class_) == []


@pytest.mark.parametrize(
    ("class_", "name", "passage", "severity"),
    [
        ("Organization", "Fund against Kidnapping", "the Fund  against Kidnapping opened", "warning"),
        ("Office", "Zar contra el kidnapping", "el Zar contra el kidnapping habló", "warning"),
        ("Organization", "Fund against Kidnapping", "the fund against kidnapping opened", "error"),
        ("Organization", "Fund against Kidnapping", "the Fund opened", "error"),
        ("Organization", "Kidnapping", "he spoke of Kidnapping", "error"),
        ("Meeting", "Fund against Kidnapping", "the Fund against Kidnapping opened", "error"),
        ("Person", "Fund against Kidnapping", "the Fund against Kidnapping opened", "error"),
    ],
)
def test_a_printed_name_of_an_organization_or_office_gives_a_warning(
    class_: str, name: str, passage: str, severity: str
) -> None:
    text = f"""
        @prefix dip: <{TERMS}> . @prefix rdfs: <{PREFIXES["rdfs"]}> .
        <{DATA}x> a dip:{class_} ; rdfs:label "{name}"@en ; dip:foundIn <{DATA}source> .
        <{DATA}p> dip:occursIn <{DATA}source> ; dip:exactText "{passage}" .
    """
    read = parse(text.encode(), format=RdfFormat.TURTLE)
    new = tuple(Quad(quad.subject, quad.predicate, quad.object, GRAPH) for quad in read)
    store = store_with("kidnapping")
    (violation,) = rule().violations(Overlay(store, Delta(added=new)))
    assert violation.severity == severity


@pytest.mark.parametrize(
    "text", ["The “kidnapping” of Maduro", "What the Speaker calls a “kidnapping”", "«Kídnapping»"]
)
def test_quotation_marks_never_help_in_the_name_of_a_happening(text: str) -> None:
    (sentence,) = quoted(text, "Meeting")
    assert "the name of an event is not a quotation" in sentence


def test_the_note_of_a_happening_may_quote_whoever_it_names() -> None:
    assert named("dipid:e a dip:Meeting ; rdfs:comment 'The Speaker calls it a “kidnapping”' .") == []


@pytest.mark.parametrize(
    "text",
    [
        "КІDNAPPING in Caracas",
        "The kіdnаppіng",
        "The ꓗIDNAPPING",
        "The 𝐤𝐢𝐝𝐧𝐚𝐩𝐩𝐢𝐧𝐠",
        "The κιδnapping".replace("δ", "d"),
        "The ᏦᎥᗪnapping",
        "The kid\u3164napping",
        "The kid\u034fnapping",
        "The kid\u2063nap\u200dping",
        "The k\u0336i\u0336d\u0336n\u0336a\u0336p\u0336p\u0336i\u0336n\u0336g\u0336",
        "The k\u20ddidnapping",
        "The kid\u2011napping",
        "The 🅺🅸🅳🅽🅰🅿🅿🅸🅽🅶",
        "The 🇰 🇮 🇩 🇳 🇦 🇵 🇵 🇮 🇳 🇬",
        "The ⒦⒤⒟⒩⒜⒫⒫⒤⒩⒢",
        "The kid-napping-of-Maduro",
        "The b1ackmail",
        "The kidnapping™",
        "The kidnapping²",
        "The k¡dnapping",
        "The kid·napping",
        "The kid/napping",
        "kid|napping",
        "The 8lackmail",
    ],
)
def test_letters_that_look_alike_hide_nothing(text: str) -> None:
    (sentence,) = found(text, "kidnapping", "blackmail")
    assert "is used only by The Speaker" in sentence
    store = store_with("kidnapping", "blackmail")
    store.add(Quad(NamedNode(DATA + "event"), LABEL, Literal(text, language="en"), GRAPH))
    assert [each.sentence() for each in rule().whole(Overlay(store))] == [sentence]


def told(text: str, language: str | None, *words: str) -> list[tuple[str, str]]:
    """The severity of, and the word in, each violation by a text in a language."""
    store = store_with(*words)
    quad = Quad(NamedNode(DATA + "event"), LABEL, Literal(text, language=language), GRAPH)
    violations = list(rule().violations(Overlay(store, Delta(added=(quad,)))))
    store.add(quad)
    assert [each.sentence() for each in rule().whole(Overlay(store))] == [v.sentence() for v in violations]
    return [(each.severity, re.findall("“(.*?)”", each.message["en"])[0]) for each in violations]


@pytest.mark.parametrize(
    ("text", "language", "contested"),
    [
        ("They kidnapped him", "en", "kidnapping"),
        ("The kidnappers", "en", "kidnapper"),
        ("The k1dnappings", "en", "kidnapping"),
        ("Acts of piracies", "en", "piracy"),
        ("Annexations of land", "en", "annexation"),
        ("A war crime", "en", "war crimes"),
        ("Saqueos en la frontera", "es", "saqueo"),
        ("Fue secuestrado en Caracas", "es", "secuestro"),
        ("Invasión de la isla", "es", "invasiones"),
        ("Crimen de guerra en la isla", "es", "crímenes de guerra"),
        ("As agressões na fronteira", "pt", "agressão"),
        ("Foram sequestrados", "pt", "sequestro"),
        ("Il fut enlevé à Caracas", "fr", "enlever"),
        ("Les envahisseurs", "fr", "envahisseur"),
        ("The kidnapped president", None, "kidnapping"),
        ("Los saqueos", "es-CO", "saqueo"),
    ],
)
def test_a_form_of_a_contested_word_is_refused(text: str, language: str | None, contested: str) -> None:
    assert [severity for severity, _ in told(text, language, contested)] == ["error"]


def test_a_form_in_another_language_than_that_of_the_text_is_warned_of() -> None:
    assert told("Secuestraron a Maduro", "en", "secuestro") == [("warning", "secuestraron")]
    assert told("Secuestraron a Maduro", "es", "secuestro") == [("error", "secuestraron")]


@pytest.mark.parametrize(
    ("text", "contested"),
    [
        ("Talks on invasive species", "invasion"),
        ("An organic farm", "organs"),
        ("A universal declaration", "university"),
        ("A generous offer", "general strike-breaker"),
        ("A genocidal war", "genocides"),
    ],
)
def test_a_word_that_only_shares_a_stem_is_no_more_than_warned_of(text: str, contested: str) -> None:
    assert {severity for severity, _ in told(text, "en", contested)} <= {"warning"}


@pytest.mark.parametrize(
    ("text", "language", "contested"),
    [
        ("The kid naps in Caracas", "en", "kidnap"),
        ("The couple arrived", "en", "coup"),
        ("Cooperation between armies", "en", "coop"),
        ("A visit to Tortuga", "es", "tortura"),
        ("Visita de Roberto Robledo", "es", "robo"),
        ("Pirata".replace("ta", "nha"), "pt", "pirataria"),
        ("The meeting of leaders", "en", "misleading"),
        ("General Assembly", "en", "generalissimo"),
        ("Los saqueos", "en", "sack"),
        ("Massachusetts", "en", "massacre"),
        ("The 15th summit of 2026", "en", "isth"),
        ("Murdoch met the president", "en", "murder"),
        ("La Marina de guerra", "es", "marihuana"),
        ("Raptors and doves", "en", "rapt"),
    ],
)
def test_honest_words_that_share_letters_pass(text: str, language: str, contested: str) -> None:
    assert told(text, language, contested) == []


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("dipid:e a dip:Meeting ; dcterms:subject 'the kidnapping'@en .", "error"),
        ("dipid:e a dip:Meeting ; ex:headline 'the kidnapping'@en .", "error"),
        (
            "dipid:e a dip:Meeting ; ex:name 'the kidnapping'@en . ex:name rdfs:subPropertyOf rdfs:label .",
            "error",
        ),
        ("<urn:x> a dip:Meeting ; ex:about 'the kidnapping' .", "error"),
        ("ex:l <http://www.w3.org/2008/05/skos-xl#literalForm> 'The kidnapping'@en .", "error"),
        ("dipid:k a skos:Concept ; skos:definition 'A kidnapping.'@en .", "error"),
        ("dipid:kidnapping a skos:Concept ; skos:broader dipk:military-operation .", "error"),
        ("dipid:k a skos:Concept ; skos:prefLabel 'A “kidnapping”'@en .", "error"),
        ("dipid:s a dip:Statement ; ex:about 'the kidnapping' .", "warning"),
        ("dipid:e a dip:Meeting ; rdfs:seeAlso <http://ex.org/Kidnapping_of_Maduro> .", "warning"),
        (
            "dipid:e a dip:Meeting ; skos:exactMatch <https://ex.org/2026/the-kidnapping/?from=rss> .",
            "warning",
        ),
        ("dipid:e a dip:Meeting ; ex:page 'https://ex.org/kidnapping.html'^^xsd:anyURI .", "warning"),
    ],
)
def test_what_other_vocabularies_say_of_our_records_is_examined(text: str, severity: str) -> None:
    assert severities(text) == [severity]


@pytest.mark.parametrize(
    "text",
    [
        "ex:e ex:about 'the kidnapping' ; rdfs:seeAlso <http://ex.org/kidnapping> .",
        "dipid:a a dip:Source ; rdfs:seeAlso <http://ex.org/kidnapping> .",
        "dipid:a a dip:Source ; dip:url 'http://ex.org/kidnapping'^^xsd:anyURI .",
        "dipid:e a dip:Meeting ; ex:about 'What the Speaker calls a “kidnapping”' .",
        "dipid:e a dip:Meeting ; rdfs:seeAlso <http://www.wikidata.org/entity/Q42> .",
        "dipid:e a dip:Meeting ; ex:code 'kidnapping'^^ex:code .",
    ],
)
def test_other_links_texts_about_other_things_and_quotations_pass(text: str) -> None:
    assert severities(text) == []


def severities(text: str) -> list[str]:
    """The severities of what is wrong with facts of a few triples, where “kidnapping” is contested."""
    return [violation.severity for violation in of_facts(text)]
