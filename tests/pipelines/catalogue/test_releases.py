"""What both sources know: the dump counts until the API later answers a release in full."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.sources.dumps.dump_texts import release, write

from discogs_assistant.model.ids import MasterId, ReleaseId
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.catalogue import releases
from discogs_assistant.pipelines.catalogue.importing import import_dumps
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.catalogue.releases import save_releases
from discogs_assistant.store.database import Database

ONE, TWO = ReleaseId(1), ReleaseId(2)
BEFORE, DUMPED, AFTER = (datetime(2026, *day, tzinfo=UTC) for day in ((9, 30), (10, 1), (10, 2)))


@pytest.fixture
def files(tmp_path: Path) -> Catalogue:
    dump = write(tmp_path, "releases", release(1, "dump", "<master_id>9</master_id>"))
    import_dumps(tmp_path / "catalogue", [dump], SystemClock(), lambda sentence: None)
    return Catalogue(tmp_path / "catalogue")


def release_with(id: ReleaseId, *, complete: bool) -> Release:
    return Release(id=id, title="api", master_id=MasterId(9), complete=complete)


@pytest.mark.parametrize(
    ("when", "complete", "source", "as_of"),
    [(AFTER, True, "api", AFTER), (BEFORE, True, "dump", DUMPED), (AFTER, False, "dump", DUMPED)],
)
def test_a_newer_whole_answer_of_the_api_wins(
    db: Database, files: Catalogue, when: datetime, complete: bool, source: str, as_of: datetime
) -> None:
    save_releases(db, [release_with(ONE, complete=complete)], when)
    known = releases.releases(db, files, [ONE])[ONE]
    assert (known.release.title, known.source, known.as_of) == (source, source, as_of)


def test_what_the_dump_lacks_comes_from_the_api(db: Database, files: Catalogue) -> None:
    save_releases(db, [release_with(TWO, complete=False)], BEFORE)
    known = releases.releases(db, files, [ONE, TWO, ReleaseId(3)])
    assert {id: release.source for id, release in known.items()} == {ONE: "dump", TWO: "api"}
    assert releases.pressings(db, files, MasterId(9)) == [ONE, TWO]


def test_without_a_dump_the_api_alone_answers(db: Database, tmp_path: Path) -> None:
    save_releases(db, [release_with(TWO, complete=True)], BEFORE)
    empty = Catalogue(tmp_path / "none")
    assert releases.releases(db, empty, [ONE, TWO]).keys() == {TWO}
    assert releases.pressings(db, empty, MasterId(9)) == [TWO]


def test_a_search_finds_the_dumps_releases_then_those_that_the_api_alone_named(
    db: Database, files: Catalogue
) -> None:
    save_releases(db, [release_with(TWO, complete=False), release_with(ONE, complete=True)], AFTER)
    both = releases.search(db, files, Question(words="dump"), 9)
    assert [(known.release.id, known.source) for known in both] == [(ONE, "api")]
    api = Question(words="api")
    found = [known.release.id for known in releases.search(db, files, api, 9)]
    assert found == [ONE, TWO]
    pages = [releases.search(db, files, api, 1, offset) for offset in range(3)]
    assert [[known.release.id for known in page] for page in pages] == [[ONE], [TWO], []]


def test_a_master_without_a_dump_of_masters_is_made_of_its_pressings(db: Database, files: Catalogue) -> None:
    save_releases(db, [release_with(TWO, complete=False)], AFTER)
    found = releases.master(db, files, MasterId(9))
    assert found is not None
    assert (found.master.title, found.master.main_release) == ("dump", None)
    assert (found.pressings, found.source) == ((ONE, TWO), "dump")
    assert releases.master(db, files, MasterId(8)) is None


MASTER = "<master id='9'>{}<title>Work</title><year>1990</year></master>"


@pytest.mark.parametrize(("named", "main"), [("<main_release>5</main_release>", 5), ("", 3)])
def test_a_main_release_that_the_master_lacks_is_read_from_the_pressings(
    db: Database, tmp_path: Path, named: str, main: int
) -> None:
    marked = '<master_id is_main_release="true">9</master_id>'
    dumps = [
        write(tmp_path, "releases", release(2, more="<master_id>9</master_id>"), release(3, more=marked)),
        write(tmp_path, "masters", MASTER.format(named)),
    ]
    import_dumps(tmp_path / "catalogue", dumps, SystemClock(), lambda sentence: None)
    found = releases.master(db, Catalogue(tmp_path / "catalogue"), MasterId(9))
    assert found is not None
    assert (found.master.title, found.master.year, found.master.main_release) == ("Work", 1990, main)
    assert found.pressings == (2, 3)
