"""What would bring other servers down, sent to a real one: answered or refused, and so is the next query."""

import gzip
import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, IncompleteRead, RemoteDisconnected
from time import monotonic
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests.support.live_server import live

REFUSED = {400, 404, 405, 406, 409, 413, 414, 415, 422, 431}
ENDED = {503, *REFUSED}
PATIENCE = 60
"""Seconds in which anybody is answered, whatever came before; ``tests.bench.hostile`` has a bar of one."""
TOKEN = "hostile-tests"
NORMAL = "ASK { ?s ?p ?o }"


class Attack(NamedTuple):
    """A request, and the statuses that are a good answer to it."""

    name: str
    method: str
    path: str
    body: bytes
    content_type: str
    statuses: set[int]
    headers: tuple[tuple[str, str], ...] = ()


def reconciled(name: str, batch: str, statuses: set[int] | None = None) -> Attack:
    body = urlencode({"queries": batch}).encode()
    form = "application/x-www-form-urlencoded"
    return Attack(f"reconciliation: {name}", "POST", "/reconcile", body, form, statuses or REFUSED)


def query(name: str, text: str, statuses: set[int] | None = None) -> Attack:
    return Attack(name, "POST", "/sparql", text.encode(), "application/sparql-query", statuses or ENDED)


def facts(name: str, text: str | bytes, content_type: str = "text/turtle") -> Attack:
    body = text if isinstance(text, bytes) else text.encode()
    return Attack(name, "POST", "/facts", body, content_type, REFUSED)


def get(name: str, path: str, statuses: set[int] | None = None) -> Attack:
    return Attack(name, "GET", path, b"", "", statuses or REFUSED)


def update(name: str, text: str, statuses: set[int] | None = None, more: str = "") -> Attack:
    body = text.encode()
    return Attack(
        f"update: {name}", "POST", f"/update{more}", body, "application/sparql-update", statuses or REFUSED
    )


def graph(name: str, body: str | bytes, content_type: str = "text/turtle", method: str = "PUT") -> Attack:
    data = body if isinstance(body, bytes) else body.encode()
    return Attack(f"graph: {name}", method, "/graphs?graph=urn:hostile", data, content_type, REFUSED)


def form(name: str, body: bytes) -> Attack:
    return graph(f"form of {name}", body, "multipart/form-data; boundary=x", "POST")


def zipped(path: str, content_type: str) -> Attack:
    """A body that is a thousand times as long when unpacked."""
    headers = (("Content-Encoding", "gzip"),)
    return Attack(f"zip bomb at {path}", "POST", path, _ZIPPED, content_type, {413}, headers)


def headed(name: str, path: str, statuses: set[int], **headers: str) -> Attack:
    pairs = tuple((key.replace("_", "-"), value) for key, value in headers.items())
    return Attack(f"header: {name}", "GET", path, b"", "", statuses, pairs)


def sent_json(name: str, text: str) -> Attack:
    return Attack(f"retraction: {name}", "POST", "/retractions", text.encode(), "application/json", REFUSED)


_ZIPPED = gzip.compress(bytes(50_000_000), 1)


def _filter(inner: str) -> str:
    return f"SELECT * {{ ?s ?p ?o FILTER({inner}) }} LIMIT 1"


def _doubling(times: int) -> str:
    binds = "".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1}) " for n in range(times))
    return f'SELECT (STRLEN(?v{times}) AS ?n) {{ BIND("0123456789abcdef" AS ?v0) {binds}}}'


def _star(arms: int, centre: str = "?s") -> str:
    return "SELECT * { " + " ".join(f"{centre} ?p{n} ?o{n} ." for n in range(arms)) + " } LIMIT 1"


def _cross(factors: int) -> str:
    return " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(factors))


def _json_ld(depth: int) -> str:
    return '{"urn:p":' * depth + '"x"' + "}" * depth


_PATHS = "SELECT (COUNT(*) AS ?n) {{ ?a {} ?b . ?c {} ?d . ?e {} ?f }}"
_ANY = "(!<urn:x>|^!<urn:x>)*"
_QUESTION = "/questions/claims-about-an-actor?"
_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + ']><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="urn:a">'
    '<p xmlns="urn:">&m;</p></rdf:Description></rdf:RDF>'
)
_OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="urn:a">'
    '<p xmlns="urn:">&a;</p></rdf:Description></rdf:RDF>'
)

