"""Numbers, money and flags read well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from discogs_assistant.model.country import all_countries
from discogs_assistant.web import formatting
from discogs_assistant.web.flags import flag
from discogs_assistant.web.redirects import own_page


@pytest.mark.parametrize(("number", "text"), [(0, "0 records"), (1, "1 record"), (1234, "1,234 records")])
def test_counts_have_their_plural(number: int, text: str) -> None:
    assert formatting.count(number, "record") == text


def test_every_country_has_a_flag_or_its_code() -> None:
    assert len(all_countries()) > 200
    for code, _ in all_countries():
        drawn = str(flag(code))
        assert drawn.startswith("<svg") or f">{code}<" in drawn


@given(st.text(max_size=8))
def test_no_text_becomes_markup_as_a_flag(code: str) -> None:
    drawn = str(flag(code))
    assert drawn == "" or drawn.startswith(("<svg", '<span class="flag">'))
    assert drawn.count("<") == drawn.count(">")


@given(st.text(max_size=20))
def test_a_form_leads_to_our_own_pages_only(address: str) -> None:
    page = own_page(address, "/")
    assert page[0] == "/"
    assert page[1:2] not in {"/", "\\"}


@given(st.text())
def test_what_is_printed_has_no_control_characters_and_loses_nothing_else(text: str) -> None:
    shown = formatting.printed(text)
    assert isinstance(shown, str)
    gone = set("\x00\x07\r\x1b\x7f\x9f\u202a\u202e\u2066\u2069\ufeff")
    assert not gone & set(shown)
    assert [char for char in shown if char.isalnum() or char in "\n\t "] == [
        char for char in text if char.isalnum() or char in "\n\t "
    ]


def test_markup_and_numbers_are_printed_as_they_are() -> None:
    markup = Markup("<b>\u202e</b>")
    assert formatting.printed(markup) is markup
    assert formatting.printed(7) == 7
