"""Cutting a dump: the same records, however the bytes arrive, as a plain reader finds."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.errors import BadInputError
from discogs_assistant.sources.dumps.cutting import LARGEST, Chunk, chunks

HERE = Path("discogs_20261001_releases.xml.gz")


def cut(kind: str, data: bytes, size: int = 1 << 20) -> list[Chunk]:
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    return list(chunks(HERE, kind, pieces))


def records(kind: str, data: bytes, size: int = 1 << 20) -> list[bytes]:
    return [record for chunk in cut(kind, data, size) for record in chunk.records()]


TEXT = st.text(st.sampled_from("ab é<&>\"'/-[]!?="), max_size=8).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
)
INNER = st.one_of(
    TEXT,
    st.just("<!-- </release> <release id='9'> -->"),
    st.just("<![CDATA[</release>]]>"),
    st.just("<?note <release>?>"),
    st.builds(lambda text: f"<title>{text}</title>", TEXT),
    st.builds(lambda text: f'<label name="{text.replace(chr(34), "")}"/>', TEXT),
)
RECORD = st.builds(
    lambda id, inner: f'<release id="{id}">{"".join(inner)}</release>' if inner else f"<release id='{id}'/>",
    st.integers(1, 99),
    st.lists(INNER, max_size=4),
)
BETWEEN = st.sampled_from(["", "\n", "  \r\n", "<!-- <release> -->", "<?pi?>\n"])


@given(st.lists(st.tuples(BETWEEN, RECORD), max_size=6), st.integers(1, 40))
def test_records_come_out_as_they_went_in_whatever_the_pieces(
    parts: list[tuple[str, str]], size: int
) -> None:
    text = "<?xml version='1.0'?>\n<releases>" + "".join(a + b for a, b in parts) + "</releases>\n"
    assert records("releases", text.encode(), size) == [record.encode() for _, record in parts]


@given(st.lists(st.integers(0, 3), max_size=5), st.integers(1, 30))
def test_labels_below_a_label_are_part_of_it(counts: list[int], size: int) -> None:
    parts = [
        f"<label><id>{at + 1}</id><sublabels>{'<label/>' * count}<label id='7'>x</label></sublabels></label>"
        for at, count in enumerate(counts)
    ]
    assert records("labels", f"<labels>{''.join(parts)}</labels>".encode(), size) == [
        p.encode() for p in parts
    ]


def test_a_record_without_its_end_ends_where_the_next_begins() -> None:
    data = b'<releases><release id="1"><title>a</title><release id="2"></release></releases>'
    assert records("releases", data) == [b'<release id="1"><title>a</title>', b'<release id="2"></release>']


def test_a_last_record_without_its_end_ends_with_the_dump() -> None:
    assert records("releases", b'<releases><release id="1"><title></releases>') == [
        b'<release id="1"><title>'
    ]


def test_what_stands_between_records_is_named_and_left_out() -> None:
    (chunk,) = cut("releases", b'<releases>stray<release id="1"/><artist/></releases>')
    assert list(chunk.records()) == [b'<release id="1"/>']
    assert [re.sub(r" at byte.*", "", stray) for stray in chunk.strays] == ["“stray”", "“<artist/>”"]


def test_a_file_that_ends_early_is_refused() -> None:
    with pytest.raises(BadInputError, match="ends before its last element is closed"):
        records("releases", b'<releases><release id="1"/>')


def test_declared_entities_are_refused_wherever_they_stand() -> None:
    for data in (
        b"<releases><!DOCTYPE releases [<!ENTITY a 'b'>]><release id='1'/></releases>",
        b"<releases><release id='1'><!ENTITY a 'b'></release></releases>",
    ):
        with pytest.raises(BadInputError, match="declaration"):
            records("releases", data)


def endless(piece: bytes) -> Iterator[bytes]:
    yield b'<releases><release id="7"><notes>'
    while True:
        yield piece


def test_a_record_that_never_ends_is_refused_long_before_memory_is() -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BadInputError, match="release 7 at byte 10 is larger than 64 MiB"):
            list(chunks(HERE, "releases", endless(bytes(1 << 20))))
        assert tracemalloc.get_traced_memory()[1] < 3 * LARGEST
    finally:
        tracemalloc.stop()


def test_a_record_of_nearly_the_limit_is_read() -> None:
    data = b"x" * (LARGEST - 100)
    whole = b'<release id="1"><notes>' + data + b"</notes></release>"
    assert records("releases", b"<releases>" + whole + b"</releases>") == [whole]
