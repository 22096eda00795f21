"""What a collection is made of: its records counted by style, decade, label and country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from discogs_assistant.model.ids import LabelId
from discogs_assistant.model.release import Release
from discogs_assistant.model.search_words import name_key

_NO_LABEL = "not on label"
_FIRST_SOUND, _TOO_LATE = 1860, 2100
"""No sound was kept before the first year, and from the last on a year is a slip of the pen."""

Named = tuple[str, LabelId | None]


class Part(NamedTuple):
    """So many records have this name; `id` where it is a label's."""

    name: str
    records: int
    id: LabelId | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A record counts once for each name it has. `known`: how many records have any.

    `without`: how many have none, such as records on no label.
    """

    parts: tuple[Part, ...]
    known: int
    without: int = 0


def by_style(records: Sequence[Release]) -> Breakdown:
    """The styles, by falling number of records."""
    return _counted([(style, None) for style in record.styles] for record in records)


def by_country(records: Sequence[Release]) -> Breakdown:
    """The countries, by falling number of records."""
    return _counted([(record.country, None)] if record.country else [] for record in records)


def by_label(records: Sequence[Release]) -> Breakdown:
    """The labels, by falling number of records; "Not On Label", with whatever follows it, is none."""
    return _counted([(label.name, label.id) for label in record.labels] for record in records)


def by_decade(records: Sequence[Release]) -> Breakdown:
    """The decades in their order, those between the first and the last also where they have no record."""
    years = [year for record in records if (year := year_of(record)) is not None]
    counts = Counter(year // 10 * 10 for year in years)
    decades = range(min(counts), max(counts) + 10, 10) if counts else ()
    return Breakdown(tuple(Part(f"{decade}s", counts[decade]) for decade in decades), len(years))


def year_of(record: Release) -> int | None:
    """The year in which it came out; None where it is unknown, which Discogs writes as 0."""
    return record.year if record.year and _FIRST_SOUND <= record.year < _TOO_LATE else None


def _counted(of_each: Iterable[list[Named]]) -> Breakdown:
    counts: Counter[str] = Counter()
    first: dict[str, Named] = {}
    known = without = 0
    for named in of_each:
        some = {name_key(name): (name.strip(), id) for name, id in reversed(named) if name.strip()}
        real = {key: shown for key, shown in some.items() if not key.startswith(_NO_LABEL)}
        known += bool(real)
        without += bool(some) and not real
        counts.update(real.keys())
        for key, shown in real.items():
            first.setdefault(key, shown)
    order = sorted(counts, key=lambda key: (-counts[key], key))
    return Breakdown(tuple(Part(first[key][0], counts[key], first[key][1]) for key in order), known, without)
