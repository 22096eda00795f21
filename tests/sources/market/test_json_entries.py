"""The listings of a JSON file one by one are those that a reader of the whole file finds."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.errors import BadInputError
from discogs_assistant.sources.market.json_entries import inventory_entries

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
LISTINGS = st.dictionaries(st.text().filter(lambda key: key != "listings"), VALUES).map(
    lambda entry: entry | {"price": 1}
)
PAGES = st.fixed_dictionaries({"pagination": VALUES, "listings": st.lists(VALUES, max_size=5)})
DOCUMENTS = LISTINGS | PAGES | st.lists(LISTINGS | PAGES, max_size=4)


def entries(data: bytes) -> list[tuple[str, object]]:
    return list(inventory_entries(io.BytesIO(data), "i.json"))


def oracle(document: Any) -> list[object]:
    found: list[object] = []
    for entry in document if isinstance(document, list) else [document]:
        found += entry.get("listings", [entry])
    return found


@given(DOCUMENTS, st.sampled_from([None, 1]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_they_are_those_of_the_whole_file(document: Any, indent: int | None, encoding: str) -> None:
    data = json.dumps(document, indent=indent).encode(encoding)
    assert [value for _, value in entries(data)] == oracle(document)


def test_a_long_file_is_read_across_the_ends_of_its_pieces() -> None:
    document = {"listings": [{"id": number, "text": "é" * (number % 977)} for number in range(2_000)]}
    found = entries(json.dumps(document, ensure_ascii=False).encode())
    assert [value for _, value in found] == document["listings"]
    assert found[1_999][0] == "listings[1999]"


def test_numbers_keep_their_digits() -> None:
    assert entries(b'{"price": 12.50, "id": 1}')[0][1] == {"price": Decimal("12.50"), "id": 1}


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'{"listings": [1,\n 2,\n x]}', "line 3, column 2"),
        (b'{"listings": [1, 2', "line 1, column 19"),
        (b'{"listings": [1, 2,]}', "line 1, column 20"),
        (b'{"listings": []} x', "line 1, column 18"),
        (b'{"listings": [] 5}', "line 1, column 17"),
        (b'{"listings": [\n' + b"1,\n" * 50_000 + b" x]}", "line 50002, column 2"),
        (b'{"price" 1}', "line 1, column 10"),
        (b"", "line 1, column 1"),
    ],
)
def test_invalid_json_is_reported_with_its_position(data: bytes, place: str) -> None:
    with pytest.raises(BadInputError, match=f"i.json, {place}: it is not JSON"):
        entries(data)


def test_an_entry_that_never_ends_is_given_up_before_it_fills_the_memory() -> None:
    with pytest.raises(BadInputError, match="an entry of more than 1,000,000 characters"):
        entries(b'{"listings": ["' + b"x" * 5_000_000)
