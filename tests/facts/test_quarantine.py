"""Refused documents that the sender asked to keep."""

from pathlib import Path

from tests.support.api_server import bearer, serving


def test_the_server_keeps_what_it_refuses_on_request(tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        headers = {**bearer("curator"), "Content-Type": "text/turtle"}
        plain = client.post("/facts", content="no Turtle", headers=headers)
        assert "quarantined" not in plain.json()
        kept = client.post("/facts?quarantine=true", content="no Turtle", headers=headers).json()
        assert (tmp_path / "data" / "quarantine" / f"{kept['quarantined']}.ttl").read_text() == "no Turtle"
        assert client.post("/facts?quarantine=yes", content="no", headers=headers).status_code == 400
