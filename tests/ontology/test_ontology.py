"""The ontology as a whole: every term is used, every file is in order, and the header tells its version."""

import re
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg import iris, ontology
from kg.query import questions

FOLDER = ontology.ontology_folder()
MODULES = ("actors", "assessments", "codings", "diplomacy", "events", "gestures", "sources", "statements")
RDF, RDFS, OWL, SKOS = (iris.PREFIXES[name] for name in ("rdf", "rdfs", "owl", "skos"))
TYPES = {OWL + "Class": "Classes", OWL + "ObjectProperty": "Object properties"}
TYPES |= {OWL + "DatatypeProperty": "Datatype properties"}
ANNOTATION_PROPERTY = OWL + "AnnotationProperty"
HEADINGS = TYPES | {ANNOTATION_PROPERTY: "Annotation properties"}
BLOCK = re.compile(r"^dip:(\w+) a (owl:\w+)(?:, owl:\w+)* ;\n(.*?) \.\n", re.MULTILINE | re.DOTALL)
ORDER = ["rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:label", "skos:definition", "skos:example"]
ORDER += ["skos:scopeNote", "skos:altLabel", "dcterms:source", "dip:inLayer", "rdfs:isDefinedBy"]


@cache
def terms() -> dict[str, str]:
    """Every class and property of ours, with its type."""
    found: dict[str, str] = {}
    for quad in ontology.load().graphs[iris.TERMS_GRAPH]:
        if quad.predicate.value == RDF + "type" and named(quad.object) in TYPES:
            found[named(quad.subject)] = named(quad.object)
    return found


def annotations() -> set[str]:
    """The properties that say something of terms, kinds and shapes, and nothing of facts."""
    quads = ontology.load().graphs[iris.TERMS_GRAPH]
    return {named(quad.subject) for quad in quads if named_or_none(quad.object) == ANNOTATION_PROPERTY}


def mentioned(quads: list[Quad]) -> set[str]:
    ends = {end for quad in quads for end in (quad.subject, quad.predicate, quad.object)}
    return {end.value for end in ends if isinstance(end, NamedNode)}


def used_in_facts() -> set[str]:
    """The terms that the seed and the examples use."""
    files = sorted((FOLDER / "examples").glob("*.trig"))
    examples = [quad for file in files for quad in parse(path=file, format=RdfFormat.TRIG)]
    return mentioned([*ontology.load().seed, *examples])


def used_in_shapes() -> set[str]:
    return mentioned(list(ontology.load().graphs[iris.SHAPES_GRAPH]))


def used_in_questions() -> set[str]:
    texts = "\n".join(question.text for question in questions.load().values())
    return {iris.expand(name) for name in re.findall(r"\bdip:[A-Za-z]+", texts)}


@cache
def parents() -> dict[str, str]:
    """The class or property that each stands directly below."""
    below = (RDFS + "subClassOf", RDFS + "subPropertyOf")
    quads = (quad for quad in ontology.load().graphs[iris.TERMS_GRAPH] if quad.predicate.value in below)
    return {named(quad.subject): named(quad.object) for quad in quads}


def named(node: object) -> str:
    assert isinstance(node, NamedNode)
    return node.value


def named_or_none(node: object) -> str | None:
    return node.value if isinstance(node, NamedNode) else None


def above(names: set[str]) -> set[str]:
    """The terms named, and the classes and properties that they stand below: used through them."""
    found = set(names)
    while higher := {parents()[name] for name in found & parents().keys()} - found:
        found |= higher
    return found


COMPUTED = {iris.TERMS + "claimKey"}
"""What facts may leave out because it follows from them."""


def test_every_term_is_used_by_a_fact_of_the_seed_or_of_an_example() -> None:
    unused = terms().keys() - above(used_in_facts()) - COMPUTED
    assert sorted(map(iris.compact, unused)) == []


def test_every_term_is_used_by_a_shape_or_stands_below_one_that_is() -> None:
    shaped = used_in_shapes()
    unused = {name for name in terms() if not above({name}) & shaped}
    assert sorted(map(iris.compact, unused)) == []


def test_every_annotation_property_is_used_by_the_release_and_by_no_fact() -> None:
    graphs = ontology.load().graphs
    quads = [*graphs[iris.TERMS_GRAPH], *graphs[iris.KINDS_GRAPH], *graphs[iris.SHAPES_GRAPH]]
    assert annotations() - {quad.predicate.value for quad in quads} == set()
    assert annotations() & used_in_facts() == set()


NOT_ASKED = {
    "where a passage stands, and proof that it does": "exactHash prefix suffix textHash textLength occursIn",
    "how the graph came to hold it": "contentHash reason retracts softwareVersion supersedes version warning",
    "a guard of curators, and nobody's word": "equivalentWord",
    "the seed has no such event": "boundFor carries departsFrom recordedIn",
    "rows of event data: asked for by the questions on them": "actorCode codedContext codedName"
    " codedPlace countryCode score sector story",
    "read on the record itself": "adaptedFrom claimKey respondsTo url",
}
"""The properties that no saved question asks for, and why. A question that asks for one takes it off."""


