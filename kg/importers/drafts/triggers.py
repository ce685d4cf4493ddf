"""Trigger words in English and Spanish, with the record and kind that each indicates.

A kind is empty if the words do not determine it: "met" may be a summit or a negotiation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

STATEMENT, EVENT, GESTURE = "statement", "event", "gesture"


@dataclass(frozen=True)
class Trigger:
    """Trigger words; ``subject`` and ``object`` are the columns of the actor before and after them."""

    pattern: str
    record: str
    kind: str
    subject: str
    object: str


@dataclass(frozen=True)
class TriggerMatch:
    """An occurrence of trigger words in a text."""

    trigger: Trigger
    words: str
    start: int
    end: int


def _statement(kind: str, pattern: str, object_: str = "about") -> Trigger:
    return Trigger(pattern, STATEMENT, kind, "speaker", object_)


def _event(kind: str, pattern: str, object_: str = "target", subject: str = "performer") -> Trigger:
    return Trigger(pattern, EVENT, kind, subject, object_)


def _gesture(kind: str, pattern: str, object_: str = "target", subject: str = "performer") -> Trigger:
    return Trigger(pattern, GESTURE, kind, subject, object_)


TRIGGERS = (
    _statement("accusation", r"accus(?:ed|es|ing)|acusó|acusa|acusaron|ha acusado"),
    _statement("allegation", r"alleg(?:ed|es) that|claim(?:ed|s) that|alegó|alega|denunció|denuncia"),
    _statement("threat", r"threaten(?:ed|s|ing)|amenazó|amenaza con|amenazaron|ha amenazado", "addressee"),
    _statement("warning", r"warn(?:ed|s)|advirtió|advierte|advirtieron", "addressee"),
    _statement("denial", r"den(?:ied|ies)|negó|niega|negaron|desmintió|desmiente"),
    _statement("praise", r"prais(?:ed|es)|hailed|elogió|elogia|alabó"),
    _statement(
        "criticism",
        r"criticiz(?:ed|es)|criticis(?:ed|es)|ha(?:s|d) (?:sharply )?criticized|criticó|critica|ha criticado",
    ),
    _statement("condemnation", r"condemn(?:ed|s)|condenó|condena|condenaron"),
    _statement("promise", r"promis(?:ed|es)|vow(?:ed|s)|pledg(?:ed|es)|prometió|promete", "addressee"),
    _statement("demand", r"demand(?:ed|s)|exigió|exige|exigieron", "addressee"),
    _statement("appeal", r"urg(?:ed|es)|called on|calls on|appealed to|instó a|insta a|pidió a", "addressee"),
    _statement("announcement", r"announc(?:ed|es)|anunció|anuncia|anunciaron"),
    _statement("apology", r"apologi[sz]ed|se disculpó|pidió disculpas", "addressee"),
    _statement("congratulation", r"congratulat(?:ed|es)|felicitó|felicita", "addressee"),
    _statement("prediction", r"predict(?:ed|s)|predijo|pronosticó"),
    _statement("proposal", r"propos(?:ed|es)|propuso|propone", "addressee"),
    _statement("protest", r"protested|protestó"),
    _statement("disparagement", r"insulted|mocked|insultó|se burló de"),
    _statement(
        "remark",
        r"said|says|stated|told|remarked|described|called|dijo|dice|dijeron|afirmó|afirma|señaló|declaró"
        r"|sostuvo|aseguró|calificó|describió",
    ),
    _event("suspension-of-measures", r"suspend(?:ed|s)|put on hold|suspendió|suspendieron|suspende"),
    _event("refusal", r"refus(?:ed|es) to|se negó a|se negaron a|rehusó"),
    _event("tariff", r"impos(?:ed|es)(?: \w+){0,3} tariffs?|impuso(?: \w+){0,3} aranceles"),
    _event(
        "sanction",
        r"impos(?:ed|es)(?: \w+){0,3} sanctions?|sanctioned|impuso(?: \w+){0,3} sanciones|sancionó",
    ),
    _event(
        "agreement",
        r"reach(?:ed|es) an? (?:agreement|deal)|struck a deal|llegaron a un acuerdo|alcanzaron un acuerdo",
        "participants",
        "participants",
    ),
    _event("signature", r"signed|firmó|firmaron"),
    _event("expulsion", r"expelled|expulsó|expulsaron"),
    _event("recall-of-diplomat", r"recalled (?:its|his|her|the) ambassador|llamó a consultas"),
    _event("visit", r"visit(?:ed|s)|visitó|visita a", "host"),
    _event("arrest", r"arrested|detained|detuvo|detuvieron|arrestó"),
    _event("release", r"released|freed|liberó|liberaron"),
    _event("border-closure", r"closed (?:its|the) border|cerró (?:su|la) frontera"),
    _event("", r"met(?: with)?|se reunió con|se reunieron|se reunió", "participants", "participants"),
    _gesture("gift", r"presented|gifted|handed|obsequió|regaló|entregó", "receiver", "giver"),
    _gesture("handshake", r"shook hands|se dieron la mano|estrechó la mano", "participants", "participants"),
    _gesture(
        "alteration-of-inscription",
        r"(?:chang|alter)ed(?: \S+){0,3} (?:slogan|inscription)"
        r"|(?:cambió|modificó)(?: \S+){0,2} (?:lema|eslogan)",
    ),
    _gesture("bow", r"bowed|se inclinó ante"),
    _gesture("snub", r"snubbed|desairó"),
    _gesture("walkout", r"walked out|abandonó la sala"),
    _gesture("wreath-laying", r"laid a wreath|depositó una ofrenda floral"),
    _gesture("award-of-honour", r"decorated|awarded|condecoró"),
    _gesture("", r"gestured|made a gesture|hizo un gesto"),
)
"""The triggers; if two match at the same word, the first in this list applies."""


def matches(text: str) -> Iterator[TriggerMatch]:
    """Yield the trigger words of a text, in order.

    >>> [(each.words, each.trigger.kind) for each in matches("They refused to go, he said")]
    [('refused to', 'refusal'), ('said', 'remark')]
    """
    for match in _ANY.finditer(text):
        if match.lastgroup and not _OF_A_DESCRIPTION.search(text, 0, match.start()):
            yield TriggerMatch(TRIGGERS[int(match.lastgroup[1:])], match[0], match.start(), match.end())


_ANY = re.compile(
    r"(?<!\w)(?:"
    + "|".join(f"(?P<t{place}>{each.pattern})" for place, each in enumerate(TRIGGERS))
    + r")(?!\w)",
    re.IGNORECASE,
)
"""Pattern of all trigger words; the group's name holds the number of the trigger."""
_OF_A_DESCRIPTION = re.compile(r"\b(?:what (?:he|she|they|it)|lo que)\s$", re.IGNORECASE)
"""Phrases that turn a verb into a noun phrase: "what he described as"."""
