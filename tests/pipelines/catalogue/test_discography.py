"""What an artist or a label has released: the dump's word and the API's together."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.pipelines.catalogue.test_releases import AFTER, BEFORE
from tests.sources.dumps.dump_texts import release, write

from discogs_assistant.model.ids import ArtistId, LabelId, ReleaseId
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.model.release import ArtistCredit, Discography, LabelCredit, Release
from discogs_assistant.pipelines.catalogue.discography import Named, discography
from discogs_assistant.pipelines.catalogue.importing import import_dumps
from discogs_assistant.store.catalogue.discographies import save_page
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.catalogue.releases import save_releases
from discogs_assistant.store.database import Database

MONTH = datetime(2026, 10, 1, tzinfo=UTC)
ARTIST = (
    "<artist><id>7</id><name>Prince</name><realname>Prince Rogers Nelson</realname>"
    "<namevariations><name>P. R. Nelson</name></namevariations>"
    "<aliases><name id='8'>Camille (2)</name></aliases></artist>"
)
LABEL = "<label><id>5</id><name>Svek</name><parentLabel id='6'>Big</parentLabel></label>"


def credit(id: int, role: str = "") -> str:
    return f"<artist><id>{id}</id><name>Prince</name><role>{role}</role></artist>"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    tmp_path = tmp_path_factory.mktemp("month")
    dumps = [
        write(
            tmp_path,
            "releases",
            release(1, more=f"<artists>{credit(7)}</artists><labels><label name='Svek' id='5'/></labels>"),
            release(2, more=f"<extraartists>{credit(7, 'Producer')}{credit(9, 'Remix')}</extraartists>"),
        ),
        write(tmp_path, "artists", ARTIST),
        write(tmp_path, "labels", LABEL),
    ]
    import_dumps(tmp_path / "catalogue", dumps, SystemClock(), lambda sentence: None)
    return Catalogue(tmp_path / "catalogue")


def entry(kind: str, id: int, role: str, main: int | None = None) -> Discography:
    return Discography(kind, id, "title", None if main is None else ReleaseId(main), "Prince", role, 1990)


def test_the_dump_tells_of_an_artist_by_part(db: Database, files: Catalogue) -> None:
    found = discography(db, files, "artist", 7)
    assert found is not None
    assert (found.name, found.source, found.as_of) == ("Prince", "dump", MONTH)
    assert found.parts == {"main": (1,), "producer": (2,)}
    assert found.about.real_name == "Prince Rogers Nelson"
    assert found.about.aliases == (Named(8, "Camille (2)"),)


def test_a_label_has_one_part_and_one_above_it(db: Database, files: Catalogue) -> None:
    found = discography(db, files, "label", 5)
    assert found is not None
    assert (found.name, found.parts, found.about.parent) == ("Svek", {"main": (1,)}, Named(6, "Big"))


def test_a_name_without_a_record_of_its_own_is_read_from_the_releases(db: Database, files: Catalogue) -> None:
    found = discography(db, files, "artist", 9)
    assert found is not None
    assert (found.name, found.parts) == ("Prince", {"remixer": (2,)})


@pytest.mark.parametrize(("when", "source"), [(BEFORE, "dump"), (AFTER, "api")])
def test_lists_of_the_api_are_added_and_the_newest_dates_it(
    db: Database, files: Catalogue, when: datetime, source: str
) -> None:
    entries = [
        entry("master", 50, "Main", 3), entry("master", 51, "Main"), entry("release", 4, "Remix"),
        entry("release", 6, "TrackAppearance"),
    ]  # fmt: skip
    save_page(db, "artist", 7, 1, 3, entries, when)
    found = discography(db, files, "artist", 7)
    assert found is not None
    assert found.parts == {"main": (1, 3), "track": (6,), "producer": (2,), "remixer": (4,)}
    assert (found.source, found.as_of) == (source, max(when, MONTH))
    assert (set(found.listed.read), found.listed.unread) == ({1}, 2)


def test_without_a_dump_known_releases_make_one(db: Database, tmp_path: Path) -> None:
    by = ArtistCredit(ArtistId(7), "Prince")
    release = Release(
        ReleaseId(1), "1999", artists=(by,), labels=(LabelCredit(LabelId(5), "Warner"),), styles=("Funk",)
    )
    save_releases(db, [release], BEFORE)
    empty = Catalogue(tmp_path / "none")
    artist, label = discography(db, empty, "artist", 7), discography(db, empty, "label", 5)
    assert artist is not None
    assert label is not None
    assert (artist.name, artist.source, artist.as_of, artist.parts) == (
        "Prince",
        "api",
        BEFORE,
        {"main": (1,)},
    )
    assert (label.name, label.parts) == ("Warner", {"main": (1,)})


def test_nobody_knows_nobody(db: Database, files: Catalogue) -> None:
    assert discography(db, files, "artist", 99) is None
    assert discography(db, files, "label", 7) is None
