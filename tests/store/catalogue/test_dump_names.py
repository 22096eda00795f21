"""Artists found under their other names, and namesakes distinguished by their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.store.catalogue.test_dump_search import record, searching

from discogs_assistant.store.catalogue.dumps.columns import ColumnWriter, columns
from discogs_assistant.store.catalogue.dumps.other_name_writer import write_other_names
from discogs_assistant.store.catalogue.dumps.other_names import OtherNames
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.catalogue.dumps.search import Search


def artist(id: int, name: str, *variations: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"real_name": None, "profile": None, "aliases": [], "members": [], "groups": []}
    return {"id": id, "name": name, "variations": list(variations), **empty}


ARTISTS = [
    artist(5, "Prince", "P. R. Nelson", "PRINCE", "プリンス", "TAFKAP"),
    artist(6, "Yellow Magic Orchestra", "Y.M.O.", "YMO"),
    artist(7, "Nobody's Records"),
    artist(194, "Various", "Various Artists", "V/A"),
]


def by(id: int, artist: int, name: str, title: str) -> dict[str, Any]:
    made = record(id, name, title)
    made["artists"][0]["id"] = artist
    return made


RECORDS = [
    by(1, 5, "Prince", "1999"),
    by(2, 5, "Prince", "Lovesexy"),
    by(3, 6, "Yellow Magic Orchestra", "Technodelic"),
    by(4, 194, "Various", "Love Songs"),
    by(5, 8, "TAFKAP", "Not Him"),
    by(6, 20, "Nirvana", "Rainbow Chaser"),
    by(7, 21, "Nirvana (2)", "Bleach"),
    by(8, 22, "Nirvana (22)", "Other"),
]


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    folder = tmp_path_factory.mktemp("names")
    writer = ColumnWriter(folder, "artists")
    writer.add(columns("artists", ARTISTS))
    writer.close()
    write_other_names(folder)
    searching(RECORDS, folder).close()
    found = Search(folder, OtherNames(folder))
    yield found
    found.close()


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (Question(words="p.r. nelson"), [1, 2]),
        (Question(words="PR Nelson lovesexy"), [2]),
        (Question(words="1999 pr nelson"), [1]),
        (Question(artist="プリンス"), [1, 2]),
        (Question(artist="ymo", title="technodelic"), [3]),
        (Question(words="various artists love songs"), [4]),
        (Question(words="tafkap"), [5, 1, 2]),
        (Question(words="Nirvana (2)"), [7, 6, 8]),
        (Question(artist="nirvana (22)"), [8, 6, 7]),
        (Question(words="nirvana"), [6, 7, 8]),
        (Question(words="nirvana (2) bleach"), [7]),
    ],
    ids=str,
)
def test_a_name_finds(search: Search, question: Question, found: list[int]) -> None:
    assert search.find(question, 10) == found


def test_dumps_without_artists_have_no_other_names(search: Search, tmp_path: Path) -> None:
    plain = searching(RECORDS, tmp_path)
    assert plain.find(Question(words="p.r. nelson"), 10) == []
    plain.close()


def test_of_several_readings_the_longest_name_is_taken(tmp_path: Path) -> None:
    writer = ColumnWriter(tmp_path, "artists")
    writer.add(
        columns("artists", [artist(1, "A", "Mad Mike"), artist(2, "B", "Mike"), artist(3, "C", "Mike")])
    )
    writer.close()
    write_other_names(tmp_path)
    others = OtherNames(tmp_path)
    assert others.within("hi mad mike x") == ([1], "hi x")
    assert others.within("mike x") == ([2, 3], "x")
    assert others.within("mad max") == ([], "mad max")
    others.close()
