"""Texts as rules compare them: invisible characters, spelling of marks and letters, quotations left out."""

import re
import unicodedata
from collections.abc import Iterator

_ALIKE = {
    **str.maketrans("аеорсухіјѕԁһԛԝкпгтмнАВЕКМНОРСТУХІЈЅ", "aeopcyxijsdhqwknrtmhABEKMHOPCTYXIJS"),
    **str.maketrans("αεικνορτυχγηωΑΒΕΖΗΙΚΜΝΟΡΤΥΧϲ", "aeikvoptuxynwABEZHIKMNOPTYXc"),
    **str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),
    **str.maketrans("ɑɡıȷłøđħŧɩ", "agijlodhti"),
}
"""Cyrillic, Greek and other letters, and the Latin ones that they look like."""
_OPENING_MARK = re.compile(r"[“‘«\"]|(?<!\w)'")
_CLOSING_MARKS = {"“": "”", "‘": "’", "«": "»", '"': '"', "'": "'"}
_DOUBLE_MARK = re.compile(r"[\"“”„‟«»‹›]")
_SINGLE_MARK = re.compile(r"(?<!\w)'|'(?!\w)")
_SINGLE = str.maketrans("‘’‚‛`´", "''''''")
_DASHES = str.maketrans("‐‑‒–—―−", "-------")
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """Write a text in lower case, without invisible characters.

    >>> plain("Kid\\u200bnapping")
    'kidnapping'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf").translate(_ALIKE)
    return text.lower()


def unquoted(text: str) -> Iterator[str]:
    """Yield the parts of a text between quotations; a mark without a partner quotes nothing.

    >>> list(unquoted("a «b» ‘c and 'd' of e's"))
    ['a ', ' ‘c and ', " of e's"]
    """
    return (part for part, is_quoted in _parts(text) if not is_quoted)


def quoted(text: str) -> Iterator[str]:
    """Yield the quotations of a text, without their marks.

    >>> list(quoted("a «b» ‘c and 'd' of e's"))
    ['b', 'd']
    """
    return (part for part, is_quoted in _parts(text) if is_quoted)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text at its quotations, and say of each part whether it is one."""
    begin = position = 0
    lacking: set[str] = set()
    while match := _OPENING_MARK.search(text, position):
        position = match.end()
        closing = _CLOSING_MARKS[match[0]]
        end = -1 if closing in lacking else text.find(closing, position)
        if end < 0:
            lacking.add(closing)
        elif closing != "'" or not text[end + 1 : end + 2].isalnum():
            yield text[begin : match.start()], False
            yield text[position:end], True
            begin = position = end + 1
    yield text[begin:], False


def comparable(text: str) -> str:
    """Write a text without what printers change: quotation marks, kinds of dash and apostrophe, white space.

    >>> comparable("“It’s  over” – he said")
    "it's over - he said"
    """
    text = plain(text).translate(_SINGLE).translate(_DASHES)
    text = _SINGLE_MARK.sub("", _DOUBLE_MARK.sub("", text))
    return _SPACE.sub(" ", text).strip()


_DIGITS = str.maketrans("013457@$", "oieastas")
_DIGIT_IN_A_WORD = re.compile(r"(?<=[^\W\d_])[013457@$]|[013457@$](?=[^\W\d_])")
_JOINED = re.compile(r"(?<=\w)[-.’'_](?=\w)")


def spellings(words: str) -> Iterator[str]:
    """Yield words as they are, and as they read without accents, digits and marks within.

    >>> list(spellings("kíd-n4pping"))
    ['kíd-n4pping', 'kid-n4pping', 'kid-napping', 'kidnapping']
    """
    yield words
    for spelt in (
        bare := without_accents(words),
        lettered := _DIGIT_IN_A_WORD.sub(lambda match: match[0].translate(_DIGITS), bare),
        _JOINED.sub("", lettered),
    ):
        if spelt != words:
            yield spelt
            words = spelt


def without_accents(text: str) -> str:
    """Write letters without their accents.

    >>> without_accents("según")
    'segun'
    """
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in parts if unicodedata.category(letter) != "Mn")
