"""One address of each kind of page, on the seed graph: what holds for all pages is tested on these."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

_QUERY = "SELECT ?gift ?giver ?receiver { ?gift a dip:Gift ; dip:giver ?giver ; dip:receiver ?receiver }"
_WIDE_QUERY = (
    "SELECT * { ?s dip:madeBy ?by ; dip:concerns ?about ; dip:reportedBy ?report ; rdfs:label ?label }"
)

PAGES: Mapping[str, str] = MappingProxyType(
    {
        "home": "",
        "search": "search?q=petro",
        "nothing found": "search?q=xyzzyxyzzy",
        "list of things": "id",
        "list of a class": "id?class=Statement&sort=newest",
        "actor": "id/gustavo-petro",
        "actor that is a state": "id/colombia",
        "statement": "id/statement-s4",
        "event": "id/white-house-meeting",
        "happening with accounts": "id/standoff-january-2025",
        "gesture": "id/gift-of-the-hat",
        "altered gesture": "id/alteration-of-the-hat",
        "claim": "id/claim-petro-kidnapping",
        "source": "id/presence-news-article",
        "submission": "id/graph-meeting",
        "thing": "id/hat",
        "kind": "kinds/gift",
        "part of the terms": "terms/actors",
        "class": "terms/Claim",
        "property": "terms/contestedWord",
        "what a fact rests on": "why?fact=dipid%3Agift-of-the-hat",
        "questions": "questions",
        "form of a question": "questions/meetings-of-two-actors",
        "answer": "questions/top-partners-of-an-actor?actor=Petro",
        "wide answer": "questions/threats-and-what-became-of-them",
        "duet": "duet?actor=Petro&other=United+States&event=dipid%3Awhite-house-meeting",
        "form of the duet": "duet",
        "ledger of threats": "threats",
        "rival accounts": "accounts",
        "line-up": "line-up",
        "network": "network",
        "desk": "desk",
        "desk with a submission": "desk?supersedes=dipid%3Agraph-meeting",
        "proposals": "desk/proposals",
        "workbench": "workbench",
        "result": f"workbench?query={quote(_QUERY)}",
        "wide result": f"workbench?query={quote(_WIDE_QUERY)}",
        "fault of a query": f"workbench?query={quote('SELECT * { ?s foaf:name ?o }')}",
        "SPARQL answer": f"sparql?query={quote('ASK {}')}",
        "help": "help",
        "page of help": "help/querying",
        "HTTP interface": "docs",
        "terms": "terms",
        "kinds": "kinds",
        "shapes": "shapes",
        "alignments": "alignments",
        "provenance": "provenance",
        "history": "commits",
        "history of a thing": "commits?thing=gustavo-petro",
        "commit": "commits/2",
        "changes": "changes?from=v1&to=v2",
        "glossary": "glossary",
        "fault": "nothing-here",
    }
)
