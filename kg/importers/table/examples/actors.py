"""Examples of sources, actors and shared things."""

from kg.importers.table.examples.grounds import ARTICLE, Examples

EXAMPLES: Examples = {
    "source": (
        {
            "id": "example-page",
            "label": "[UN General Assembly general debate, summary of a statement by Colombia]",
            "kind": "web-page",
            "publisher": "united-nations",
            "url": "https://debate.example/80/colombia",
        },
    ),
    "actor": (
        {
            "id": "example-spokesperson",
            "label": "Office of the Spokesperson, US Department of State",
            "class": "Organization",
            "part_of": "us-department-of-state",
            "speaks_for": "us-department-of-state",
            "source": "statements-table-2025",
            "hedge": "plain",
            "basis": "recorded-as-data",
        },
    ),
    "place": (
        {
            "id": "example-white-house",
            "label": "White House",
            "label_es": "Casa Blanca",
            "source": "presence-news-article",
        },
    ),
    "office": (
        {
            "id": "example-presidency",
            "label": "President of Ecuador",
            "label_es": "Presidencia de Ecuador",
            "kind": "president",
            "office_of": "ecuador",
            "source": "presence-news-article",
        },
    ),
    "tenure": (
        {
            "id": "example-tenure",
            "holder": "daniel-noboa",
            "office": "president-of-ecuador",
            "time": "time-of-writing",
            "passage": "Ecuadorian President Daniel Noboa",
            "passage_prefix": "the ",
            "passage_suffix": " has",
            "passage_start": "3733",
            **ARTICLE,
        },
    ),
    "kind": (
        {
            "id": "example-hat-gift",
            "label": "Gift of a hat",
            "label_es": "Obsequio de un sombrero",
            "definition": "A hat is handed over to keep.",
            "broader": "gift",
        },
    ),
    "passage": (
        {
            "id": "example-passage",
            "source": "presence-news-article",
            "passage": "a hallmark of the president’s political campaign",
            "passage_start": "2704",
        },
    ),
    "time": (
        {
            "id": "example-time",
            "date_as_written": "their February meeting",
            "date": "2026-02",
            "date_basis": "inferred",
            "inference_note": "The month is stated, the year is not; it tells of January 2025 as past.",
        },
    ),
    "report": (
        {
            "id": "example-report",
            "reports": "statement-s8",
            "source": "page-newsexpressngr",
            "hedge": "plain",
            "basis": "attributed",
            "seen_in": "statements-table-2025",
        },
        {
            "id": "example-report-of-a-topic",
            "reports": "negotiations-at-the-white-house",
            "topics": "trade",
            "passage": "trade disputes with some of the country’s neighbors",
            "passage_start": "3384",
            "qualifier": "some of the country’s neighbors",
            "reading_note": "Which country’s neighbors are meant the text does not say.",
            **ARTICLE,
        },
    ),
}
