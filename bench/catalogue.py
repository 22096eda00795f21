"""What a month of dumps costs to bring in, beside discogskit alone, and how fast it is then read."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.figures import Figure, children_mb, memory_mb, percentile
from bench.made_up_dump import MadeUpMonth
from discogs_assistant.pipelines.catalogue.suggestions import suggestions
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.database import migrate, open_database

# The promises are for half a million; fewer for a look at a change.
RELEASES = int(os.environ.get("BENCH_RELEASES", "500000"))
WHOLE_MONTH = 19_492_392  # releases of October 2026
READERS = 4
WARM = 10  # questions of each kind before any is timed
_ALONE = """
import sys
from pathlib import Path
from discogskit import PipelineConfig, get_file_writer, run
from rich.console import Console
if __name__ == "__main__":
    packed, out = Path(sys.argv[1]), Path(sys.argv[2])
    config = PipelineConfig(chunk_mb=64, entity="releases", gz_path=packed, keep_xml=False, parse_workers=2,
                            profile=False, progress=False, strict=False, write_queue=2)
    run(config, get_file_writer(out, "parquet"), console=Console(quiet=True))
"""
_OURS = """
import json, resource, sys, time
from pathlib import Path
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.catalogue.importing import import_dumps
if __name__ == "__main__":
    reported = []
    def note(sentence):
        used = resource.getrusage(resource.RUSAGE_SELF)
        reported.append((sentence, time.perf_counter(), used.ru_utime + used.ru_stime))
    report = import_dumps(Path(sys.argv[2]), [Path(sys.argv[1])], SystemClock(), note)
    index = next(step for step in reported if step[0].startswith("The search index"))
    wall, cpu = reported[-1][1] - index[1], reported[-1][2] - index[2]
    print(json.dumps({"index": wall, "index_cpu": cpu, "bytes": report.bytes}))
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """A program's wall seconds and processor seconds, the most memory that it and its children had at once,
    and what it printed."""

    seconds: float
    cpu: float
    peak_mb: float
    printed: str


def measure() -> list[Figure]:
    """Figures of a made-up month of `RELEASES` releases."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dump = MadeUpMonth(RELEASES).write(folder)["releases"]
        alone = _ran(_ALONE, dump, folder / "alone")
        ours = _ran(_OURS, dump, folder / "catalogue")
        reported = json.loads(ours.printed)
        converted = ours.seconds - reported["index"]
        return [
            Figure("releases", RELEASES, "", "500,000 or more"),
            Figure("discogskit alone", alone.seconds, "s"),
            Figure("its processor time", alone.cpu, "s"),
            Figure("its peak memory", alone.peak_mb, "MB"),
            Figure("read, sorted and derived", converted, "s"),
            Figure("as a share of discogskit alone", converted / alone.seconds, "times", "1.25 or less"),
            Figure("search index", reported["index"], "s"),
            Figure("processor time of all, the index as well", ours.cpu, "s"),
            Figure(
                "the same without the index, as a share of discogskit's",
                (ours.cpu - reported["index_cpu"]) / alone.cpu,
                "times",
            ),
            Figure("peak memory of all processes", ours.peak_mb, "MB", "2,500 MB or less"),
            Figure("disk", reported["bytes"] / RELEASES, "bytes a release"),
            Figure(
                "a whole month, if time grows with releases",
                ours.seconds * WHOLE_MONTH / RELEASES / 60,
                "minutes",
            ),
            *_reading(folder / "catalogue"),
        ]


def _ran(program: str, dump: Path, out: Path) -> Ran:
    began, before = time.perf_counter(), _children_cpu()
    script = out.with_name(f"{out.name}.py")
    script.write_text(program, encoding="utf-8")
    process = subprocess.Popen([sys.executable, script, dump, out], stdout=subprocess.PIPE, text=True)
    peak = [0.0]

    def watch() -> None:
        while process.poll() is None:
            peak[0] = max(peak[0], memory_mb(process.pid) + children_mb(process.pid))
            time.sleep(0.2)

    watcher = threading.Thread(target=watch)
    watcher.start()
    printed, _ = process.communicate()
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{out.name} ended with {process.returncode}")
    return Ran(time.perf_counter() - began, _children_cpu() - before, peak[0], printed)


def _children_cpu() -> float:
    """Processor seconds of all programs that have ended, with what they started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reading(root: Path) -> list[Figure]:
    """Each question from several processes at once, each its own; percentiles over all of them."""
    with multiprocessing.get_context("spawn").Pool(READERS) as pool:
        each = pool.starmap(_read, [(root, seed) for seed in range(READERS)])
    return [
        figure for name in each[0] for figure in _shown(name, [took for part in each for took in part[name]])
    ]


