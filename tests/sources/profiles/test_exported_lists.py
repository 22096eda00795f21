"""Exported collections and wantlists: every usable row is kept, every other one is named."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import id_from_name
from discogs_assistant.model.profile import CollectionItem, ListPart, Want
from discogs_assistant.model.release import Format, LabelCredit
from discogs_assistant.model.tally import MemoryTally
from discogs_assistant.sources.discogs.format_text import parse_formats
from discogs_assistant.sources.profiles import exported_lists

T = TypeVar("T")


def read_collection_csv(
    data: bytes, name: str, limit: int | None = None
) -> tuple[list[CollectionItem], list[str]]:
    return joined(exported_lists.read_collection_csv(io.BytesIO(data), name, MemoryTally, limit))


def read_wantlist_csv(data: bytes, name: str, limit: int | None = None) -> tuple[list[Want], list[str]]:
    return joined(exported_lists.read_wantlist_csv(io.BytesIO(data), name, MemoryTally, limit))


def joined(parts: Iterable[ListPart[T]]) -> tuple[list[T], list[str]]:
    found = list(parts)
    return [item for part in found for item in part.items], [why for part in found for why in part.problems]


FIRST = ["Catalog#", "Artist", "Title", "Label", "Format", "Rating", "Released", "release_id"]
COLLECTION = [
    *FIRST,
    "CollectionFolder",
    "Date Added",
    "Collection Media Condition",
    "Collection Sleeve Condition",
    "Collection Notes",
]
WANTLIST = [*FIRST, "Notes"]
ROW = {
    "Catalog#": "CAT 1",
    "Artist": "Artist 1",
    "Title": "Work 1",
    "Label": "Label 1",
    "Format": "2xLP, Album, RE, Gat",
    "Rating": "4",
    "Released": "1979",
    "release_id": "1001",
    "CollectionFolder": "Jazz",
    "Date Added": "2024-01-02 10:11:12",
    "Collection Media Condition": "Near Mint (NM or M-)",
    "Collection Sleeve Condition": "Generic",
    "Collection Notes": 'first, "mint"\nsecond line',
    "Notes": "cheap please",
}


def table(columns: Sequence[str], *rows: dict[str, str], end: str = "\r\n") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(columns)
    writer.writerows([{**ROW, **row}.get(column, "") for column in columns] for row in rows)
    return out.getvalue().encode()


def test_every_column_of_a_collection_is_read() -> None:
    (item,), problems = read_collection_csv(table(COLLECTION, {}), "c.csv")
    assert problems == []
    assert (item.release.id, item.release.title, item.release.year) == (1001, "Work 1", 1979)
    assert item.release.artist_text == "Artist 1"
    assert item.release.labels == (LabelCredit(id_from_name("label 1"), "Label 1", "CAT 1"),)  # type: ignore[arg-type]
    assert item.release.formats == (Format("Vinyl", 2, ("LP", "Album", "Reissue"), "Gat"),)
    assert (item.rating, item.folder) == (4, "Jazz")
    assert item.added == datetime(2024, 1, 2, 10, 11, 12, tzinfo=UTC)
    assert (item.media, item.sleeve) == (Grade.NEAR_MINT, SleeveGrade.GENERIC)
    assert item.notes == (("Notes", 'first, "mint"\nsecond line'),)


def test_every_column_of_a_wantlist_is_read() -> None:
    (want,), problems = read_wantlist_csv(table(WANTLIST, {}), "w.csv")
    assert problems == []
    assert (want.release_id, want.rating, want.notes) == (1001, 4, "cheap please")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_order_extra_columns_case_bom_and_line_ends_do_not_matter(end: str, bom: bytes) -> None:
    plain, _ = read_collection_csv(table(COLLECTION, {}), "c.csv")
    columns = ["extra", *(column.upper() for column in reversed(COLLECTION))]
    row = {column.upper(): text for column, text in ROW.items()}
    shuffled, problems = read_collection_csv(bom + table(columns, row, end=end), "c.csv")
    assert problems == []
    assert [item.release for item in shuffled] == [item.release for item in plain]
    assert shuffled[0].notes[0][1].split() == plain[0].notes[0][1].split()


def test_the_collectors_own_fields_are_kept_by_name() -> None:
    data = table([*COLLECTION, "Collection Shelf"], {"Collection Shelf": "A3"})
    (item,), _ = read_collection_csv(data, "c.csv")
    assert ("Shelf", "A3") in item.notes


def test_copies_of_one_release_differ_and_stay_the_same_when_read_again() -> None:
    data = table(COLLECTION, {}, {"release_id": "5"}, {})
    first, _ = read_collection_csv(data, "c.csv")
    again, _ = read_collection_csv(data, "other.csv")
    instances = [item.instance_id for item in first]
    assert len(set(instances)) == 3
    assert all(instance < 0 for instance in instances)
    assert [item.instance_id for item in again] == instances


@pytest.mark.parametrize("bad", ["", "0", "-5", "abc", "1.5", "1e3", "12 34", "٣", "9" * 40, "1001\u200b"])
def test_rows_without_a_usable_release_id_are_named_one_by_one(bad: str) -> None:
    data = table(
        COLLECTION, {"Collection Notes": ""}, {"release_id": bad}, {"release_id": "7"}, {"release_id": bad}
    )
    items, problems = read_collection_csv(data, "c.csv")
    assert [item.release.id for item in items] == [1001, 7]
    assert [problem.partition(": ")[0] for problem in problems] == [
        "c.csv, line 3, column release_id",
        "c.csv, line 7, column release_id",
    ]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Rating", "eleven"),
        ("Rating", "6"),
        ("Date Added", "yesterday"),
        ("Collection Media Condition", "Shiny"),
        ("Collection Sleeve Condition", "Gone"),
    ],
)
def test_another_senseless_cell_costs_only_itself(column: str, text: str) -> None:
    (item,), (problem,) = read_collection_csv(table(COLLECTION, {column: text}), "c.csv")
    assert item.release.id == 1001
    assert problem.startswith(f"c.csv, line 2, column {column}: ")


def test_a_malformed_row_is_named_with_its_lines_and_the_rest_is_read() -> None:
    data = b'release_id,Title\n1,a\n2,"b"x\n3,c\n4,"open\n5,d\n6,"e"\n7,f\n'
    items, problems = read_collection_csv(data, "c.csv")
    assert [item.release.id for item in items] == [1, 3, 7]
    assert [problem.partition(": ")[0] for problem in problems] == ["c.csv, line 3", "c.csv, line 5"]
    assert "lines 5 to 7" in problems[1]


def test_a_row_with_too_many_cells_is_named_and_one_with_too_few_is_read() -> None:
    items, (problem,) = read_collection_csv(b"release_id,Title,Label\n1,a,b,c\n2\n3,x,y,\n", "c.csv")
    assert [item.release.id for item in items] == [2, 3]
    assert problem.startswith("c.csv, line 2: ")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "empty"),
        (b"Artist,Title\nA,B\n", "column release_id is missing"),
        (b"release_id,Title,Release ID\n1,a,2\n", "twice"),
        ("release_id,Title\n1,Café\n".encode("cp1252"), "line 2, column 6: the byte there"),
        ("release_id\n1\n".encode("utf-16"), "UTF-16"),
        (b"release_id\n1\n2\x00\n", "line 3, column 2: there is a NUL"),
        (b'"release_id"x\n1\n', "line 1: a quotation mark"),
        (b'"release_id\n1\n', "never closed"),
        (b"release_id" + b",x" * 1_000_000, "1,000,001 columns"),
        (b"release_id\nx\ny\n", "No row"),
        (b"x" * 200_000, "longer than"),
        (b"PK\x03\x04\x00\x00", "NUL"),
    ],
)
@pytest.mark.parametrize("reader", [read_collection_csv, read_wantlist_csv])
def test_an_unusable_file_is_refused_with_a_sentence(
    reader: Callable[[bytes, str], object], data: bytes, sentence: str
) -> None:
    with pytest.raises(BadInputError, match=sentence) as caught:
        reader(data, "c.csv")
    assert "c.csv" in caught.value.sentence


def test_a_row_of_a_million_cells_or_a_giant_cell_costs_only_itself() -> None:
    data = b"release_id,Title\n1,a\n2" + b",x" * 1_000_000 + b"\n3," + b"x" * 200_000 + b"\n4,d\n"
    items, problems = read_collection_csv(data, "c.csv")
    assert [item.release.id for item in items] == [1, 4]
    assert [problem.partition(": ")[0] for problem in problems] == ["c.csv, line 3", "c.csv, line 4"]


def test_a_flood_of_problems_is_counted_and_not_kept() -> None:
    data = b"release_id\n1\n" + b"x\n" * 5_000
    _, problems = read_collection_csv(data, "c.csv")
    assert len(problems) == 1_001
    assert "4,000 more problems" in problems[-1]


def test_an_empty_wantlist_is_no_error() -> None:
    assert read_wantlist_csv(table(WANTLIST), "w.csv") == ([], [])


def test_a_doubled_want_counts_once() -> None:
    wants, (problem,) = read_wantlist_csv(table(WANTLIST, {}, {}), "w.csv")
    assert len(wants) == 1
    assert problem.startswith("w.csv, line 3, column release_id: ")


def test_a_collection_given_as_wantlist_is_noticed() -> None:
    with pytest.raises(BadInputError, match="exported collection"):
        read_wantlist_csv(table(COLLECTION, {}), "c.csv")


def test_credits_are_parted_only_where_the_file_shows_several_artists() -> None:
    rows = [
        {"Artist": "Earth, Wind & Fire"},
        {"Artist": "Artist 8 (6), Artist 9"},
        {"Artist": "Artist 5"},
        {"Artist": "Artist 5, Artist 6"},
        {"Artist": "Various"},
    ]
    items, _ = read_collection_csv(table(COLLECTION, *rows), "c.csv")
    names = [[artist.name for artist in item.release.artists] for item in items]
    assert names == [
        ["Earth, Wind & Fire"],
        ["Artist 8 (6)", "Artist 9"],
        ["Artist 5"],
        ["Artist 5", "Artist 6"],
        ["Various"],
    ]
    assert items[2].release.artists[0].id == items[3].release.artists[0].id < 0
    assert items[4].release.artists[0].id == 194
    assert items[0].release.artist_text == "Earth, Wind & Fire"


def test_labels_pair_with_their_numbers() -> None:
    rows = [
        {"Label": "Label 1, Label 2", "Catalog#": "A 1, B 2"},
        {"Label": "Company Co., LTD.", "Catalog#": "Y 1"},
        {"Label": "Label 1, Label 1", "Catalog#": "A 1, A 1"},
    ]
    items, _ = read_collection_csv(table(COLLECTION, *rows), "c.csv")
    pairs = [[(label.name, label.catno) for label in item.release.labels] for item in items]
    assert pairs == [
        [("Label 1", "A 1"), ("Label 2", "B 2")],
        [("Company Co., LTD.", "Y 1")],
        [("Label 1", "A 1")],
    ]


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("", ()),
        ('7", EP', (Format("Vinyl", 1, ('7"', "EP")),)),
        (
            "CD, Album + DVD-V + Dig",
            (Format("CD", 1, ("Album",)), Format("DVD", 1, ("DVD-Video",)), Format("All Media", text="Dig")),
        ),
        (
            '11xLP, Album, Whi + 2x12", S/Sided',
            (Format("Vinyl", 11, ("LP", "Album"), "Whi"), Format("Vinyl", 2, ('12"', "Single Sided"))),
        ),
        ("Vinyl, LP, Album, Reissue", (Format("Vinyl", 1, ("LP", "Album", "Reissue")),)),
        ("Cass, Comp, Ltd", (Format("Cassette", 1, ("Compilation", "Limited Edition")),)),
        (", ,", ()),
    ],
)
def test_short_forms_of_formats_are_spelt_out(text: str, formats: tuple[Format, ...]) -> None:
    assert parse_formats(text) == formats


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "release_id": st.integers(1, 10**9).map(str),
                "Title": st.text(
                    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30
                ),
                "Rating": st.integers(0, 5).map(str),
                "Collection Media Condition": st.sampled_from([grade.label for grade in Grade]),
            }
        ),
        max_size=8,
    )
)
def test_what_was_written_is_read_back(rows: list[dict[str, str]]) -> None:
    items, problems = read_collection_csv(table(COLLECTION, *rows), "c.csv")
    assert problems == []
    for item, row in zip(items, rows, strict=True):
        assert str(item.release.id) == row["release_id"]
        assert str(item.rating) == row["Rating"]
        assert item.media is not None
        assert item.media.label == row["Collection Media Condition"]
        assert item.release.title == (row["Title"].strip() or f"Release {item.release.id}")


@settings(max_examples=200)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_bytes_make_the_readers_fail_otherwise(noise: bytes, place: int) -> None:
    whole = table(COLLECTION, {}, {"release_id": "2"})
    sentences = []
    for data in (b"", noise, whole[:place] + noise + whole[place:], b"release_id,Artist,Format\n" + noise):
        for reader in (read_collection_csv, read_wantlist_csv):
            try:
                sentences += reader(data, "c.csv")[1]
            except BadInputError as error:
                sentences.append(error.sentence)
    assert len(sentences) >= 2
    assert all(sentences)