def test_every_property_is_asked_for_by_a_question_or_excused_with_a_reason() -> None:
    properties = {name for name, type_ in terms().items() if type_ != OWL + "Class"}
    unasked = {name.removeprefix(iris.TERMS) for name in properties - used_in_questions()}
    assert sorted(unasked) == sorted(name for names in NOT_ASKED.values() for name in names.split())


@pytest.mark.parametrize("module", MODULES)
def test_a_module_lists_its_terms_by_sort_and_name(module: str) -> None:
    text = (FOLDER / f"{module}.ttl").read_text()
    headings = [heading for heading in HEADINGS.values() if f"### {heading} ###" in text]
    assert [text.index(f"### {heading} ###") for heading in headings] == sorted(
        text.index(f"### {heading} ###") for heading in headings
    )
    for section in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        names = [name for name, _, _ in BLOCK.findall(section)]
        assert names == sorted(names)
        kinds = {HEADINGS[OWL + type_.removeprefix("owl:")] for _, type_, _ in BLOCK.findall(section)}
        assert kinds <= {section.split(" ###")[0]}


@pytest.mark.parametrize("module", MODULES)
def test_the_annotations_of_a_term_stand_in_one_order(module: str) -> None:
    for name, _, body in BLOCK.findall((FOLDER / f"{module}.ttl").read_text()):
        places = [
            ORDER.index(line.split()[0])
            for line in body.splitlines()
            if line.startswith(("    rdfs:", "    skos:", "    dcterms:", "    dip:"))
        ]
        assert places == sorted(places), name


def test_every_block_of_the_modules_was_looked_at() -> None:
    blocks = [
        name for module in MODULES for name, _, _ in BLOCK.findall((FOLDER / f"{module}.ttl").read_text())
    ]
    assert sorted(blocks) == sorted(name.removeprefix(iris.TERMS) for name in {*terms(), *annotations()})


def test_a_definition_of_a_class_below_another_begins_with_the_name_of_that_class() -> None:
    store = Store()
    store.extend(ontology.load().graphs[iris.TERMS_GRAPH])
    strays = store.query(
        f"""PREFIX rdfs: <{RDFS}> PREFIX skos: <{SKOS}>
        SELECT ?term ?definition WHERE {{
            ?term rdfs:subClassOf/rdfs:label ?parent ; skos:definition ?definition .
            FILTER ( LANG(?parent) = "en" && LANG(?definition) = "en" )
            FILTER ( ! REGEX(?definition, CONCAT("^An? ", LCASE(?parent), " "), "i") )
        }}""",
        use_default_graph_as_union=True,
    )
    assert [str(row) for row in strays] == []  # type: ignore[union-attr]  # a SELECT has rows


def test_a_definition_of_an_object_property_says_what_it_relates() -> None:
    definitions = {
        named(quad.subject): str(quad.object)
        for quad in ontology.load().graphs[iris.TERMS_GRAPH]
        if quad.predicate.value == SKOS + "definition"
    }
    for name, type_ in terms().items():
        if type_ == OWL + "ObjectProperty":
            assert definitions[name].startswith('"Relates a'), name


def test_every_readable_file_of_the_ontology_has_no_tab_and_no_space_at_the_end_of_a_line() -> None:
    files = [file for file in FOLDER.rglob("*") if file.suffix in (".ttl", ".trig", ".rq", ".md")]
    assert len(files) > 40
    untidy = [file.name for file in files if re.search(r"\t|[ ]$", file.read_text(), re.MULTILINE)]
    assert untidy == []


def test_the_readme_of_the_ontology_shows_turtle_that_reads_and_names_that_exist() -> None:
    text = (FOLDER / "README.md").read_text()
    prefixes = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in iris.PREFIXES.items())
    shown = re.findall(r"```turtle\n(.*?)```", text, re.DOTALL)
    assert shown
    for block in shown:
        assert list(parse(prefixes + block, format=RdfFormat.TURTLE))
    release = ontology.load()
    known = release.known_terms | mentioned(list(release.graphs[iris.SHAPES_GRAPH]))
    named = {iris.expand(name) for name in re.findall(r"\bdip(?:k|sh)?:[A-Za-z]+(?:-[A-Za-z]+)*", text)}
    assert {iris.compact(name) for name in named - known} == set()


def test_the_readme_of_the_ontology_links_to_files_that_are_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (FOLDER / "README.md").read_text()):
        assert target.startswith("http") or (FOLDER / target).exists(), target


def test_the_checks_folder_and_examples_are_not_part_of_the_release() -> None:
    loaded = {path.name for path in FOLDER.glob("*.ttl")}
    assert not loaded & {path.name for path in (FOLDER / "checks").glob("*.ttl")}
    assert Path(FOLDER / "checks" / "meta.shapes.ttl").is_file()
