"""How Discogs' data dumps are stored on this machine, for the settings page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.pipelines.catalogue.overview import overview
from discogs_assistant.pipelines.catalogue.result import SkippedRecord
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.web import formatting

_SHOWN = 20  # records that were left out

DUMPS = "https://data.discogs.com/"
"""Discogs' own page of its dumps."""


@dataclass(frozen=True, slots=True)
class StoredCatalogue:
    """`skipped` are sentences, the first of `skipped_count`; `old` what may be forgotten, such as "artists of
    May 2026"; `under_way` how far an import is, None where there is none."""

    months: Mapping[str, str | None]
    skipped: list[str]
    skipped_count: int
    old: list[str]
    bytes_to_free: int
    under_way: str | None

    def month_of(self, kind: str) -> str:
        """The month of what is served of a kind."""
        return _month(self.months.get(kind))


def stored_catalogue(files: Catalogue) -> StoredCatalogue:
    """As it is now."""
    seen = overview(files)
    return StoredCatalogue(
        seen.months,
        [_sentence(record) for record in seen.skipped[:_SHOWN]],
        len(seen.skipped),
        list(dict.fromkeys(f"{kind} of {_month(held.month)}" for kind, held in seen.forgettable)),
        seen.bytes_to_free,
        seen.under_way,
    )


def _sentence(skipped_record: SkippedRecord) -> str:
    named = (
        f"{skipped_record.entity} {skipped_record.id}"
        if skipped_record.id
        else f"{skipped_record.entity} without a number"
    )
    return f"{named.capitalize()}: {skipped_record.why}"


def _month(text: str | None) -> str:
    return formatting.month(datetime.strptime(text, "%Y-%m")) if text else "an unnamed month"  # noqa: DTZ007  (a month)
