"""Examples of assessments."""

from kg.importers.table.examples.grounds import ARTICLE, Examples

EXAMPLES: Examples = {
    "stance": (
        {
            "id": "example-stance",
            "label": "Noboa’s stance toward the United States",
            "holder": "daniel-noboa",
            "toward": "united-states",
            "mode": "mode-not-stated",
            "position": "aligned",
            "assessor": "presence-news",
            "time": "time-of-writing",
            "passage": "generally aligned himself with the US policy positions",
            "passage_start": "3771",
            "source": "presence-news-article",
            "hedge": "generally",
            "basis": "own-voice",
        },
    ),
    "tone": (
        {
            "id": "example-tone",
            "label": "Tone of Trump’s earlier remarks",
            "of": "statement-trump-earlier-remarks",
            "tone": "disparaging",
            "assessor": "presence-news",
            "passage": "using disparaging language",
            "passage_start": "664",
            **ARTICLE,
        },
    ),
    "interpretation": (
        {
            "id": "example-interpretation",
            "label": "Petro’s handling of the meeting as criticism with cooperation",
            "of": "white-house-meeting",
            "meaning": "a left-leaning government can be critical of the United States and still pursue"
            " cooperation",
            "assessor": "presence-news",
            "topics": "rhetoric-and-engagement",
            "passage": "dipid:passage-left-leaning-government",
            **ARTICLE,
        },
    ),
    "characterization": (
        {
            "id": "example-characterization",
            "label": "Such a hat as a hallmark of the president’s political campaign",
            "about": "hat; donald-trump",
            "quote": "a hallmark of the president’s political campaign",
            "assessor": "presence-news",
            "topics": "symbolism",
            "passage_start": "2704",
            **ARTICLE,
        },
    ),
    "coding": (
        {
            "id": "example-coding",
            "label": "CAMEO coding of the meeting, as this table would be written",
            "of": "white-house-meeting",
            "scheme": "cameo",
            "scheme_version": "1.1b3",
            "code": "040",
            "intensity": "1.0",
            "assessor": "regional-diplomacy",
            "source": "statements-table-2025",
            "hedge": "plain",
            "basis": "recorded-as-data",
        },
    ),
    "identity": (
        {
            "id": "example-identity",
            "label": "Is the agreement of one source the end of the impasse of another?",
            "of": "agreement-on-deportations",
            "compared_with": "standoff-january-2025",
            "verdict": "different",
            "assessor": "regional-diplomacy",
            "source": "statements-table-2025",
            "hedge": "plain",
            "basis": "recorded-as-data",
        },
    ),
}
