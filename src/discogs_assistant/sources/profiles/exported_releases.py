"""Releases built from exported rows: names without ids, formats in short form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

from discogs_assistant.model.ids import ArtistId, LabelId, ReleaseId, id_from_name
from discogs_assistant.model.release import ArtistCredit, LabelCredit, Release
from discogs_assistant.model.tally import Tally, number_of_text
from discogs_assistant.sources.csv_files import cells
from discogs_assistant.sources.csv_files.rows import CsvRow
from discogs_assistant.sources.discogs.format_text import parse_formats

# Discogs' own ids of what stands for no artist and no label in particular.
_PLACEHOLDER_ARTISTS = {"Various": 194, "Unknown Artist": 355, "No Artist": 118760}
_PLACEHOLDER_LABELS = {"Not On Label": 1818}
_NUMBERED = re.compile(r".* \(\d{1,5}\)", re.ASCII)


class FileReleases:
    """Makes releases of a file's rows; the file as a whole decides which commas part two artists.

    "38 Spesh, Conway (6)" are two, "Earth, Wind & Fire" is one. A credit is parted where a part carries a
    namesake's number before a comma or is alone in another row; else it stays whole. So the names that are
    alone are counted first, in `alone`.
    """

    def __init__(self, alone: Tally) -> None:
        self._alone = alone

    def learn(self, rows: Iterable[CsvRow]) -> None:
        """Note the artists that are alone in their rows."""
        names = {row.cell("Artist") for row in rows if ", " not in row.cell("Artist")} - {""}
        self._alone.add([number_of_text(name) for name in sorted(names)])

    def releases(self, rows: Sequence[tuple[CsvRow, ReleaseId]]) -> list[Release]:
        """The releases of rows; artists and labels get the stable numbers of `id_from_name`."""
        credits = [_parts(row.cell("Artist")) for row, _ in rows]
        parts = {part for names in credits if len(names) > 1 for part in names}
        numbers = {part: number_of_text(part) for part in parts}
        known = self._alone.known(numbers.values())
        alone = {part for part, number in numbers.items() if number in known}
        return [
            _release(row, id, _artists(row.cell("Artist"), names, alone))
            for (row, id), names in zip(rows, credits, strict=True)
        ]


def _release(row: CsvRow, release_id: ReleaseId, artists: tuple[ArtistCredit, ...]) -> Release:
    return Release(
        id=release_id,
        title=row.cell("Title") or f"Release {release_id}",
        year=cells.year(row, "Released"),
        artists=artists,
        labels=_labels(row.cell("Label"), row.cell("Catalog#")),
        formats=parse_formats(row.cell("Format")),
    )


def _parts(credit: str) -> list[str]:
    return [part.strip() for part in credit.split(", ") if part.strip()]


def _artists(credit: str, parts: list[str], alone: Set[str]) -> tuple[ArtistCredit, ...]:
    several = any(_NUMBERED.fullmatch(part) for part in parts[:-1]) or not alone.isdisjoint(parts)
    names = parts if several else [credit]
    return tuple(
        ArtistCredit(ArtistId(_PLACEHOLDER_ARTISTS.get(name) or id_from_name(name)), name)
        for name in names
        if name
    )


def _labels(names: str, catnos: str) -> tuple[LabelCredit, ...]:
    """Names and numbers in pairs where there are as many of both, else one label with one number."""
    parts, numbers = names.split(", "), catnos.split(", ")
    if len(parts) == 1 or len(parts) != len(numbers):
        parts, numbers = [names], [catnos]
    pairs = dict.fromkeys(zip(parts, numbers, strict=True))
    return tuple(
        LabelCredit(
            LabelId(_PLACEHOLDER_LABELS.get(name) or id_from_name(name)), name, number.strip() or None
        )
        for name, number in ((part.strip(), number) for part, number in pairs)
        if name
    )
