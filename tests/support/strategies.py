"""Generated RDF for property tests: quotes, line ends, right-to-left text, odd dates, blank nodes."""

from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

XSD = "http://www.w3.org/2001/XMLSchema#"

iris = st.sampled_from([NamedNode(f"urn:example:{name}") for name in ("a", "b", "ñ", "名", "a/b?c=d#e")])
blanks = st.sampled_from([BlankNode("b0"), BlankNode("b1"), BlankNode("actors-c14n2")])
characters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
awkward = ['"', "'", "\\", "\r\n", "\t", "סלאם", "\u2028", "\ufeff", "'''\"\"\"", "a\u0301"]
texts = st.text(characters, max_size=12) | st.sampled_from(awkward)
languages = st.sampled_from(["en", "es", "es-419", "ar"])
values = st.sampled_from(["01", "1.50", "true", "-0", "2025-02-03", "2025", "2025-13-45", "2025-02", "1E3"])
datatypes = st.sampled_from(
    ["integer", "decimal", "boolean", "date", "gYear", "gYearMonth", "dateTime", "double"]
)
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda text, language: Literal(text, language=language), texts, languages),
    st.builds(lambda text, name: Literal(text, datatype=NamedNode(XSD + name)), values, datatypes),
)
ground_quads = st.builds(Quad, iris, iris, iris | literals, iris | st.just(DefaultGraph()))
any_quads = st.builds(Quad, iris | blanks, iris, iris | blanks | literals, iris | st.just(DefaultGraph()))
quads = st.lists(any_quads, max_size=8).map(tuple)
