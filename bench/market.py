"""A person with 1,000 wants beside markets of 20,000 to 2,000,000 known copies, of which the same few match.

`python -m bench market`: each command runs as its own process, as a person types it, with no Discogs to ask,
so that what is measured is reading the market and computing. `python -m bench market 20000 400000` takes
these sizes only.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.product import free_port
from discogs_assistant.config import PREFIX

SIZES = (20_000, 400_000, 2_000_000)
WANTS, OWNED, SELLERS, MATCHES = 1_000, 1_500, 40, 8_000
BUDGET = "100"
_PART = 400_000
"""Rows of a file, of which a larger market is added in several."""
_MOST_SECONDS, _MOST_MB = 5.0, 500.0
_ADD_SECONDS, _ADD_MB = 8.0, 400.0
_COPIES = "listing_id,seller,release_id,price,currency,media,sleeve,ships_from,quantity"
_LIST = "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder,Date Added"
_WANTED = "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,Notes"
_FIRST_OTHER = 1_000_000
"""Releases from this number on are nobody's."""


@dataclass(frozen=True, slots=True)
class Command:
    """What a command printed, how long it took, and the most memory it held."""

    answer: dict[str, Any]
    seconds: float
    megabytes: float


def measure(sizes: Sequence[int] = SIZES) -> list[Figure]:
    """The figures of each size, and the last ones beside the first."""
    found, first = [], 0.0
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            figures, seconds = _of_size(Path(name), size)
        first = first or seconds
        ratio = seconds / first
        found += figures
        if size != sizes[0]:
            what = f"shop beside {size:,} copies, as often as beside {sizes[0]:,}"
            found.append(Figure(what, ratio, "times", "at most 2", ratio > 2))
    return found


def _of_size(folder: Path, size: int) -> tuple[list[Figure], float]:
    environment = os.environ | {
        PREFIX + "DATA_DIR": str(folder / "data"),
        PREFIX + "DISCOGS_API_URL": f"http://127.0.0.1:{free_port()}",
    }
    lists = write_lists(folder)
    run(["sync", "digger", "--collection", str(lists[0]), "--wantlist", str(lists[1])], environment)
    added = [run(["market", "add", str(path)], environment) for path in write_market(folder, size)]
    asked = ["shop", "digger", "--budget", BUDGET, "--currency", "USD", "--ratio", "1", "--run-again"]
    run(asked, environment)  # learns, and loads what is compiled
    shop = run(asked, environment)
    figures = []
    if size >= _PART:
        last = added[-1]
        what = f"market add of {_PART:,} rows, beside {size - _PART:,}"
        figures += [_time(what, last, _ADD_SECONDS), _memory(what, last, _ADD_MB)]
    what = f"shop beside {size:,} copies ({shop.answer['eligible']:,} match)"
    figures += [_time(what, shop, _MOST_SECONDS), _memory(what, shop, _MOST_MB)]
    if size == SIZES[0]:
        plans = run([*asked, "--plans"], environment)
        points = plans.answer["plans"]["curve"]
        what = f"shop --plans: {WANTS:,} wants, {SELLERS} sellers"
        figures.append(Figure(f"{what}: whole time", plans.seconds, "s"))
        figures.append(Figure(f"{what}: points of the curve", len(points), ""))
        gap = 100 * max(point["proof"]["gap"] for point in points)
        figures.append(Figure(f"{what}: largest gap of a point", gap, "%"))
    return figures, shop.seconds


def _time(what: str, command: Command, most: float) -> Figure:
    return Figure(f"{what}: time", command.seconds, "s", f"under {most:.0f}", command.seconds >= most)


def _memory(what: str, command: Command, most: float) -> Figure:
    return Figure(
        f"{what}: most memory", command.megabytes, "MB", f"under {most:.0f}", command.megabytes >= most
    )


def run(arguments: Sequence[str], environment: dict[str, str]) -> Command:
    """Run a command of the product to its end."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as answer:
        child = subprocess.Popen(
            [sys.executable, "-m", "discogs_assistant", *arguments, "--json"],
            env=environment,
            stdout=answer,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        if child.returncode:
            raise RuntimeError(f"{arguments} ended with {child.returncode}")
        answer.seek(0)
        return Command(json.load(answer), seconds, usage.ru_maxrss / 1024)


def write_lists(folder: Path) -> tuple[Path, Path]:
    """A collection and a wantlist as Discogs exports them; releases 1 to 2,500."""
    collection, wantlist = folder / "collection.csv", folder / "wantlist.csv"
    owned = (f"{_record(number)},Jazz,2024-01-02 10:11:12" for number in range(1, OWNED + 1))
    wanted = (f"{_record(number)}," for number in range(OWNED + 1, OWNED + WANTS + 1))
    collection.write_text("\n".join([_LIST, *owned]) + "\n", encoding="utf-8")
    wantlist.write_text("\n".join([_WANTED, *wanted]) + "\n", encoding="utf-8")
    return collection, wantlist


def _record(number: int) -> str:
    return f"C {number},Artist {number % 400},Title {number},Label {number % 90},LP,,1979,{number}"


def write_market(folder: Path, size: int) -> list[Path]:
    """Files of `size` copies together, whose matches are the same whatever the size."""
    paths = []
    rows = _rows(size)
    for at in range(0, size, _PART):
        path = folder / f"market_{at}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write(_COPIES + "\n")
            file.writelines(row for _, row in zip(range(min(_PART, size - at)), rows, strict=False))
        paths.append(path)
    return paths


def _rows(size: int) -> Iterator[str]:
    """The matches spread evenly among the others."""
    matches, others, every = random.Random(1), random.Random(2), size // MATCHES
    for number in range(size):
        match = number % every == 0 and number // every < MATCHES
        dice = matches if match else others
        release = OWNED + 1 + dice.randrange(WANTS) if match else _FIRST_OTHER + dice.randrange(15_000_000)
        seller, price = dice.randrange(SELLERS), 3 + int(dice.lognormvariate(2.4, 0.6))
        grade = dice.choice(("NM", "VG+", "VG+", "VG", "G+"))
        yield f"{10**7 + 3 * number},seller_{seller:02},{release},{price}.50,USD,{grade},{grade},US,1\n"


if __name__ == "__main__":
    from bench.figures import print_figures

    print_figures("Large markets", measure([int(size) for size in sys.argv[1:]] or SIZES))
