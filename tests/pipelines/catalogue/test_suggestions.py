"""What is suggested while somebody types, from the dump and from the answers of the API."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.pipelines.catalogue.test_releases import BEFORE
from tests.sources.dumps.dump_texts import release, write

from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.catalogue.importing import import_dumps
from discogs_assistant.pipelines.catalogue.suggestions import suggestions
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.catalogue.dumps.conversion import release_of
from discogs_assistant.store.catalogue.releases import save_releases
from discogs_assistant.store.database import Database


def record(id: int, artist: tuple[int, str], title: str, label: tuple[int, str], more: str = "") -> str:
    return release(
        id,
        title,
        f"<artists><artist><id>{artist[0]}</id><name>{artist[1]}</name></artist></artists>"
        f"<labels><label id='{label[0]}' name='{label[1]}'/></labels><styles><style>X</style></styles>"
        f"<released>1991</released>{more}",
    )


RECORDS = [
    record(1, (7, "Nirvana (2)"), "Nevermind", (5, "DGC"), "<master_id>9</master_id>"),
    record(2, (7, "Nirvana (2)"), "Nevermind", (5, "DGC"), "<master_id>9</master_id>"),
    record(3, (8, "Nirvana"), "Rainbow Chaser", (6, "Nirvanesque Records")),
    record(4, (194, "Various"), "Black Nirvana", (1818, "Not On Label (Nirvana Self-released)")),
    record(5, (11, "Ni-Re"), "Variously", (12, "Nevers")),
]


@pytest.fixture(scope="module")
def catalogue_of_dumps(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("month")
    import_dumps(folder, [write(folder, "releases", *RECORDS)], SystemClock(), lambda sentence: None)
    return Catalogue(folder)


@pytest.fixture(params=["dump", "api"])
def files(
    request: pytest.FixtureRequest, tmp_path: Path, db: Database, catalogue_of_dumps: Catalogue
) -> Catalogue:
    """The same records, once from a dump and once as the API answers them."""
    if request.param == "dump":
        return catalogue_of_dumps
    save_releases(db, [release_of(release) for release in catalogue_of_dumps.releases(range(1, 6))], BEFORE)
    return Catalogue(tmp_path / "none")


def suggested(db: Database, files: Catalogue, typed: str, limit: int = 8) -> list[tuple[str, int, str, str]]:
    return [
        (suggestion.kind, suggestion.id, suggestion.text, suggestion.detail)
        for suggestion in suggestions(db, files, typed, limit)
    ]


def test_the_very_name_comes_before_what_begins_so_and_what_holds_it(db: Database, files: Catalogue) -> None:
    found = suggested(db, files, "nirvana")
    assert {*found[:2]} == {("artist", 7, "Nirvana", "artist (2)"), ("artist", 8, "Nirvana", "artist")}
    assert {*found[2:]} == {
        ("release", 4, "Black Nirvana", "Various, 1991"),
        ("master", 9, "Nevermind", "Nirvana, 1991"),
        ("release", 3, "Rainbow Chaser", "Nirvana, 1991"),
    }
    begun = suggested(db, files, "nirvan")
    assert {*begun[:3]} == {*found[:2], ("label", 6, "Nirvanesque Records", "label")}


def test_artist_and_title_together_lead_to_the_work_once(db: Database, files: Catalogue) -> None:
    assert suggested(db, files, "nirvana never") == [("master", 9, "Nevermind", "Nirvana, 1991")]


def test_names_for_nobody_are_not_suggested(db: Database, files: Catalogue) -> None:
    assert suggested(db, files, "various") == [
        ("release", 5, "Variously", "Ni-Re, 1991"),
        ("release", 4, "Black Nirvana", "Various, 1991"),
    ]
    assert suggested(db, files, "not on label") == [("release", 4, "Black Nirvana", "Various, 1991")]


def test_a_wrong_letter_is_forgiven_where_nothing_else_fits(db: Database, files: Catalogue) -> None:
    assert ("master", 9, "Nevermind", "Nirvana, 1991") in suggested(db, files, "nirvama never")


@pytest.mark.parametrize("typed", ["", "n", "!!", " ", "zzzz"])
def test_nothing_is_suggested_for(db: Database, files: Catalogue, typed: str) -> None:
    assert suggested(db, files, typed) == []


def test_the_limit_holds(db: Database, files: Catalogue) -> None:
    assert len(suggested(db, files, "ni", 3)) == 3
