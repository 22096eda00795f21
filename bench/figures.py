"""What a benchmark gives: named figures, each beside what it should be."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`; `target` in words, where the product promises one; `missed` where it is broken."""

    name: str
    value: float
    unit: str
    target: str = ""
    missed: bool = False

    def row(self) -> tuple[str, str, str]:
        """The figure as three cells of the table."""
        number = (
            f"{self.value:,.0f}"
            if self.value >= 100 or self.value == int(self.value)
            else f"{self.value:,.2f}"
        )
        return (
            self.name,
            f"{number} {self.unit}".strip(),
            self.target + (" **MISSED**" if self.missed else ""),
        )


def print_figures(title: str, figures: Iterable[Figure]) -> None:
    """A Markdown table on stdout."""
    print(f"\n## {title}\n\n| figure | measured | target |\n| --- | ---: | --- |")
    for figure in figures:
        print("| " + " | ".join(figure.row()) + " |", flush=True)


def machine() -> str:
    """This machine in a line."""
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        "unknown",
    )
    return f"{os.cpu_count()} cores, {model}, Python {platform.python_version()}, {platform.system()}"


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of `values` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def memory_mb(pid: int) -> float:
    """Resident memory of a process without its children, in megabytes (Linux)."""
    return _resident_kb(pid) / 1024


def children_mb(pid: int) -> float:
    """Resident memory of all that a process began, in megabytes (Linux)."""
    return sum(map(_resident_kb, children_of(pid))) / 1024


def children_of(pid: int) -> list[int]:
    """All processes that a process began, and those that they began (Linux)."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    direct = [int(word) for thread in threads for line in _lines(str(thread)) for word in line.split()]
    return [each for child in direct for each in (child, *children_of(child))]


def _resident_kb(pid: int) -> int:
    return next(
        (int(line.split()[1]) for line in _lines(f"/proc/{pid}/status") if line.startswith("VmRSS")), 0
    )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
