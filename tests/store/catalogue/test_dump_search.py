"""Search in a finished index: what is forgiven, what comes first, and that filters hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.durations import LONG

from discogs_assistant.model.search_words import one_letter_off
from discogs_assistant.store.catalogue.dumps.columns import ColumnWriter, columns
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.catalogue.dumps.search import Search
from discogs_assistant.store.catalogue.dumps.search_index import write_search_index

EMPTY: dict[str, Any] = {
    "master_id": None, "main": None, "year": None, "country": None, "labels": [], "formats": [],
    "genres": [], "styles": [], "identifiers": [],
}  # fmt: skip


def record(id: int, artist: str, title: str, **more: Any) -> dict[str, Any]:
    """A release by its artist and title."""
    names = [{"id": 1, "name": artist, "anv": more.pop("anv", None), "join": None}]
    return {"release_id": id, "title": title, "artists": names, **EMPTY, **more}


def searching(documents: list[dict[str, Any]], folder: Path) -> Search:
    writer = ColumnWriter(folder, "releases")
    writer.add(columns("releases", documents))
    writer.close()
    write_search_index(folder)
    return Search(folder)


RECORDS = [
    record(1, "Björk", "Homogenic", year=1997, genres=["Electronic"], styles=["Trip Hop"], country="UK"),
    record(2, "AC/DC", "Back In Black", year=1980, genres=["Rock"], country="Australia"),
    record(3, "Mötley Crüe", "Dr. Feelgood", labels=[{"id": 1, "name": "Elektra", "catno": "60829-1"}]),
    record(4, "Nirvana (2)", "Nevermind", master_id=7, main=False),
    record(5, "Nirvana (2)", "Nevermind", master_id=7, main=True),
    record(6, "Nirvana", "Rainbow Chaser"),
    record(7, "坂本龍一", "千のナイフ"),
    record(8, "!!!", "Louden Up Now"),
    record(9, "Guns N' Roses", "Don't Cry", anv="GNR"),
    record(
        10,
        "Various",
        "Black Nirvana",
        formats=[{"name": "CD", "quantity": 1, "descriptions": ["Album"], "text": None}],
    ),
    record(11, "Sigur Rós", "Ágætis Byrjun", identifiers=[{"type": "Barcode", "value": "0 600753-051 90"}]),
    *(record(20 + n, "Metallica", f"Load {n}") for n in range(12)),
    record(40, "Metalica", "Tribute"),
]


@pytest.fixture(scope="module")
def search() -> Iterator[Search]:
    with TemporaryDirectory() as name:
        found = searching(RECORDS, Path(name))
        yield found
        found.close()


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (Question(words="bjork"), 1),
        (Question(words="BJÖRK homogenic"), 1),
        (Question(words="homogenik"), 1),
        (Question(words="ac/dc"), 2),
        (Question(words="acdc"), 2),
        (Question(words="ac dc back"), 2),
        (Question(artist="motley crue"), 3),
        (Question(words="mtley cruee"), 3),
        (Question(catno="608291"), 3),
        (Question(words="60829-1"), 3),
        (Question(title="nevermind"), 5),
        (Question(artist="nirvana"), 5),
        (Question(words="nirvana rainbow"), 6),
        (Question(words="坂本"), 7),
        (Question(title="ナイフ"), 7),
        (Question(artist="!!!"), 8),
        (Question(words="guns n roses dont cry"), 9),
        (Question(artist="gnr"), 9),
        (Question(barcode="60075305190"), 11),
        (Question(words="agaetis"), 11),
        (Question(words="nevermind zzzzzz"), 5),
        (Question(words="never", typing=True), 5),
        (Question(words="rainbow x", typing=True), 6),
        (Question(title="black", format="album"), 10),
        (Question(style="trip-hop", decade=1990), 1),
    ],
    ids=str,
)  # fmt: skip
def test_first_comes(search: Search, question: Question, first: int) -> None:
    assert search.find(question, 5)[:1] == [first]


@pytest.mark.parametrize(
    "question",
    [
        Question(words="xylophone"),
        Question(words="nevermind", decade=1980),
        Question(barcode="none"),
        Question(artist="???", genre="Rock"),
        Question(title="black", country="UK"),
        Question(words='" OR "'),
        Question(),
    ],
    ids=str,
)
def test_nothing_is_found(search: Search, question: Question) -> None:
    assert search.find(question, 5) == []


def test_a_misspelling_that_others_made_too_finds_what_was_meant_after_it(search: Search) -> None:
    found = search.find(Question(artist="metalica"), 20)
    assert found[0] == 40
    assert set(found[1:]) == {20 + n for n in range(12)}


def test_the_limit_holds(search: Search) -> None:
    assert len(search.find(Question(artist="metallica"), 7)) == 7


WORD = st.text("abcdeé", min_size=1, max_size=3)
NAMES = st.lists(WORD, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=100 if LONG else 40)
@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=6), st.data())
def test_what_has_all_words_is_found(names: list[tuple[str, str]], data: st.DataObject) -> None:
    asked = data.draw(
        st.lists(st.sampled_from(" ".join(map(" ".join, names)).split()), min_size=1, max_size=2)
    )
    fold = str.maketrans("é", "e")
    expected = {
        id
        for id, pair in enumerate(names, 1)
        if {word.translate(fold) for word in asked} <= set(" ".join(pair).translate(fold).split())
    }
    with TemporaryDirectory() as name:
        search = searching([record(id, *pair) for id, pair in enumerate(names, 1)], Path(name))
        found = search.find(Question(words=" ".join(asked)), 100)
        search.close()
    assert expected <= set(found)
    # "ab c" is also the very name "abc", which comes first.
    whole = {
        id
        for id, pair in enumerate(names, 1)
        if "".join(asked).translate(fold) in {name.replace(" ", "").translate(fold) for name in pair}
    }
    assert set(found[: len(expected | whole)]) == expected | whole


@given(st.text("abc", min_size=1, max_size=6), st.text("abc", min_size=1, max_size=6))
def test_one_letter_off_is_mutual(word: str, other: str) -> None:
    assert (other in one_letter_off(word)) == (word in one_letter_off(other))
