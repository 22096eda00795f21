"""Thousands of damaged and hostile uploads, each read in a process with ten seconds and 500 MB.

`python -m tests.upload_fuzz --cases 2000` makes pages, CSV files, JSON, zips and dumps by a seed, damages
them, reads each, and prints how long the slowest took and how much memory the largest; the exit status is 1
where one went over a limit or ended in anything but a result or a sentence.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.sources.dumps.dump_texts import release, write
from tests.sources.market.sell_pages import Copy, page, row_2020, row_2026
from tests.sources.market.test_archives import zipped
from tests.store.fakes import NOW
from tests.uploads import task_of

from discogs_assistant.errors import AssistantError
from discogs_assistant.model.ids import UserName
from discogs_assistant.model.market import Shop
from discogs_assistant.model.money import Currency
from discogs_assistant.model.tally import MemoryTally
from discogs_assistant.sources.dumps.cutting import chunks
from discogs_assistant.sources.dumps.parsing import parse
from discogs_assistant.sources.files.uploads import Kind, read_uploads

SECONDS = 10
MEMORY = 500_000_000
REAL = Path(__file__).parents[2] / "shared" / "real" / "pages"
_LARGEST = 2_000_000
_SHOP = Shop(UserName("shop"), Currency.EUR, "DE")
_UNFORESEEN = 3
_LISTINGS = ("listing_id,seller,release_id,price,currency,media", "%d,s,7,5.00,EUR,VG+")
Files = dict[str, list[bytes]]


@dataclass
class Report:
    """How the cases went; `failures` names the case and what happened."""

    cases: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[int, str] = (0, "")
    failures: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """As the command prints it."""
        yield f"{sum(self.cases.values())} cases: " + ", ".join(
            f"{k} {n}" for k, n in sorted(self.cases.items())
        )
        yield ", ".join(f"{outcome}: {number}" for outcome, number in sorted(self.outcomes.items()))
        yield f"slowest: {self.slowest[0]:.2f} s of CPU time ({self.slowest[1]})"
        yield f"largest: {self.largest[0] // 1024} MB ({self.largest[1]})"
        yield from (f"FAILED {failure}" for failure in self.failures)
        yield f"{len(self.failures)} failures"


def fuzz(cases: int, number: int = 1) -> Report:
    """Read that many damaged files, evenly of each kind, made by the seed `number`."""
    report, originals = Report(), _originals()
    kinds = sorted(originals)
    for case in range(cases):
        kind = kinds[case % len(kinds)]
        random = Random(f"{number} {case}")
        data = damaged(random, random.choice(originals[kind]), originals)
        _try(report, f"{kind}, case {case}, {len(data):,} bytes", kind, data)
    return report


def damaged(random: Random, data: bytes, originals: Files) -> bytes:
    """The file after one to four kinds of damage, of at most two million bytes."""
    for _ in range(random.randint(1, 4)):
        data = random.choice(_DAMAGES)(random, data, originals)[:_LARGEST]
    return data


def _cut(random: Random, data: bytes, _: Files) -> bytes:
    return data[: random.randint(0, len(data))]


def _without_a_part(random: Random, data: bytes, _: Files) -> bytes:
    start = random.randint(0, len(data))
    return data[:start] + data[start + random.randint(0, 200) :]


def _a_part_again_and_again(random: Random, data: bytes, _: Files) -> bytes:
    start = random.randint(0, max(0, len(data) - 1))
    part = data[start : start + random.choice((1, 3, 10, 40, 200, 2_000))]
    times = random.choice((2, 50, 1_000, 20_000, 200_000))
    return data[:start] + part * min(times, _LARGEST // max(1, len(part))) + data[start:]


def _a_word_again_and_again(random: Random, data: bytes, _: Files) -> bytes:
    start = random.randint(0, len(data))
    word = random.choice(_WORDS)
    times = random.choice((10, 1_000, 30_000))
    end = data[start:] if random.random() < 0.5 else b""
    return data[:start] + random.choice(_WORDS) + word * min(times, _LARGEST // len(word)) + end


def _other_bytes(random: Random, data: bytes, _: Files) -> bytes:
    changed = bytearray(data)
    for _place in range(random.choice((1, 5, 50)) if changed else 0):
        changed[random.randrange(len(changed))] = random.choice((0, 10, 34, 44, 60, 62, 92, 128, 255))
    return bytes(changed)


def _a_part_of_another(random: Random, data: bytes, originals: Files) -> bytes:
    other = random.choice(originals[random.choice(sorted(originals))])
    start, begin = random.randint(0, len(data)), random.randint(0, len(other))
    return data[:start] + other[begin : begin + random.choice((20, 500, 20_000))] + data[start:]


def _in_another_encoding(random: Random, data: bytes, _: Files) -> bytes:
    return data.decode("utf-8", "replace").encode(
        random.choice(("utf-16", "utf-16-le", "utf-8-sig", "cp1252")), "replace"
    )


def _in_a_zip(random: Random, data: bytes, _: Files) -> bytes:
    return zipped(*((f"{place}.html", data) for place in range(random.choice((1, 3)))))


_DAMAGES: Sequence[Callable[[Random, bytes, Files], bytes]] = (
    _cut, _without_a_part, _a_part_again_and_again, _a_word_again_and_again, _other_bytes, _a_part_of_another,
    _in_another_encoding, _in_a_zip,
)  # fmt: skip
_WORDS = (
    b'<table class="mpitems"><tr ', b"shortcut_navigable ", b"<tr class=shortcut_navigable>", b"<font><p>",
    b"pagination_total ", b"<form ", b"action=", b"<!--", b"<script", b"data:image/png;base64,", b"<", b">",
    b'"', b"'", b",", b";", b"\n", b"\r\n", b" ", b"0", b"9", b"$5 ", b"(1), ", b", ", b"x", b"{", b"[",
    b"}", b"]", b'{"listings":[', b'{"id":1,', b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"&#1;",
    b"<release id='", b"<id>", b" id = ", "é".encode(), "\U0001f3b5".encode(), b"\xff", b"\x00",
)  # fmt: skip


def _originals() -> Files:
    rows = [row_2026(Copy(listing=number)) for number in range(100, 130)]
    pages = [page(rows).encode(), page([row_2020(Copy(listing=n)) for n in range(100, 130)]).encode()]
    pages += [path.read_bytes() for path in sorted(REAL.glob("*.html"))]
    lists = ("Catalog#,Artist,Title,Label,Format,Rating,Released,release_id", "C 1,A (2),T,L,LP,4,1979,%d")
    return {
        "page": pages,
        "table": [_table(*_LISTINGS)],
        "export": [_table("listing_id,release_id,price,status,comments", '%d,7,5.00,For Sale,"so, so"')],
        "collection": [_table(f"{lists[0]},CollectionFolder,Collection Notes", f'{lists[1]},Jazz,"a ""b"""')],
        "wantlist": [_table(f"{lists[0]},Notes", f"{lists[1]},cheap")],
        "json": [json.dumps({"listings": [_answer(number) for number in range(1, 60)]}).encode()],
        "zip": [
            zipped(
                ("a.html", pages[0]), ("b.csv", b"listing_id,seller,release_id,price,currency\n1,s,2,3,EUR\n")
            )
        ],
        "dump": [_dump()],
    }


