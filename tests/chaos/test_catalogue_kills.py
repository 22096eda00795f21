"""Imports killed at random moments: the old dumps or the new ones is served, whole, and the next succeeds."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.durations import only_when_long
from tests.sources.dumps.dump_texts import release, write

from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.catalogue import overview
from discogs_assistant.pipelines.catalogue.importing import import_dumps
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.catalogue.dumps.query import Question

KILLS = int(os.environ.get("CATALOGUE_KILLS", "6"))
COUNT = 3_000


def write_dumps(folder: Path, title: str) -> Path:
    folder.mkdir()
    artists = [f"<artist><id>{id}</id><name>{title} {id}</name></artist>" for id in range(1, COUNT)]
    write(folder, "artists", *artists)
    write(
        folder,
        "releases",
        *(release(id, title, f"<master_id>{id % 99 + 1}</master_id>") for id in range(1, COUNT)),
    )
    return folder


def importing(root: Path, dumps: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "discogs_assistant", "catalogue", "import", str(dumps), "--json"],
        env=os.environ | {"DISCOGS_ASSISTANT_DATA_DIR": str(root.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def served(root: Path) -> str:
    """The title that all of the dumps has, each way it can be asked."""
    catalogue = Catalogue(root)
    held = overview.status(catalogue)
    assert (held.artists, held.releases) == (COUNT - 1, COUNT - 1)
    ids = list(range(1, COUNT))
    titles = {release["title"] for release in catalogue.releases(ids)}
    assert len(titles) == 1
    (title,) = titles
    assert len(catalogue.releases(ids)) == COUNT - 1
    assert {record["name"] for record in catalogue.records("artists", ids)} == {f"{title} {id}" for id in ids}
    assert sum(len(catalogue.pressings(master)) for master in range(1, 100)) == COUNT - 1
    assert len(catalogue.search(Question(title=title), COUNT)) == COUNT - 1
    return str(title)


@only_when_long
@pytest.mark.timeout(60 + 20 * KILLS)
def test_a_killed_import_leaves_the_old_dumps_or_the_new_ones(tmp_path: Path) -> None:
    dumps_of = {title: write_dumps(tmp_path / title, title) for title in ("Alpha", "Omega")}
    root = tmp_path / "catalogue"
    import_dumps(root, [dumps_of["Alpha"]], SystemClock(), lambda sentence: None)
    began = time.monotonic()
    assert importing(root, dumps_of["Omega"]).wait() == 0
    length = time.monotonic() - began
    assert served(root) == "Omega"
    dice, killed = random.Random(4), 0
    for _ in range(KILLS):
        wanted = "Alpha" if served(root) == "Omega" else "Omega"
        for folder in root.glob("*-*"):  # else what was finished once is not read again
            if folder.name not in pointer(root):
                shutil.rmtree(folder)
        process = importing(root, dumps_of[wanted])
        try:
            process.wait(dice.uniform(0.1, 1.0) * length)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        served(root)
    assert killed
    wanted = "Alpha" if served(root) == "Omega" else "Omega"
    process = importing(root, dumps_of[wanted])
    said, _ = process.communicate()
    assert json.loads(said)["releases"] == COUNT - 1
    assert served(root) == wanted
    assert not list(root.glob("building-*"))


def pointer(root: Path) -> str:
    return (root / "serving.json").read_text(encoding="utf-8")
