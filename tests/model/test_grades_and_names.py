"""Grades, countries, names and credits mean what Discogs means by them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import EU, country_code, country_name, customs_area
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ArtistId, new_run_id, parse_run_id, parse_user_name, printable
from discogs_assistant.model.release import ArtistCredit, artists_as_printed, bare_name


@pytest.mark.parametrize("text", ["NM", "M-", "Near Mint (NM or M-)", "near mint", "NM or M-"])
def test_near_mint_has_many_names(text: str) -> None:
    assert Grade.parse(text) is Grade.NEAR_MINT


@pytest.mark.parametrize("grade", list(Grade))
def test_each_grade_reads_back(grade: Grade) -> None:
    assert Grade.parse(grade.short) is Grade.parse(grade.label) is grade


@pytest.mark.parametrize("sleeve", list(SleeveGrade))
def test_each_sleeve_reads_back(sleeve: SleeveGrade) -> None:
    assert SleeveGrade.parse(sleeve.label) is sleeve


def test_ungraded_sleeves_are_below_every_grade() -> None:
    assert max(SleeveGrade.GENERIC, SleeveGrade.NOT_GRADED, SleeveGrade.NO_COVER) < SleeveGrade.POOR


@pytest.mark.parametrize("text", ["", "Excellent", "VG++", "A"])
def test_text_that_is_no_grade_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        Grade.parse(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("United States", "US"), ("de", "DE"), ("UK", "GB"), ("Russian Federation", "RU"),
     ("Czech Republic", "CZ"),
     ("South Korea", "KR"), ("Türkiye", "TR"), ("The Netherlands", "NL"), ("Taiwan", "TW"),
     ("Reunion", "RE"), ("Curacao", "CW"), ("Bosnia & Herzegovina", "BA"), ("The Bahamas", "BS"),
     ("Macau", "MO"), ("Cote d’Ivoire", "CI"), ("Kosovo", "XK"), ("Great Britain", "GB"), ("Czechia", "CZ"),
     ("Slovak Republic", "SK"), ("Republic of Ireland", "IE"), ("UAE", "AE"), ("U.S.A.", "US"),
     ("St. Lucia", "LC"), ("Saint Lucia", "LC"), ("Republic of Korea", "KR"), ("Holy See", "VA"),
     ("US Virgin Islands", "VI"), ("Sint Maarten", "SX"), ("Bosnia", "BA")],
)  # fmt: skip
def test_countries_are_known_by_code_and_name(text: str, code: str) -> None:
    assert country_code(text) == code


def test_customs_areas_join_the_union_alone() -> None:
    assert customs_area("DE") == customs_area("FR") == "EU"
    assert customs_area("GB") == "UK" != customs_area("CH")
    assert all(country_name(code) != code for code in EU)


@pytest.mark.parametrize("name", ["a/b", "a b", "", "a\x00b", "x" * 121, "..", "<b>", "a%2fb"])
def test_what_cannot_be_a_user_name_is_refused(name: str) -> None:
    with pytest.raises(BadInputError):
        parse_user_name(name)


@pytest.mark.parametrize("name", ["Café", "Мария", "山田", "a.b-c_d"])
def test_user_names_of_any_script_pass(name: str) -> None:
    assert parse_user_name(f" {name} ") == name


@given(st.text())
def test_a_quoted_text_can_always_be_printed(text: str) -> None:
    assert printable(text).isprintable()


def test_run_ids_have_22_characters_and_read_back() -> None:
    run_id = new_run_id()
    assert len(run_id) == 22
    assert parse_run_id(run_id) == run_id
    assert parse_run_id("../../etc/passwd") is None


def test_credits_read_as_printed() -> None:
    credits = (
        ArtistCredit(ArtistId(1), "Mike (408)", join="&"),
        ArtistCredit(ArtistId(2), "Other", anv="The Other", join=","),
        ArtistCredit(ArtistId(3), "Third (2)"),
    )
    assert artists_as_printed(credits) == "Mike & The Other, Third"


def test_only_a_number_in_brackets_tells_namesakes_apart() -> None:
    assert bare_name("Air (Live)") == "Air (Live)"
    assert bare_name("Air (2)") == "Air"
