"""The samples of real dumps, in the older style and the newer, come in whole."""

from __future__ import annotations

import gzip
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest
from tests.sources.dumps.dump_texts import plain_reading

from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.catalogue import overview
from discogs_assistant.pipelines.catalogue.importing import import_dumps
from discogs_assistant.pipelines.runtime.results.documents import printed
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.catalogue.dumps.serving import KINDS

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def catalogue(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    root = tmp_path_factory.mktemp("catalogue")
    report = import_dumps(root, [real / "dumps"], SystemClock(), lambda sentence: None)
    assert report.skipped == ()
    return Catalogue(root)


def plain_count(path: Path) -> tuple[str, int]:
    """The outermost element, and how many it holds."""
    with gzip.open(path) as file:
        root = ET.parse(file).getroot()
    return root.tag, len(root)


def test_each_kind_has_as_many_records_as_its_files_have_elements(catalogue: Catalogue, real: Path) -> None:
    plain: Counter[str] = Counter()
    for path in sorted((real / "dumps").glob("*.xml.gz")):
        kind, count = plain_count(path)
        plain[kind] += count
    held = overview.status(catalogue).model_dump()
    print("\n| kind | elements in the files | records in the catalogue |\n| --- | ---: | ---: |")
    for kind in KINDS:
        print(f"| {kind} | {plain[kind]:,} | {held[kind]:,} |")
    assert {kind: held[kind] for kind in KINDS} == dict(plain)


@pytest.mark.parametrize("name", ["discogs_20200806_releases.xml.gz", "discogs_releases.xml.gz"])
def test_each_release_reads_as_a_plain_reader_reads_it(catalogue: Catalogue, real: Path, name: str) -> None:
    expected = plain_reading(real / "dumps" / name)
    ids = [record["release_id"] for record in expected]
    assert printed(overview.releases(catalogue, ids))["releases"] == expected


def test_the_month_is_that_of_the_newest_file(catalogue: Catalogue) -> None:
    assert overview.status(catalogue).month == "2020-08"


def test_a_masters_pressings_are_those_that_name_it(catalogue: Catalogue, real: Path) -> None:
    expected: dict[int, list[int]] = {}
    for record in sorted(
        plain_reading(real / "dumps" / "discogs_20200806_releases.xml.gz")
        + plain_reading(real / "dumps" / "discogs_releases.xml.gz"),
        key=lambda record: int(record["release_id"]),
    ):
        if record["master_id"]:
            expected.setdefault(record["master_id"], []).append(record["release_id"])
    assert {master: catalogue.pressings(master) for master in expected} == expected
