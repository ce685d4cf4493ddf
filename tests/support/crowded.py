"""An actor, an event, a source, a claim and a submission with any number of records, for pages and benches.

Quads as a store holds them: the gate is not asked.
"""

from collections.abc import Iterator

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from kg.iris import DATA, PREFIXES

_HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
_BUSY = """
    dipid:busy a dip:State ; rdfs:label "Busyland"@en .
    dipid:rival a dip:State ; rdfs:label "Rivalia"@en .
    dipid:wire a dip:Outlet ; rdfs:label "The Wire"@en .
    dipid:wire-page a dip:Source ; dcterms:title "A long page"@en ; dip:publishedBy dipid:wire ;
        dip:textLength 1000000 .
    dipid:crowded-event a dip:Meeting ; rdfs:label "A crowded meeting"@en ; dip:hasKind dipk:summit-meeting ;
        dip:involves dipid:busy , dipid:rival .
    dipid:disputed-claim a dip:Claim ; rdfs:label "Rivalia's claim of a 'plot'"@en ; dip:content "a plot"@en ;
        dip:claimedBy dipid:rival ; dip:allegedActor dipid:busy .
"""
_EACH = """
    dipid:words-{n} a dip:Statement ; rdfs:label "Words {n} of Busyland"@en ; dip:hasKind dipk:criticism ;
        dip:madeBy dipid:busy ; dip:concerns dipid:rival ; dip:quotation "We said it {n} times"@en ;
        dip:occursAt dipid:day-{n} ; dip:advances dipid:claim-{n} ; dip:denies dipid:disputed-claim .
    dipid:claim-{n} a dip:Claim ; rdfs:label "Busyland's claim {n}"@en ; dip:content "it was so, {n}"@en ;
        dip:claimedBy dipid:busy ; dip:allegedActor dipid:rival .
    dipid:day-{n} a dip:TimeSpan ; dip:dateAsWritten "{date}" ; dip:date "{date}"^^xsd:date ;
        dip:earliest "{date}"^^xsd:date ; dip:latest "{date}"^^xsd:date ; dip:dateBasis dipk:stated .
    dipid:report-{n} a dip:Report ; dip:reports dipid:words-{n} , dipid:crowded-event ;
        dip:foundIn dipid:wire-page ; dip:quotes dipid:passage-{n} ;
        dip:hedgedAs dipk:plain ; dip:basedOn dipk:own-voice .
    dipid:passage-{n} a dip:Passage ; dip:occursIn dipid:wire-page ; dip:exactText "passage number {n}" ;
        dip:startOffset {start} ; dip:endOffset {end} .
"""


def crowd(number: int) -> Iterator[Quad]:
    """Yield quads of one submission in which each of these things is mentioned ``number`` times."""
    parts = [_BUSY]
    for n in range(number):
        date = f"{1990 + n % 30}-{n % 12 + 1:02}-{n % 28 + 1:02}"
        # Offsets fall as numbers rise, so that the order of the text is not that of the names.
        start = (number - n) * 100
        parts.append(_EACH.format(n=n, date=date, start=start, end=start + 20))
    text = f"{_HEADER}<{DATA}graph-crowd> {{ {''.join(parts)} }}"
    yield from pyoxigraph.parse(text.encode(), format=RdfFormat.TRIG)
