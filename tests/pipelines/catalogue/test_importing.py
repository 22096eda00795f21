"""Bringing dumps in: what is served, what is refused in a sentence, and that a bad file changes nothing."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sources.dumps.dump_texts import release, write

from discogs_assistant.errors import BadInputError, ConflictError, StorageError
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.catalogue import overview
from discogs_assistant.pipelines.catalogue.importing import import_dumps
from discogs_assistant.pipelines.catalogue.result import CatalogueStatus, ImportReport
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.catalogue.dumps.import_lock import importing
from discogs_assistant.store.catalogue.dumps.postings import Part
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.catalogue.dumps.serving import CatalogueFolder

ARTIST = "<artist><id>{}</id><name>A</name></artist>"


class Imports:
    """A catalogue and a folder of dumps."""

    def __init__(self, folder: Path) -> None:
        self.root, self.dumps = folder / "catalogue", folder / "dumps"
        self.dumps.mkdir()
        self.said: list[str] = []

    def bring(self, *paths: Path) -> ImportReport:
        return import_dumps(self.root, paths, SystemClock(), self.said.append)

    def write(self, kind: str, *records: str, name: str = "", packed: bool = True) -> Path:
        return write(self.dumps, kind, *records, name=name, packed=packed)

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.root)

    def titles(self, *ids: int) -> list[str]:
        return [release["title"] for release in self.catalogue.releases(ids)]


@pytest.fixture
def imports(tmp_path: Path) -> Imports:
    return Imports(tmp_path)


def test_before_any_import_all_is_zero_and_nothing(imports: Imports) -> None:
    held = overview.status(imports.catalogue)
    assert held == CatalogueStatus(
        month=None, artists=0, labels=0, masters=0, releases=0, bytes=0, imported_at=None
    )
    assert imports.catalogue.pressings(1) == []


def test_dumps_are_counted_and_dated(imports: Imports) -> None:
    imports.write("releases", release(1), release(2))
    imports.write("artists", ARTIST.format(1))
    document = imports.bring(imports.dumps)
    assert (document.month, document.releases, document.artists, document.labels) == (
        "2026-10",
        2,
        1,
        0,
    )
    assert document.bytes == overview.status(imports.catalogue).bytes > 0


def test_plain_and_packed_files_give_the_same(imports: Imports) -> None:
    plain = imports.write("releases", release(1), packed=False, name="discogs_20260901_releases.xml")
    packed = imports.write("releases", release(2))
    assert imports.bring(plain, packed).releases == 2
    assert imports.titles(1, 2) == ["Stockholm", "Stockholm"]


def test_nothing_is_written_beside_the_files(imports: Imports) -> None:
    imports.write("releases", release(1))
    before = sorted(path.name for path in imports.dumps.iterdir())
    imports.bring(imports.dumps)
    assert sorted(path.name for path in imports.dumps.iterdir()) == before


def test_kinds_that_are_not_given_stay(imports: Imports) -> None:
    imports.bring(imports.write("artists", ARTIST.format(1)))
    later = imports.write("releases", release(1), name="discogs_20261101_releases.xml.gz")
    document = imports.bring(later)
    assert (document.month, document.artists, document.releases) == ("2026-11", 1, 1)


def test_files_without_a_date_have_no_month(imports: Imports) -> None:
    assert imports.bring(imports.write("releases", release(1), name="dump.xml.gz")).month is None


def test_of_a_doubled_id_the_first_counts_and_the_other_is_named(imports: Imports) -> None:
    document = imports.bring(imports.write("releases", release(2, "first"), release(1), release(2, "second")))
    assert document.releases == 2
    assert [(entry.entity, entry.id) for entry in document.skipped] == [("release", 2)]
    assert imports.titles(2) == ["first"]


def test_the_columns_are_sorted_by_number_whatever_the_dumps_order(imports: Imports) -> None:
    import pyarrow.parquet as pq

    imports.bring(imports.write("releases", *(release(id) for id in (5, 3, 9, 1))))
    serving = imports.catalogue.serving()
    assert serving is not None
    table = pq.read_table(imports.root / serving.kinds["releases"].folder / "releases.parquet")
    assert table.column("release_id").to_pylist() == [1, 3, 5, 9]


def credit(id: int, role: str = "") -> str:
    return f"<artist><id>{id}</id><name>A{id}</name><role>{role}</role></artist>"


def test_who_is_on_what_is_listed_by_part(imports: Imports) -> None:
    label = "<label id='4' name='L' catno='{}'/>"
    extra = credit(1, "Remix") + credit(2, "Producer, Mixed By") + credit(0, "Bass")
    track = f"<artists>{credit(2)}</artists><extraartists>{credit(1, 'Bass')}</extraartists>"
    imports.bring(
        imports.write(
            "releases",
            release(8, more=f"<artists>{credit(1)}</artists><master_id>3</master_id>"),
            release(
                5,
                more=f"<extraartists>{extra}</extraartists><labels>{label.format('x')}{label.format('y')}</labels>"
                f"<tracklist><track>{track}</track></tracklist><master_id>3</master_id>",
            ),
        )
    )
    catalogue = imports.catalogue
    assert catalogue.pressings(3) == [5, 8]
    assert catalogue.label_releases(4) == [5]
    assert catalogue.artist_releases(1) == {Part.MAIN: [8], Part.REMIXER: [5], Part.CREDIT: [5]}
    assert catalogue.artist_releases(2) == {Part.PRODUCER: [5], Part.TRACK: [5]}
    assert catalogue.artist_releases(0) == {}


def test_a_reader_sees_the_new_dumps_from_its_next_question_on(imports: Imports) -> None:
    imports.bring(imports.write("releases", release(1, "old")))
    reader = imports.catalogue
    assert [release["title"] for release in reader.releases([1])] == ["old"]
    imports.bring(imports.write("releases", release(1, "new"), name="discogs_20261101_releases.xml.gz"))
    CatalogueFolder(imports.root).forget_unserved()
    assert [one["title"] for one in reader.releases([1])] == ["new"]


def test_dumps_that_go_while_they_are_opened_are_looked_for_again(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports.bring(imports.write("releases", release(1, "old")))
    shelf = CatalogueFolder(imports.root)
    old = shelf.serving()
    imports.bring(imports.write("releases", release(1, "new"), name="discogs_20261101_releases.xml.gz"))
    shelf.forget_unserved()
    read = CatalogueFolder.serving
    answers = iter([old, read(shelf)])
    monkeypatch.setattr(CatalogueFolder, "serving", lambda self: next(answers))
    assert imports.titles(1) == ["new"]


def damage(imports: Imports, name: str) -> None:
    (path,) = imports.root.glob(name)
    path.write_bytes(b"\0" * path.stat().st_size)


@pytest.mark.parametrize("name", ["serving.json", "releases-*/records.db", "releases-*/search.db"])
def test_a_damaged_file_is_a_sentence(imports: Imports, name: str) -> None:
    imports.bring(imports.write("releases", release(1)))
    damage(imports, name)
    with pytest.raises(StorageError, match=r"catalogue.*import the dump again|Import the dump again"):
        imports.catalogue.search(Question(words="stockholm"), 1)


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**64])
def test_a_number_that_no_dump_has_is_not_known(imports: Imports, number: int) -> None:
    imports.bring(imports.write("releases", release(1)))
    catalogue = imports.catalogue
    assert not catalogue.releases([number])
    assert catalogue.pressings(number) == catalogue.label_releases(number) == []
    assert catalogue.pressings_of([number]) == {}
    assert catalogue.works("artist", number, 3) == []


def test_old_dumps_go_on_request(imports: Imports) -> None:
    imports.bring(imports.write("releases", release(1)))
    imports.bring(imports.write("releases", release(1), name="discogs_20261101_releases.xml.gz"))
    assert len(list(imports.root.glob("releases-*"))) == 2
    assert CatalogueFolder(imports.root).forget_unserved() > 0
    assert len(list(imports.root.glob("releases-*"))) == 1
    assert imports.titles(1) == ["Stockholm"]


def test_what_was_finished_before_is_not_read_again(imports: Imports) -> None:
    imports.bring(imports.write("artists", ARTIST.format(1)))
    imports.bring(imports.dumps / "discogs_20261001_artists.xml.gz", imports.write("releases", release(1)))
    assert "Already imported: 1 artist." in imports.said


def test_two_imports_at_once_are_refused(imports: Imports) -> None:
    path = imports.write("releases", release(1))
    with importing(imports.root), pytest.raises(ConflictError, match="is running"):
        imports.bring(path)


def test_a_checksum_that_holds_is_accepted(imports: Imports) -> None:
    path = imports.write("releases", release(1))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (imports.dumps / "discogs_20261001_CHECKSUM.txt").write_text(f"{digest}  {path.name}\n")
    assert imports.bring(path).releases == 1


def truncated(imports: Imports) -> Path:
    path = imports.write("releases", *(release(id) for id in range(10, 400)))
    path.write_bytes(path.read_bytes()[:-200])
    return path


def damaged(imports: Imports) -> Path:
    path = imports.write("releases", *(release(id) for id in range(10, 400)))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    return path


def other_kind(imports: Imports) -> Path:
    path = imports.dumps / "discogs_20261001_labels.xml.gz"
    path.write_bytes(gzip.compress(b"<releases></releases>"))
    return path


def other_checksum(imports: Imports) -> Path:
    path = imports.write("releases", release(1))
    (imports.dumps / "discogs_20261001_CHECKSUM.txt").write_text(f"{'0' * 64}  {path.name}\n")
    return path


def packed(data: bytes) -> Callable[[Imports], Path]:
    def made(imports: Imports) -> Path:
        path = imports.dumps / "discogs_20261001_releases.xml.gz"
        path.write_bytes(gzip.compress(data))
        return path

    return made


BOMB = (
    b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><releases><release id='1'>&b;</release></releases>"
)
REFUSED: dict[str, tuple[Callable[[Imports], Path], str]] = {
    "truncated": (truncated, "ends in the middle of its gzip data"),
    "damaged": (damaged, "damaged"),
    "another kind than its name": (other_kind, "holds releases, though its name says labels"),
    "not what CHECKSUM says": (other_checksum, "CHECKSUM"),
    "no dump": (packed(b"<html><body/></html>"), "not a dump of Discogs"),
    "no XML": (packed(b"PK\x03\x04"), "not a dump of Discogs"),
    "empty": (packed(b""), "is empty"),
    "an entity bomb": (packed(BOMB), "declares entities"),
    "without a record": (packed(b"<releases></releases>"), "no release can be read"),
    "cut plain XML": (packed(b"<releases><release id='1'/>"), "part of it is missing"),
    "a record too large": (
        packed(b"<releases><release id='1'>" + bytes(65 << 20) + b"</release></releases>"), "64 MiB",
    ),
    "another encoding": (packed(b"<?xml version='1.0' encoding='ISO-8859-1'?><releases/>"), "not UTF-8"),
    "missing": (lambda imports: imports.dumps / "nowhere.xml.gz", "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_in_a_sentence_and_the_catalogue_stays(imports: Imports, name: str) -> None:
    imports.bring(imports.write("releases", release(1, "kept"), name="discogs_20260901_releases.xml.gz"))
    make, sentence = REFUSED[name]
    with pytest.raises(BadInputError) as refused:
        imports.bring(make(imports))
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert (imports.titles(1), overview.status(imports.catalogue).month) == (["kept"], "2026-09")
    assert not list(imports.root.glob("building-*"))


def test_too_little_disk_is_foreseen(imports: Imports) -> None:
    path = imports.write("releases", release(1))
    with pytest.raises(StorageError, match="of disk are needed"):
        import_dumps(imports.root, [path], SystemClock(), imports.said.append, free=lambda root: 10)
    assert imports.catalogue.serving() is None


FULL = """
import resource, sys
from discogs_assistant.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))  # as a full disk: no file grows beyond
sys.argv = ["discogs-assistant", "catalogue", "import", sys.argv[1]]
main()
"""


def test_a_disk_that_fills_up_leaves_the_catalogue_as_it_was(imports: Imports) -> None:
    imports.bring(imports.write("artists", ARTIST.format(1)))
    path = imports.write("releases", *(release(id, f"title {id * id}") for id in range(1, 4000)))
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)],
        env=os.environ | {"DISCOGS_ASSISTANT_DATA_DIR": str(imports.root.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "cannot be written" in done.stderr.splitlines()[-1]
    held = overview.status(imports.catalogue)
    assert (held.artists, held.releases) == (1, 0)
    assert not list(imports.root.glob("building-*"))