def _shown(name: str, took: Sequence[tuple[float, float]]) -> list[Figure]:
    """Wall clock, and processor time, which is close to the wall clock of an idle machine."""
    wall, cpu = ([1000 * times[kind] for times in took] for kind in (0, 1))
    return [
        Figure(f"{name}, median of {len(wall):,}", percentile(wall, 0.5), "ms"),
        Figure(f"{name}, 95 %", percentile(wall, 0.95), "ms", _TARGETS[name]),
        Figure(f"{name}, processor time, median", percentile(cpu, 0.5), "ms"),
        Figure(f"{name}, processor time, 95 %", percentile(cpu, 0.95), "ms"),
    ]


_TARGETS = {
    "500 releases by number": "50 ms or less",
    "a master's pressings": "20 ms or less",
    "search": "100 ms or less",
    "suggestions while typing": "30 ms or less",
}


def _read(root: Path, seed: int) -> dict[str, list[tuple[float, float]]]:
    catalogue, dice = Catalogue(root), random.Random(seed)
    db = open_database(f"sqlite:///{root.with_name(f'empty-{seed}.db')}")
    migrate(db)
    sample = catalogue.releases(_ids(dice, 400))
    masters = [release["master_id"] for release in sample if release["master_id"]]
    questions = [_question(dice, release) for release in sample]
    asks: dict[str, list[Callable[[], object]]] = {
        "500 releases by number": [partial(catalogue.releases, _ids(dice, 500)) for _ in range(60)],
        "a master's pressings": [partial(_pressings, catalogue, master) for master in masters],
        "search": [partial(catalogue.search, question, 20) for question in questions],
        "suggestions while typing": [
            partial(suggestions, db, catalogue, _begun(dice, release)) for release in sample
        ],
    }
    for some in asks.values():
        for ask in some[:WARM]:
            ask()
    gc.collect()
    gc.freeze()  # as the server does before it serves
    return {name: [_timed(ask) for ask in some[WARM:]] for name, some in asks.items()}


def _pressings(catalogue: Catalogue, master: int) -> object:
    return catalogue.releases(catalogue.pressings(master))


def _timed(ask: Callable[[], object]) -> tuple[float, float]:
    """Wall seconds and processor seconds."""
    began, used = time.perf_counter(), time.process_time()
    ask()
    return time.perf_counter() - began, time.process_time() - used


def _ids(dice: random.Random, count: int) -> list[int]:
    return [2 * dice.randrange(RELEASES) + 1 for _ in range(count)]


def _question(dice: random.Random, release: dict[str, Any]) -> Question:
    """What somebody might ask who looks for this release, misspelt every third time."""
    artist, title, label = release["artists"][0]["name"], str(release["title"]), release["labels"][0]
    decade = int(str(release["year"])[:3] + "0")
    return dice.choice(
        [
            Question(words=f"{artist} {title}"),
            Question(words=" ".join(_misspelt(dice, word) for word in f"{artist} {title}".split())),
            Question(artist=_misspelt(dice, artist)),
            Question(title=title, decade=decade),
            Question(label=label["name"], format="Vinyl"),
            Question(catno=label["catno"].replace(" ", "").lower()),
            Question(style=release["styles"][0], country=str(release["country"] or ""), decade=decade),
            Question(words=title[: dice.randrange(2, 9)], typing=True),
            Question(words="the of love"),
        ]
    )


def _begun(dice: random.Random, release: dict[str, Any]) -> str:
    """What somebody has typed so far who looks for this release."""
    artist, title = str(release["artists"][0]["name"]), str(release["title"])
    return dice.choice([artist, title, f"{artist} {title}"])[: dice.randrange(2, 16)]


def _misspelt(dice: random.Random, word: str) -> str:
    if len(word) < 4 or dice.random() < 0.5:
        return word
    at = dice.randrange(1, len(word) - 1)
    head, tail = word[:at], word[at:]
    return dice.choice([head + tail[1:], head + head[-1] + tail, head + tail[1] + tail[0] + tail[2:]])
