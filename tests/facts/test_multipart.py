"""Files cut out of forms."""

import pytest

from kg.errors import BadInput, TooLarge
from kg.facts.multipart import MOST_FILES, File, files

TYPE = 'multipart/form-data; boundary="a b"'
HEAD = b'Content-Disposition: form-data; name="f"; filename="x.ttl"\r\nContent-Type: text/turtle\r\n\r\n'


def test_a_file_is_kept_to_the_byte_with_its_name_and_type() -> None:
    body = b"a preamble\r\n--a b\r\n" + HEAD + b"\r\n--a\r\n\x00\r\n\r\n--a b\r\n\r\n\r\n--a b--\r\nmore"
    assert files(TYPE, body) == [
        File("x.ttl", "text/turtle", b"\r\n--a\r\n\x00\r\n"),
        File(None, None, b""),
    ]


@pytest.mark.parametrize(
    ("content_type", "body", "kind"),
    [
        ("multipart/form-data", b"--a--", BadInput),
        (TYPE, b"", BadInput),
        (TYPE, b"--a b\r\n" + HEAD + b"cut", BadInput),
        (TYPE, b"--a b\r\nno empty line\r\n--a b--", BadInput),
        (TYPE, b"--a b\r\n" + b"A: b\r\n" * 2000 + b"\r\n\r\n--a b--", BadInput),
        (TYPE, b"--a b\r\n\r\n\r\n" * (MOST_FILES + 2) + b"--a b--", TooLarge),
    ],
)
def test_what_is_no_form_is_refused(content_type: str, body: bytes, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        files(content_type, body)
