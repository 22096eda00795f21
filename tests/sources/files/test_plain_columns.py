"""The fast reader and the careful one agree on every file that the fast one takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.errors import BadInputError
from discogs_assistant.sources.files.careful_columns import Columns, read_carefully
from discogs_assistant.sources.files.lines import CsvSource
from discogs_assistant.sources.files.plain_columns import NotPlain, read_plain
from discogs_assistant.sources.files.table import Table

CELL = st.text(st.sampled_from('ab1 ,\r\n"\t;é\u00a0\u2028ス'), max_size=4)
FILE = st.lists(st.lists(CELL, min_size=1, max_size=4).map(",".join), max_size=6).map("\n".join)
ID = st.sampled_from(["1", "007", "999999999999999", "1000000000000000", " 5", "", "-1", "+1", "1.0", "x"])
IDS = st.lists(st.tuples(ID, CELL).map(",".join), max_size=6).map("\n".join)
LARGE = b"id,word\n" + b"".join(b"%d,word %d\n" % (id, id % 7) for id in range(200_000))


def cells(columns: Columns) -> dict[str, list[str]]:
    return {name: [texts[at] for at in places] for name, (places, texts) in columns.texts.items()}


def taken(data: bytes, ids: tuple[str, ...] = ()) -> Columns | None:
    required = ("user", "item") if not ids else ()
    try:
        return read_plain(data, ids, required, ("weight",))
    except NotPlain:
        return None


@given(body=FILE, header=st.sampled_from(["user,item", "item,weight,user", "x,user,item", "user,item\r"]))
def test_both_readers_find_the_same_columns(body: str, header: str) -> None:
    data = f"{header}\n{body}".encode()
    plain = taken(data)
    if plain is None:
        return
    careful = read_carefully(CsvSource("I.csv", data), (), ("user", "item"), ("weight",))
    assert cells(plain) == cells(careful)


@given(body=IDS)
def test_both_readers_find_the_same_ids(body: str) -> None:
    data = f"id,weight\n{body}".encode()
    plain = taken(data, ids=("id",))
    if plain is None:
        return
    careful = read_carefully(CsvSource("L.csv", data), ("id",), (), ("weight",))
    assert plain.ids["id"].tolist() == careful.ids["id"].tolist()


def test_a_plain_file_is_taken() -> None:
    plain = taken("\ufeffitem,user,weight\r\nスミス,2,0.5\r\n\r\n 3 ,NA,\r\n".encode())
    assert plain is not None
    assert cells(plain) == {"user": ["2", "NA"], "item": ["スミス", "3"], "weight": ["0.5", ""]}


def test_plain_ids_are_taken_as_numbers() -> None:
    plain = taken(b"id\n007\n999999999999999\n", ids=("id",))
    assert plain is not None
    assert plain.ids["id"].tolist() == [7, 999_999_999_999_999]


NEEDS_CARE = (
    b"",
    b"user\n1\n",
    b"user,item\n1\n",
    b"user,item\n1,2,3\n",
    b'user,item\n"1",2\n',
    b"user,item\n\xff,1\n",
    b"user,item,other\n1,2,\xff\n",
    b"user,item\n1\r2,3\n",
    b"user,item,item\n1,2,3\n",
    b"user,item, weight\n1,2,3\n",
    b"user,item\n1,\x002\n",
    b"user,item\n1," + b"x" * 140_000 + b"\n",
    b"user,item," + b",".join(b"c%d" % column for column in range(1000)) + b"\n",
)


@pytest.mark.parametrize("data", NEEDS_CARE)
def test_what_needs_care_is_left_to_the_careful_reader(data: bytes) -> None:
    assert taken(data) is None


@pytest.mark.parametrize("id", [b"", b"x", b"-1", b" 1", b"1.0", b"1000000000000000000"])
def test_ids_that_are_no_numbers_are_left_to_the_careful_reader(id: bytes) -> None:
    assert taken(b"id,weight\n1,2\n" + id + b",3\n", ids=("id",)) is None


def test_a_large_table_has_every_row() -> None:
    table = Table(LARGE, "L.csv", ids=("id",), required=("word",))
    assert (table.keys("id").tolist(), len(table)) == (list(range(200_000)), 200_000)


def test_a_large_table_names_the_line_of_a_refused_cell() -> None:
    def read(text: str) -> str:
        if text == "odd":
            raise BadInputError("it is odd.")
        return text

    table = Table(LARGE + b"\n200000,odd\n", "L.csv", ids=("id",), required=("word",))
    with pytest.raises(BadInputError, match=r"^L\.csv, line 200003, column word: it is odd\.$"):
        table.coded("word", read)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (b"x,word", "line 200002, column id: “x” is not a number from Discogs' addresses."),
        (b'1,"word', "line 200002, column word: a quotation mark is opened and never closed."),
        (b"1,a,b", "line 200002, column 3: the row has 3 cells, and the header 2."),
    ],
)
def test_a_large_table_that_is_wrong_is_refused_as_a_small_one(row: bytes, sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        Table(LARGE + row + b"\n", "L.csv", ids=("id",), required=("word",))
    assert str(refused.value.sentence) == f"L.csv, {sentence}"
