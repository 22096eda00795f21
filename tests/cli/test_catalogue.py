"""The command `catalogue` as docs/cli.md says: what it prints, and its exit statuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.running import run
from tests.sources.dumps.dump_texts import release, write


@pytest.fixture
def dumps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCOGS_ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "dumps"
    folder.mkdir()
    return folder


STOCKHOLM = (
    "<artists><artist><id>1</id><name>The Persuader</name></artist></artists>"
    '<country>Sweden</country><labels><label name="Svek" catno="SK032" id="5"/></labels>'
    "<released>1999-03-00</released>"
    '<formats><format name="Vinyl" qty="2" text=""><descriptions><description>12"</description>'
    "</descriptions></format></formats><master_id>9</master_id>"
    '<identifiers><identifier type="Barcode" value="0 7206 4244 2521"/></identifiers>'
)


def test_import_then_status_tell_the_same_counts(dumps: Path) -> None:
    write(dumps, "releases", release(1), release(1), "<release/>")
    document = run("catalogue", "import", dumps, "--json").document
    assert list(document) == [
        "month", "artists", "labels", "masters", "releases", "skipped", "bytes", "seconds", "peak_mb",
    ]  # fmt: skip
    assert [(entry["entity"], entry["id"]) for entry in document["skipped"]] == [
        ("release", None),
        ("release", 1),
    ]
    status = run("catalogue", "status", "--json").document
    same = ("month", "artists", "labels", "masters", "releases", "bytes")
    assert [status[name] for name in same] == [document[name] for name in same]
    assert status["imported_at"].startswith("20")


def test_status_before_any_import_is_zeros_and_nulls(dumps: Path) -> None:
    counts = dict.fromkeys(("artists", "labels", "masters", "releases", "bytes"), 0)
    assert run("catalogue", "status", "--json").document == {"month": None, **counts, "imported_at": None}


def test_unknown_releases_are_left_out_and_none_is_not_found(dumps: Path) -> None:
    write(dumps, "releases", release(1))
    run("catalogue", "import", dumps)
    assert [
        release["release_id"] for release in run("catalogue", "release", 7, 1, "--json").document["releases"]
    ] == [1]
    assert run("catalogue", "release", 7, "--json").status == 3


def test_a_release_before_any_import_is_not_found_and_says_what_to_do(dumps: Path) -> None:
    done = run("catalogue", "release", 7)
    assert done.status == 3
    assert "catalogue import" in done.err


def test_a_bad_file_is_bad_input_in_one_line(dumps: Path) -> None:
    (dumps / "discogs_20261001_releases.xml.gz").write_bytes(b"\x1f\x8bnonsense")
    done = run("catalogue", "import", dumps)
    assert (done.status, len(done.err.splitlines())) == (2, 1)


@pytest.mark.parametrize(
    "words",
    [
        ("persuader", "stockholm"),
        ("STÓCKHOLM",),
        ("stokholm",),
        ("persuaedr",),
        ("sk-032",),
        ("stockholm", "svek", "sk032"),
        ("--artist", "the persuader"),
        ("--artist", "persuader", "--title", "stockholm"),
        ("--label", "svek", "--format", "vinyl", "--decade", 1990),
        ("--catno", "sk 032"),
        ("--barcode", "720642442521"),
        ("--country", "sweden", "--format", '12"'),
    ],
    ids=str,
)
def test_a_release_is_found_by(dumps: Path, words: tuple[object, ...]) -> None:
    others = [release(id, f"Other {id}", "<country>UK</country>") for id in range(2, 9)]
    write(dumps, "releases", release(1, "Stockholm", STOCKHOLM), *others)
    run("catalogue", "import", dumps)
    assert run("catalogue", "search", *words, "--json").document == {
        "releases": [
            {
                "release_id": 1,
                "master_id": 9,
                "title": "Stockholm",
                "artists": ["The Persuader"],
                "year": 1999,
                "country": "Sweden",
                "labels": ["Svek"],
                "formats": ["Vinyl"],
            }
        ]
    }


@pytest.mark.parametrize(
    "words", [("zzzz",), ("--decade", 1980), ("--barcode", "12"), ("--artist", "!!!")], ids=str
)
def test_nothing_found_is_an_empty_list(dumps: Path, words: tuple[object, ...]) -> None:
    write(dumps, "releases", release(1, "Stockholm", STOCKHOLM))
    run("catalogue", "import", dumps)
    assert run("catalogue", "search", *words, "--json").document == {"releases": []}


def test_a_search_for_nothing_is_bad_input(dumps: Path) -> None:
    assert run("catalogue", "search", "--json").status == 2


def test_forget_says_what_was_freed(dumps: Path) -> None:
    write(dumps, "releases", release(1))
    run("catalogue", "import", dumps)
    assert run("catalogue", "forget", "--json").document == {"freed": 0}
    run("catalogue", "import", write(dumps, "releases", release(2), name="discogs_20261101_releases.xml.gz"))
    assert run("catalogue", "forget", "--json").document["freed"] > 0