_CHAIN = json.dumps({"@context": {f"p{number}": f"p{number + 1}:x" for number in range(9000)}})
_GROUPS = "".join(
    f"_:g{group}a{one}<urn:p>_:g{group}a{other}.\n"
    for group in range(500)
    for one in range(5)
    for other in range(5)
    if one != other
)

ATTACKS = [
    query("nested parentheses", _filter("(" * 20_000 + "1" + ")" * 20_000)),
    query("nested parentheses, not closed", _filter("(" * 20_000)),
    query("nested parentheses under the screen", _filter("(" * 190 + "1" + ")" * 190), {200, *ENDED}),
    query("parentheses in an IRI", _filter("1<" + "(" * 5000 + "1" + ")" * 5000 + ">0")),
    query("escaped parentheses", _filter(r"\u0028" * 5000 + "1" + ")" * 5000)),
    query("nested groups", "ASK " + "{" * 5000 + "}" * 5000),
    query("nested collections", "ASK { ?s ?p " + "(" * 5000 + ")" * 5000 + " }"),
    query("nested blank nodes", "ASK { ?s ?p " + "[ ?p " * 5000 + "1" + "]" * 5000 + " }"),
    query("nested triple terms", "ASK { ?s ?p " + "<<( ?s ?p " * 5000 + "1" + ")>>" * 5000 + " }"),
    query("nested functions", _filter("STR(" * 5000 + "1" + ")" * 5000)),
    query("nested sub-selects", "SELECT * { { " + "SELECT * { { " * 3000 + "} } " * 3000 + "} }"),
    query("nested EXISTS", "ASK { " + "FILTER EXISTS { " * 3000 + "}" * 3000 + " }"),
    query("nested path groups", "ASK { ?s " + "(" * 5000 + "<urn:p>" + ")" * 5000 + " ?o }"),
    query("path modifiers", "ASK { ?s <urn:p>" + "*" * 5000 + " ?o }"),
    query("inverse paths", "ASK { ?s " + "^" * 5000 + "<urn:p> ?o }"),
    query("path sequence", "ASK { ?s " + "/".join(["<urn:p>"] * 5000) + " ?o }"),
    query("||", _filter(" || ".join(["?s = 1"] * 4000))),
    query("&&", _filter(" && ".join(["?s = 1"] * 4000))),
    query("+", _filter("+".join(["?o"] * 8000) + " = 1")),
    query("signed numbers", _filter("?o" + "+1" * 8000 + " = 1")),
    query("!", _filter("!" * 8000 + "true")),
    query("OPTIONALs", "SELECT * { " + "OPTIONAL { ?s ?p ?o } " * 4000 + "} LIMIT 1"),
    query("MINUS", "SELECT * { " + "MINUS { ?s ?p ?o } " * 4000 + "} LIMIT 1"),
    query("FILTER NOT EXISTS", "ASK { ?s ?p ?o " + "FILTER NOT EXISTS { ?s ?p 1 } " * 4000 + "}"),
    query("UNION arms", "SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 3000) + " } LIMIT 1"),
    query("BINDs", "SELECT * { " + " ".join(f"BIND({n} AS ?v{n})" for n in range(4000)) + " }"),
    query("doubling CONCAT", _doubling(40)),
    query(
        "large REPLACE",
        'SELECT (REPLACE(STR(?x), ".", "$0$0$0$0$0$0$0$0") AS ?y) { ' + _doubling(22) + " }",
        {200, *ENDED},
    ),
    query("star of 150", _star(150), {200, *ENDED}),
    query("star of 900", _star(900)),
    query("star about one node", _star(300, "<urn:a>"), {200, *ENDED}),
    query("ORDER BY over a cross product", f"SELECT * {{ {_cross(4)} }} ORDER BY ?o3 ?o2 ?o1 LIMIT 1"),
    query("COUNT over a cross product", f"SELECT (COUNT(*) AS ?n) {{ {_cross(6)} }}"),
    query(
        "GROUP BY over a cross product", f"SELECT ?o0 (SAMPLE(?o1) AS ?x) {{ {_cross(4)} }} GROUP BY ?o0 ?s3"
    ),
    query(
        "DISTINCT over a cross product",
        f"SELECT DISTINCT ?o0 ?o1 ?o2 {{ {_cross(4)} FILTER(?o3 = 1) }}",
        {200, *ENDED},
    ),
    query("GROUP_CONCAT over a cross product", f"SELECT (GROUP_CONCAT(?o1) AS ?x) {{ {_cross(3)} }}"),
    query(
        "CONSTRUCT over a cross product",
        f"CONSTRUCT {{ ?s0 ?p1 ?o2 }} {{ {_cross(4)} FILTER(?o3 = 1) }}",
        {200, *ENDED},
    ),
    query("ASK over a cross product", f"ASK {{ {_cross(5)} FILTER(?o4 = <urn:nowhere>) }}", {200, *ENDED}),
    query("paths through everything", _PATHS.format(_ANY, _ANY, _ANY)),
    query(
        "regex bomb",
        _filter('REGEX("' + "a" * 5000 + '!", "^(a+)+$") && REGEX(STR(?o), "(x+x+)+y")'),
        {200, *ENDED},
    ),
    query("large regex", _filter('REGEX(STR(?s), "((a{1000}){1000}){1000}")'), {200, *ENDED}),
    query(
        "regex with many classes",
        _filter(r'REGEX(STR(?s), "' + r"(\\\\w|\\\\d)*" * 5000 + '")'),
        {200, *ENDED},
    ),
    query("10 MB of spaces", "ASK {}" + " " * 10_000_000),
    query("10 MB of values", "ASK { VALUES ?x { " + "1 " * 5_000_000 + "} }"),
    query("10 MB literal", 'ASK { ?s ?p "' + "x" * 10_000_000 + '" }'),
    query("many open quotes", "ASK { " + "'\"" * 100_000),
    query("many backslashes", "ASK { ?s ?p '" + "\\" * 100_001),
    query("many comments", "#\n" * 120_000 + "ASK"),
    query("null bytes", "ASK { ?s ?p '\0' }\0"),
    query("surrogates", r"ASK { ?s ?p '\uD800' }"),
    query("SERVICE", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", {400}),
    query("SERVICE SILENT", "SELECT * { SERVICE SILENT <http://169.254.169.254/> { ?s ?p ?o } }", {200}),
    query("SERVICE in code points", r"SELECT * { SERV\u0049CE <http://127.0.0.1:9/> {} }", {400}),
    query("SERVICE by variable", "SELECT * { VALUES ?x { <http://127.0.0.1:9/> } SERVICE ?x {} }", {400}),
    query(
        "SERVICE behind an escaped quote",
        r'ASK { BIND("\u0022" AS ?a) SERVICE <http://127.0.0.1:9/> {} BIND("" AS ?b) }',
        {400},
    ),
    query(
        "SERVICE behind a comparison",
        "ASK { FILTER(?s<'x>') SERVICE <http://127.0.0.1:9/> {} FILTER(''='') }",
        {400},
    ),
    query(
        "SERVICE behind a dot", "PREFIX e: <urn:> ASK { ?s ?p e:.SERVICE <http://127.0.0.1:9/> {} }", {400}
    ),
    query(
        "parentheses behind an escaped quote",
        r'ASK { BIND("\u0022" AS ?a) FILTER(' + "(" * 20_000 + "1" + ")" * 20_000 + ') BIND("" AS ?b) }',
    ),
    query(
        "parentheses behind a comparison",
        "ASK { FILTER(?s<'x>') FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") FILTER(''='') }",
    ),
    query("LOAD", "LOAD <http://127.0.0.1:9/>", {400}),
    query("an update as a query", "DROP ALL", {400}),
    query("FROM an address", "SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }", {200}),
    query("FROM a file", "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", {200}),
    Attack("not UTF-8", "POST", "/sparql", b"ASK { ?s ?p '\xff' }", "application/sparql-query", {400}),
    Attack(
        "form of many fields",
        "POST",
        "/sparql",
        b"a=b&" * 100_000,
        "application/x-www-form-urlencoded",
        REFUSED,
    ),
    facts("deep JSON-LD", _json_ld(100_000), "application/ld+json"),
    facts("deep JSON-LD lists", "[" * 100_000 + "]" * 100_000, "application/ld+json"),
    facts(
        "JSON-LD with a context elsewhere",
        '{"@context": "http://127.0.0.1:9/", "a": 1}',
        "application/ld+json",
    ),
    facts(
        "JSON-LD with a context in a file",
        '{"@context": "file:///etc/passwd", "a": 1}',
        "application/ld+json",
    ),
    facts("XML entity bomb", _BOMB, "application/rdf+xml"),
    facts("XML entity from a file", _OUTSIDE, "application/rdf+xml"),
    facts("deep XML", "<a>" * 200_000, "application/rdf+xml"),
    facts("nested triple terms in Turtle", "<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * 50_000),
    facts("nested triple terms after a comment", "#\r<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * 20_000),
    facts("a chain of terms in a context", _CHAIN, "application/ld+json"),
    facts("openers of comments", "<!--" * 20_000, "application/rdf+xml"),
    facts("a text of escapes", '{"a": "' + '\\"' * 20_000 + "\\", "application/ld+json"),
    facts("a Content-Type of parameters", "", "text/turtle; " + 'a="' * 200),
    facts("a long Content-Type", "", "text/turtle; " + "a" * 60_000),
    facts("groups of blank nodes", _GROUPS, "application/n-triples"),
    facts("nested Turtle lists", "<urn:a> <urn:b> " + "(" * 3000 + ")" * 3000 + " ."),
    facts("nested Turtle blank nodes", "<urn:a> <urn:b> " + "[ <urn:c> " * 3000 + "1" + "]" * 3000 + " ."),
    facts("facts that are not text", b"\xff\xfe\x00" * 1000),
    facts("an unknown content coding", b"\x1f\x8b" * 1000, "application/zip"),
    get("path traversal in /id", "/id/../../../etc/passwd"),
    get("encoded path traversal in /id", "/id/%2e%2e%2f%2e%2e%2fetc%2fpasswd"),
    get("path traversal in /static", "/static/../../settings.py"),
    get("encoded path traversal in /static", "/static/%2e%2e/%2e%2e/settings.py"),
    get("path traversal in /questions", "/questions/..%2f..%2fpyproject.toml"),
    get("null byte in /id", "/id/a%00b"),
    get("IRI breaking out in /id", "/id/" + quote("a> ?p ?o } # ", safe="")),
    get("long address", "/sparql?query=" + "a" * 60_000),
    get("as-of that is none", "/sparql?query=ASK%7B%7D&as-of=" + "9" * 5000),
    get("as-of of many marks", "/sparql?query=ASK%7B%7D&as-of=" + "T" * 40_000),
    get("a long format", "/sparql?query=ASK%7B%7D&format=" + "a" * 4000),
    query("a name of many dots", "ASK { KNOWN " + "a." * 16_000 + " }"),
    query("a long query with a backslash", "SELECT * { VALUES ?x { " + "'a' " * 60_000 + "'\\\\' } }", {200}),
    get("as-of far away", "/sparql?query=ASK%7B%7D&as-of=v" + "9" * 400),
    get("line break in a format", "/sparql?query=ASK%7B%7D&format=json%0d%0aX-Injected:%201"),
    get("line break in a graph", "/sparql?query=ASK%7B%7D&default-graph-uri=urn:a%0d%0aX-Injected:%201"),
    get("many parameters", "/sparql?query=ASK%7B%7D&" + "default-graph-uri=urn:a&" * 2000, {200, *REFUSED}),
    update("nested groups", "INSERT { ?s ?p ?o } WHERE " + "{" * 5000 + "}" * 5000),
    update("nested groups, not closed", "INSERT { ?s ?p ?o } WHERE " + "{" * 5000),
    update("nested collections", "INSERT DATA { <urn:a> <urn:b> " + "(" * 5000 + ")" * 5000 + " }"),
    update("nested triple terms", "INSERT DATA { <urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * 5000),
    update(
        "nested reified triples",
        "INSERT DATA { " + "<<<a:b><a:b>" * 12_000 + " 1" + ">>" * 12_000 + " <a:p> 1 }",
    ),
    update("nested functions", "INSERT {} WHERE { FILTER(" + "STR(" * 950 + "1" + ")" * 950 + ") }"),
    update("nested EXISTS", "INSERT {} WHERE { " + "FILTER EXISTS {" * 950 + "}" * 950 + " }"),
    update("many operations", "INSERT DATA { <urn:a> <urn:b> 1 } ; " * 8000 + "CLEAR XYZ", {413}),
    update("10 MB", "INSERT DATA { <urn:a> <urn:b> '" + "x" * 10_000_000 + "' }", {413}),
    update(
        "a cross product to be written",
        f"INSERT {{ ?s0 <urn:x> ?o1 }} WHERE {{ {_cross(5)} }}",
        {503, 413},
    ),
    update("SERVICE", "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"),
    update("LOAD", "LOAD <http://169.254.169.254/latest/meta-data/>", {400, 403}),
    update("LOAD of a file", "LOAD <file:///etc/passwd> INTO GRAPH <urn:g>", {400, 403}),
    update("LOAD SILENT", "LOAD SILENT <http://[::1]:9/>", {200}),
    update("LOAD in code points", r"LO\u0041D <http://127.0.0.1:9/>", {400, 403}),
    update("everything dropped", "DROP ALL", {200}),
    update("USING an address", "CLEAR DEFAULT", {200, 204}, "?using-graph-uri=http://127.0.0.1:9/"),
    update("a dataset with a line break", "CLEAR DEFAULT", {400}, "?using-graph-uri=urn:a%0d%0aX-Injected:1"),
    graph("nested lists", "<urn:a> <urn:b> " + "(" * 3000 + ")" * 3000 + " ."),
    graph("an entity bomb", _BOMB, "application/rdf+xml"),
    graph("an entity bomb without a type", _BOMB, ""),
    graph("an entity from a file", _OUTSIDE, "application/rdf+xml"),
    graph("deep JSON-LD", _json_ld(100_000), "application/ld+json"),
    graph("a context elsewhere", '{"@context": "http://127.0.0.1:9/", "a": 1}', "application/ld+json"),
    graph("a context far down", '{"a": [{"@context": ["http://127.0.0.1:9/"]}]}', "application/ld+json"),
    graph("an import elsewhere", '{"@context": {"@import": "http://127.0.0.1:9/"}}', "application/ld+json"),
    graph("text in UTF-16", "<urn:a> <urn:b> 1 .".encode("utf-16"), "text/turtle; charset=utf-16"),
    graph("broken UTF-8", b"<urn:a> <urn:b> '\xc3\x28' ."),
    graph("a boundary that is none", b"--x", "multipart/form-data"),
    form("many files", b"--x\r\n\r\n\r\n" * 300_000 + b"--x--"),
    form("nothing but boundaries", b"--x\r\n" * 500_000),
    form("a file without an end", b"--x\r\nContent-Type: text/turtle\r\n\r\n<urn:a> <urn:b> 1 ."),
    form("a file without a head", b"--x\r\n" + b"a" * 1_000_000 + b"\r\n--x--"),
    form("a head of many lines", b"--x\r\n" + b"A: b\r\n" * 200_000 + b"\r\n\r\n--x--"),
    form("forms in forms", b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--"),
    form("a file with a bad name", b'--x\r\nContent-Disposition: a; filename="../../x"\r\n\r\n1\r\n--x--'),
    *(
        zipped(path, content_type)
        for path, content_type in (
            ("/sparql", "application/sparql-query"),
            ("/update", "application/sparql-update"),
            ("/facts", "text/turtle"),
            ("/validate", "text/turtle"),
            ("/graphs?graph=urn:g", "text/turtle"),
            ("/retractions", "application/json"),
        )
    ),
    sent_json("deep JSON", "[" * 100_000),
    sent_json("deep objects", '{"graphs":' * 100_000),
    sent_json("long numbers", '{"graphs": [' + "9" * 100_000 + '], "reason": "x"}'),
    sent_json("a name that is none", '{"graphs": ["urn:a> <urn:b"], "reason": "x"}'),
    sent_json("half a character", '{"graphs": ["urn:\\ud800"], "reason": "x"}'),
    sent_json("the terms", '{"graphs": ["https://w3id.org/regional-diplomacy/terms"], "reason": "x"}'),
    get("a question with a query in it", f"{_QUESTION}actor=" + quote("dipid:a> } DROP ALL # ", safe="")),
    get("a question with a line break", f"{_QUESTION}actor=urn:a%0d%0aX-Injected:%201"),
    get("a question with a long parameter", f"{_QUESTION}actor=urn:" + "a" * 60_000, {200, *REFUSED}),
    get("a question with many parameters", f"{_QUESTION}" + "actor=urn:a&" * 4000),
    get("a question with a null byte", f"{_QUESTION}actor=%00"),
    get("a question with a broken escape", f"{_QUESTION}actor=%ff"),
    get("a question with a strange format", f"{_QUESTION}actor=dipid:x&format=%2e%2e/"),
    get("commits without end", "/commits?limit=99999999999"),
    get("commits before the first", "/commits?before=0"),
    get("a commit far away", "/commits/" + "9" * 4000),
    get("changes of no version", "/changes?from=v0&to=v99999999999"),
    get("export of many graphs", "/export?" + "graph=urn:a&" * 4000),
    get("a graph with a line break", "/graphs?graph=urn:a%0d%0aX-Injected:%201"),
    get("a graph with half a character", "/graphs?graph=urn:%ed%a0%80"),
    get("path traversal in /graphs", "/graphs/..%2f..%2fetc%2fpasswd"),
    get("path traversal in /terms", "/terms/..%2f..%2fetc%2fpasswd"),
    get("a null byte in /graphs", "/graphs/%00"),
    headed("many media types", "/sparql?query=ASK%7B%7D", {431}, Accept="a/b;q=0.1," * 5000),
    headed("a media type that never ends", "/terms", {431}, Accept="a/b" + ";a=b" * 12_000),
    headed("many languages", "/nothing", {431}, Accept_Language="xx-" + "a-" * 20_000 + ",q;q=0.1" * 3000),
    headed("many tags", "/sparql?query=ASK%7B%7D", {431}, If_None_Match='W/"a", ' * 8000),
    headed("tags that never end", "/sparql?query=ASK%7B%7D", {431}, If_None_Match='W/"' * 15_000),
    headed("many codings", "/sparql?query=ASK%7B%7D", {431}, Accept_Encoding="gzip;q=0." * 6000),
    headed("a long token", "/commits", {431}, Authorization="Bearer " + "x" * 60_000),
    headed("a host that is none", "/sparql", {200, 400}, Host='a<b>"c d'),
    headed("a host that breaks out", "/.well-known/void", {200, 400}, Host="a> <urn:b> <urn:c> . <x"),
    headed("a host of markup", "/", {200, 400}, Host="<script>alert(1)</script>", Accept="text/html"),
    headed("a range", "/export", {200}, Range="bytes=0-1,0-1," * 1000),
    get("search for signs", "/search?q=" + "%22" * 200, {200, 503}),
    get("search for the longest words", "/search?q=" + "%20".join(["ab", "abcdefgh"] * 16), {200, 503}),
    get("search for letters that unfold", "/search?q=" + "%EF%B7%BA" * 110, {200, 503}),
    get("search for one letter, far on", "/search?q=a&limit=100&offset=900", {200, 503}),
    get("search for more than is searched", "/search?q=" + "a" * 4000),
    reconciled("nested", "[" * 200_000),
    reconciled("nested objects", '{"a":' * 40_000),
    reconciled("more than is read", " " * (1 << 20), {413}),
    reconciled(
        "the most queries",
        json.dumps({str(each): {"query": "abcdefgh " * 22} for each in range(50)}),
        {200, 503},
    ),
    reconciled("half a character", '{"a": {"query": "\\ud800"}}'),
    Attack("a method nobody knows", "BREAK", "/sparql", b"", "", {400, 405, 501}),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    limits = {
        "query_seconds": 1,
        "answer_seconds": 3,
        "query_memory": 1 << 28,
        "judge_seconds": 2,
        "log": "off",
    }
    with live(tmp_path_factory.mktemp("hostile") / "data", token=TOKEN, readers=2, **limits) as (_, url):
        parts = urlsplit(url)
        assert parts.hostname
        assert parts.port
        yield parts.hostname, parts.port


def send(address: tuple[str, int], attack: Attack) -> tuple[int, bytes, HTTPResponse]:
    connection = HTTPConnection(*address, timeout=120)
    try:
        headers = {"Authorization": f"Bearer {TOKEN}", **dict(attack.headers)}
        if attack.content_type:
            headers["Content-Type"] = attack.content_type
        connection.request(attack.method, attack.path, attack.body or None, headers)
        response = connection.getresponse()
        return response.status, response.read(), response
    finally:
        connection.close()


def settled(address: tuple[str, int], attack: Attack) -> tuple[int, bytes, HTTPResponse]:
    """Send a request until it is not ended at a limit of time that it should keep; a busy machine is slow."""
    for _ in range(9):
        status, body, response = send(address, attack)
        if status != 503 or 503 in attack.statuses:
            break
    return status, body, response


def answers(address: tuple[str, int]) -> None:
    """Ask what anybody asks; twice, so that each reader has its turn. A busy machine may need more tries."""
    end = monotonic() + PATIENCE
    answered = 0
    while answered < 2:
        connection = HTTPConnection(*address, timeout=PATIENCE)
        connection.request("POST", "/sparql", NORMAL, {"Content-Type": "application/sparql-query"})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        assert response.status == 200 or (response.status == 503 and monotonic() < end), body
        assert b"true" in body or response.status == 503
        answered += response.status == 200


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_hostile_request_is_answered_and_so_is_the_next(address: tuple[str, int], attack: Attack) -> None:
    try:
        status, body, response = settled(address, attack)
    except (BrokenPipeError, ConnectionResetError, RemoteDisconnected):
        assert len(attack.body) > 1_000_000  # refused before it was read
    except IncompleteRead:
        assert 503 in attack.statuses  # an answer that was cut looks cut
    else:
        assert status in attack.statuses, body[:500]
        assert b"Traceback" not in body
        assert b"root:" not in body
        assert response.getheader("X-Injected") is None
        if status >= 400 and attack.method in ("GET", "POST") and response.getheader("Content-Type"):
            assert "problem+json" in str(response.getheader("Content-Type")) or b"Invalid HTTP" in body
    answers(address)


HEAD = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
RAW = {
    "a chunk longer than said": HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK {}\r\n0\r\n\r\n",
    "a chunk shorter than said": HEAD + b"Transfer-Encoding: chunked\r\n\r\nffff\r\nASK {}\r\n0\r\n\r\n",
    "a chunk of endless size": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 100_000,
    "a chunk with endless notes": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a=b;" * 100_000,
    "a length of words": HEAD + b"Content-Length: many\r\n\r\nASK {}",
    "more than the length": HEAD + b"Content-Length: 3\r\n\r\nASK {}" + b"x" * 100_000,
    "an address of 1 MB": b"GET /sparql?query=" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "a request in a header": b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\nGET /health HTTP/1.1\r\n\r\n",
    "a body asked for and not sent": HEAD + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
    "a head that never ends": b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ",
    "a body that never comes": HEAD + b"Content-Length: 100\r\n\r\nASK",
    "chunks that never end": HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n",
    "a chunk of no size": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "two lengths": HEAD + b"Content-Length: 3\r\nContent-Length: 6\r\n\r\nASK {}",
    "length and chunks": HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a negative length": HEAD + b"Content-Length: -1\r\n\r\n",
    "a huge length": HEAD + b"Content-Length: 99999999999999\r\n\r\nASK",
    "many headers": b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
    "a long header": b"GET / HTTP/1.1\r\nA: " + b"b" * 200_000 + b"\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00" * 100,
    "an endless query, not waited for": HEAD
    + b"Content-Length: 59\r\n\r\nSELECT (COUNT(*) AS ?n) {?a ?b ?c. ?d ?e ?f. ?g ?h ?i. ?j ?k ?l}",
}


@pytest.mark.parametrize("sent", RAW.values(), ids=RAW.keys())
@pytest.mark.parametrize("end", ["half-closed", "held", "gone"])
def test_connections_that_are_not_as_they_should_be_hold_nobody_up(
    address: tuple[str, int], sent: bytes, end: str
) -> None:
    held = [socket.create_connection(address) for _ in range(8)]
    for connection in held:
        try:
            connection.sendall(sent)
            if end == "half-closed":
                connection.shutdown(socket.SHUT_WR)
            elif end == "gone":
                connection.close()
        except OSError:
            continue  # it was refused before it was read
    answers(address)
    for connection in held:
        connection.close()


def test_clients_that_do_not_read_their_answers_lose_them(address: tuple[str, int]) -> None:
    text = b"SELECT * { ?a ?b ?c . ?d ?e ?f }"
    request = HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(text), text)
    held = []
    for _ in range(4):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(address)
        connection.sendall(request)
        held.append(connection)
    for _ in range(20):
        if _is_answered(address):
            break
    answers(address)
    for connection in held:
        connection.close()


def _is_answered(address: tuple[str, int]) -> bool:
    return send(address, query("normal", NORMAL))[0] == 200
