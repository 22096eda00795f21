"""Releases as lines of a list: pressings of one master together, each marked as mine, and in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Release, bare_name
from discogs_assistant.web.catalogue.marks import Mark, Mine
from discogs_assistant.web.credits import label_names

_NUMBERS = re.compile(r"(\d+)")
_LAST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class Work:
    """One or more pressings on a list; `release` stands for them: one that is mine, else the earliest."""

    release: Release
    pressings: int
    mark: Mark

    @property
    def address(self) -> str:
        """The release's page, or the master's where there is a choice."""
        together = self.pressings > 1 and self.release.master_id is not None
        return f"/master/{self.release.master_id}" if together else f"/release/{self.release.id}"

    @property
    def labels(self) -> str:
        """The labels, each once."""
        return ", ".join(dict.fromkeys(bare_name(label.name) for label in self.release.labels))

    @property
    def formats(self) -> str:
        """What it is made of, in short: "Vinyl, LP"."""
        short = (", ".join([format_.name, *format_.descriptions[:1]]) for format_ in self.release.formats)
        return " + ".join(dict.fromkeys(short))

    def numbers_on(self, label: int) -> tuple[str, ...]:
        """Its catalogue numbers on a label; of those that differ by blanks alone, the first."""
        there = tuple(credit for credit in self.release.labels if credit.id == label)
        return next((label_name.numbers for label_name in label_names(there, brief=True)), ())


def works(releases: Iterable[Release], mine: Mine) -> list[Work]:
    """The pressings of each master together, in the order in which they come first."""
    found: dict[int, list[Release]] = {}
    for release in releases:
        found.setdefault(release.item_key, []).append(release)
    return [_together(pressings, mine) for pressings in found.values()]


def by_year(work: Work) -> tuple[int, str, ReleaseId]:
    """The order of a discography: the earliest first, what has no year last."""
    return work.release.year or _LAST_YEAR, work.release.title.casefold(), work.release.id


def by_number(label: int, work: Work) -> tuple[bool, list[tuple[int, str]], ReleaseId]:
    """The order of a label: by catalogue number, "SK 9" before "SK 10"; what has none last."""
    number = next(iter(work.numbers_on(label)), "")
    pieces = _NUMBERS.split("".join(number.casefold().split()))
    return (
        not number,
        [(int(piece[:18]), "") if piece.isascii() and piece.isdigit() else (-1, piece) for piece in pieces],
        work.release.id,
    )


def _together(pressings: list[Release], mine: Mine) -> Work:
    def order(release: Release) -> tuple[bool, bool, int, ReleaseId]:
        return (
            release.id not in mine.owned,
            release.id not in mine.wanted,
            release.year or _LAST_YEAR,
            release.id,
        )

    first = min(pressings, key=order)
    return Work(first, len(pressings), mine.mark(pressing.id for pressing in pressings))
