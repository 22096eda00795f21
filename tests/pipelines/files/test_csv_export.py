"""Cells that a spreadsheet could run: what it trims, normalises or cuts makes no formula of any text."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from discogs_assistant.pipelines.files.csv_export import neutral

TRICKS = (
    "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\u207a\u2212',;|\uff0c\uff1b\t\r\n\v\f\u2028\x85 \xa0\u2007\u3000"
    '\u200b\u200d\u2060\ufeff\xad\x00\x01\x1b\x7f\u202e\u0301\u0338"\\aA1'
)
TEXTS = st.text(st.one_of(st.sampled_from(TRICKS), st.characters(codec="utf-8")), max_size=12)


def begins_as_formula(cell: str) -> bool:
    """Whether some piece of the cell does, raw or normalised, cut at separators and trimmed of the unseen."""
    return any(
        re.sub(r"\s", "", "".join(c for c in piece if unicodedata.category(c) not in UNSEEN))[:1] in FORMULAS
        for text in (cell, unicodedata.normalize("NFKC", cell))
        for piece in re.split(r"[,;\t\n]", "\n".join(text.splitlines()))
    )


UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"}
FORMULAS = {"=", "+", "-", "@"}


@given(TEXTS)
@example("\uff1dcmd")
@example("a;\ufeff\xa0=cmd")
def test_no_piece_of_a_text_cell_begins_as_a_formula(text: str) -> None:
    assert not begins_as_formula(neutral(text))


@given(st.lists(TEXTS, max_size=4))
def test_no_text_of_a_list_begins_as_a_formula(texts: list[str]) -> None:
    assert not begins_as_formula(neutral(texts))


@given(TEXTS)
def test_a_cell_is_its_text_with_nothing_but_apostrophes_added(text: str) -> None:
    cell = neutral(text)
    assert cell.replace("'", "") == text.replace("'", "")
    assert neutral(cell) == cell


@given(
    TEXTS.filter(lambda text: (FORMULAS | {"\u2212"}).isdisjoint(unicodedata.normalize("NFKC", text) + text))
)
def test_a_text_without_the_characters_of_formulas_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        (" \t=1", " \t'=1"),
        ("\x01=1", "'\x01=1"),
        ("\xa0@SUM(A1)", "'\xa0@SUM(A1)"),
        ("\u200b-1", "'\u200b-1"),
        ("\ufeff+1", "'\ufeff+1"),
        ("\uff1d1", "'\uff1d1"),
        ("\uff0b1", "'\uff0b1"),
        ("\uff0d1", "'\uff0d1"),
        ("\uff201", "'\uff201"),
        ("a;=1", "a;'=1"),
        ("a, \uff1d1", "a,' \uff1d1"),
        ("a\n=1\nb", "a\n'=1\nb"),
        ('a;"=1"', 'a;\'"=1"'),
        ("12-inch, A+B = C", "12-inch, A+B = C"),
        (-3, "-3"),
        (Decimal("-1.50"), "-1.50"),
        (["a", "=b"], "a;' =b"),
    ],
)
def test_an_apostrophe_stands_before_what_would_run_and_nowhere_else(text: object, cell: str) -> None:
    assert neutral(text) == cell
