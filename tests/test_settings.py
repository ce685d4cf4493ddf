"""Settings come from the environment, and each is in the table that documents them."""

from dataclasses import fields
from pathlib import Path

import pytest

from kg.errors import BadInput
from kg.settings import SETTINGS, Settings


def test_nothing_set_gives_the_defaults_of_the_table() -> None:
    from_table = Settings.from_environment({setting.name: setting.default for setting in SETTINGS})
    assert Settings.from_environment({}) == from_table == Settings()


def test_every_field_is_in_the_table_and_nothing_else() -> None:
    assert {setting.name for setting in SETTINGS} == {
        f"KG_{field.name.upper()}" for field in fields(Settings)
    }


def test_values_are_converted_to_the_type_of_their_field() -> None:
    settings = Settings.from_environment({"KG_PORT": "0", "KG_DATA": "/srv/kg", "KG_QUERY_SECONDS": "2.5"})
    assert (settings.port, settings.data, settings.query_seconds) == (0, Path("/srv/kg"), 2.5)


@pytest.mark.parametrize("text", ["many", "-1"])
def test_a_number_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadInput, match="KG_PORT"):
        Settings.from_environment({"KG_PORT": text})


def test_there_are_two_readers_at_least() -> None:
    assert Settings().reader_count >= 2
    assert Settings(readers=1).reader_count == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [("KG_QUERY_SECONDS", "nan"), ("KG_QUERY_SECONDS", "inf"), ("KG_JUDGE_MEMORY", "9" * 23)],
)
def test_a_number_that_no_system_takes_is_refused(name: str, text: str) -> None:
    with pytest.raises(BadInput, match=f"{name} must be a number up to"):
        Settings.from_environment({name: text})
