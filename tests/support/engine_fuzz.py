"""Program: hands the engine what the screens let through; it ends by a signal where the engine crashes.

Texts are made of pieces at random, the same for the same seed, around one deep nest.
``python -m tests.support.engine_fuzz KIND SEED NUMBER`` prints the number of each text, and last how many the
screen let through.
"""

import random
import sys
from contextlib import suppress

import pyoxigraph

from kg.errors import KGError
from kg.facts.parsing import read
from kg.formats import RDF_FORMATS
from kg.iris import PREFIXES
from kg.query import screening

DEPTH = 12_000
"""Brackets that end the engine, of whatever kind, where it reads them."""
PIECES = (
    *(
        "'",
        '"',
        "'''",
        '"""',
        "''",
        "\\",
        "\\'",
        '\\"',
        "\\\\",
        "\\u0027",
        "\\u0022",
        "#",
        "#'",
        "\r",
        "\n",
        "\f",
    ),
    *("\ufeff", "\u2028", " ", "<", "<urn:a>", "<urn:it's>", "<urn:a#b>", "<'x>'", "<a:#>'", ">", "=", "&&"),
    *(
        "?a",
        "?a<'b>'",
        "$b",
        "1",
        "-1",
        ".",
        ";",
        "a:b",
        "a:it\\'s",
        "a:\\#",
        ":",
        "_:b",
        "@en",
        "'x'@en",
        "^^",
    ),
    *("(", ")", "[", "]", "{", "}", "<<", ">>", "<<(", ")>>", "{|", "|}", "FILTER(?s<'x>')", "FILTER(1<2)"),
    *("?s ?p ?o .", "?s ?p 'x' .", "?s ?p <urn:x'y> .", "BIND('' AS ?z)", "/*", "<!--", "||", ",", "!", "a"),
)
NESTS = (
    *(("(", ")"), ("{", "}"), ("[", "]"), ("[ ?p ", "]"), ("?s ?p (", ")"), ("FILTER(?a IN (", "))")),
    *(("<<(<a:a><a:b>", ")>>"), ("<<<a:a><a:b>", ">>"), ("<<", ">>"), ("?s ?p <<", ">>"), ("{|?p ", "|}")),
    *(("STR(", ")"), ("FILTER EXISTS{", "}"), ("!", ""), ("?a+", ""), ("<a:a>/", ""), ("?s <a:a>|", "")),
    *(
        ("(", ") '"),
        ("(", "' )"),
        ("'(", "')"),
        ("\\(", "\\)"),
        ("<urn:(", ")>"),
        ("#(\r", ")"),
        ("#\r(", ")"),
    ),
)


def text(random_: random.Random) -> str:
    """Make one text."""
    before, between, after = (
        "".join(random_.choices(PIECES, k=random_.randint(0, most))) for most in (7, 3, 7)
    )
    opening, closing = random_.choice(NESTS)
    return f"{before}{opening * DEPTH}{between}{closing * random_.choice((0, DEPTH))}{after}"


def ask_update(text: str) -> None:
    """Have an update parsed, and nothing run."""
    update = f"PREFIX a: <urn:a:> INSERT {{}} WHERE {{ {text} }}"
    screening.check(update, 1 << 22)
    stopped = f"DROP GRAPH <urn:nowhere>; {screening.inert(update, 'service', 'load')}"
    pyoxigraph.Store().update(stopped, prefixes=PREFIXES)


def ask_query(text: str) -> None:
    """Have a query asked."""
    screened = screening.screen(f"PREFIX a: <urn:a:> ASK {{ {text} }}", 1 << 22)
    pyoxigraph.Store().query(screened.text, prefixes=PREFIXES)


def read_turtle(text: str) -> None:
    """Read Turtle."""
    read(f"@prefix a: <urn:a:> . <a:a> <a:b> {text} .".encode(), RDF_FORMATS["turtle"])


def read_trig(text: str) -> None:
    """Read TriG."""
    read(f"{text} .".encode(), RDF_FORMATS["trig"])


def read_json(text: str) -> None:
    """Read JSON-LD."""
    read(f'{{"a:b": [{text}]}}'.encode(), RDF_FORMATS["jsonld"])


KINDS = {
    "query": ask_query,
    "update": ask_update,
    "turtle": read_turtle,
    "trig": read_trig,
    "jsonld": read_json,
}


def main(kind: str, seed: str, number: str) -> None:
    """Try texts, and print the number of each that passed the screen's own check before the engine had it."""
    passed = 0
    for index in range(int(number)):
        made = text(random.Random(f"{seed}-{index}"))
        print(index, flush=True)
        with suppress(KGError):
            with suppress(SyntaxError, ValueError, RuntimeError):
                KINDS[kind](made)
            passed += 1
    print("passed", passed)


if __name__ == "__main__":
    main(*sys.argv[1:])