def _table(header: str, row: str) -> bytes:
    return "\n".join([header, *(row % number for number in range(1, 200)), ""]).encode()


def _answer(number: int) -> dict[str, Any]:
    seller = {"username": "s", "stats": {"rating": "99.8", "total": 12}}
    price = {"value": 12.5, "currency": "EUR"}
    return {
        "id": number,
        "price": price,
        "seller": seller,
        "release": {"id": 7, "title": "T"},
        "comments": "B&amp;W",
    }


def _dump() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        records = [release(number) for number in range(1, 60)]
        return write(Path(folder), "releases", *records, packed=False).read_bytes()


def _try(report: Report, name: str, kind: str, data: bytes) -> None:
    report.cases[kind] += 1
    read, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _read_and_exit(write_end, kind, data)
    os.close(write_end)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode("utf-8", "replace")
    _, status, used = os.wait4(child, 0)
    seconds = used.ru_utime + used.ru_stime
    report.slowest = max(report.slowest, (seconds, name))
    report.largest = max(report.largest, (used.ru_maxrss, name))
    code = os.waitstatus_to_exitcode(status)
    outcome = {0: "read", 1: "refused with a sentence"}.get(code, "failed")
    report.outcomes[outcome] += 1
    if outcome == "failed" or seconds > SECONDS or used.ru_maxrss * 1024 > MEMORY:
        report.failures.append(f"{name}: exit {code}, {seconds:.1f} s, {used.ru_maxrss // 1024} MB\n{said}")


def _read_and_exit(pipe: int, kind: str, data: bytes) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    code = _UNFORESEEN
    try:
        code = _read(kind, data)
    except BaseException:  # noqa: BLE001 - what the readers let out is what is looked for
        os.write(pipe, traceback.format_exc().encode()[-2_000:])
    finally:
        os._exit(code)


def _read(kind: str, data: bytes) -> int:
    """0 where something was read, 1 where it was refused."""
    if kind == "dump":
        return _read_dump(data)
    as_kind: Kind = kind if kind in {"collection", "wantlist"} else "market"  # type: ignore[assignment]
    task = task_of((as_kind, f"a {kind}"), as_of=NOW, shop=_SHOP)
    found = list(read_uploads(task, [io.BytesIO(data)], MemoryTally))
    return int(any(part.error is not None for part in found))


def _read_dump(data: bytes) -> int:
    pieces = (data[start : start + 65_536] for start in range(0, len(data), 65_536))
    try:
        for chunk in chunks(Path("discogs_20261001_releases.xml"), "releases", pieces):
            parse(chunk)
    except AssistantError:
        return 1
    return 0


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.upload_fuzz")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    report = fuzz(asked.cases, asked.seed)
    print("\n".join(report.lines()))
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
