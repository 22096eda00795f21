"""The fast reader and the careful one agree on every file that the fast one takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.errors import BadInputError
from discogs_assistant.sources.csv_files.fast_reader import NotPlain, PlainColumns
from discogs_assistant.sources.files.table import Table

CELL = st.text(st.sampled_from('ab1 ,\r\n"\t;é\u00a0\u2028ス'), max_size=4)
FILE = st.lists(st.lists(CELL, min_size=1, max_size=4).map(",".join), max_size=6).map("\n".join)


def taken(data: bytes) -> PlainColumns | None:
    try:
        return PlainColumns(data, ("user", "item"), ("weight",))
    except NotPlain:
        return None


@given(body=FILE, header=st.sampled_from(["user,item", "item,weight,user", "x,user,item", "user,item\r"]))
def test_both_readers_tell_the_same_columns(body: str, header: str) -> None:
    data = f"{header}\n{body}".encode()
    plain = taken(data)
    if plain is None:
        return
    careful = Table(data, "I.csv", required=("user", "item"), optional=("weight",))
    for column in ("user", "item", "weight"):
        places, texts = plain.coded(column, str)
        slow_places, slow_texts = careful.coded(column, str)
        assert [texts[at] for at in places] == [slow_texts[at] for at in slow_places]


def test_a_plain_file_is_taken() -> None:
    plain = taken("\ufeffitem,user,weight\r\nスミス,2,0.5\r\n\r\n 3 ,NA,\r\n".encode())
    assert plain is not None
    places, texts = plain.coded("item", str)
    assert (places.tolist(), texts) == ([1, 0], ("3", "スミス"))
    assert plain.coded("user", str)[1] == ("2", "NA")
    assert plain.numbers_of("weight", lambda text: float(text or 1)).tolist() == [0.5, 1.0]


NEEDS_CARE = (
    b"",
    b"user\n1\n",
    b"user,item\n1\n",
    b"user,item\n1,2,3\n",
    b'user,item\n"1",2\n',
    b"user,item\n\xff,1\n",
    b"user,item\n1\r2,3\n",
    b"user,item,item\n1,2,3\n",
    b"user,item\n1,\x002\n",
)


@pytest.mark.parametrize("data", NEEDS_CARE)
def test_what_needs_care_is_left_to_the_careful_reader(data: bytes) -> None:
    assert taken(data) is None


def test_a_forbidden_cell_is_reported() -> None:
    def read(text: str) -> str:
        raise BadInputError(text)

    plain = taken(b"user,item\n1,2\n")
    assert plain is not None
    with pytest.raises(BadInputError):
        plain.coded("user", read)
