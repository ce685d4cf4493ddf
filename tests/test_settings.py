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


@pytest.mark.parametrize("text", ["many", "-1", "80.5", "tcp://10.0.0.1:7878"])
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


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("KG_QUERYSECONDS", "KG_QUERY_SECONDS"),
        ("KG_DTA", "KG_DATA"),
        ("KG_ANYTHING_ELSE", "KG_HOST, KG_PORT"),
    ],
)
def test_a_name_that_is_no_setting_is_refused_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(BadInput, match=f"There is no setting {name}; .*{near}"):
        Settings.from_environment({name: "5"})


def test_variables_of_others_and_of_these_tests_are_left_alone() -> None:
    assert (
        Settings.from_environment({"KGB": "1", "_KG_COMPLETE": "1", "KG_BROWSER": "chromium"}) == Settings()
    )


@pytest.mark.parametrize(
    "text",
    [
        *(
            "x.org/kg",
            "localhost:7878",
            "ftp://x.org/",
            "https://",
            "https://x.org/a b",
            "https://x.org:port/",
        ),
        *("https://x.org/?a=b", "https://x.org/#a", "https://me:secret@x.org/", "https://[::1/", "//x.org/"),
    ],
)
def test_a_base_that_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match=r"KG_BASE must be .* such as https://example.org/kg/"):
        Settings.from_environment({"KG_BASE": text})


@pytest.mark.parametrize("text", ["https://x.org", "http://[::1]:8080/kg", "https://x.org/año/"])
def test_a_base_that_is_an_address_is_taken_as_it_is(text: str) -> None:
    assert Settings.from_environment({"KG_BASE": text}).base == text
