"""Which month of Discogs' data the catalogue serves, as pages say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.pipelines.catalogue_reading import status
from discogs_assistant.store.catalogue_files.catalogue import Catalogue
from discogs_assistant.web import words


@dataclass(frozen=True, slots=True)
class CatalogueState:
    """Counts by kind, bytes on disk; `imported_at` is None before any import.

    `month` as "October 2026"; not `dated` where its files did not name it.
    """

    month: str
    dated: bool
    counts: dict[str, int]
    bytes: int
    imported_at: datetime | None

    @property
    def serves(self) -> bool:
        """Whether any release of a dump is known."""
        return self.counts["releases"] > 0


def catalogue_state(files: Catalogue) -> CatalogueState:
    """What is served now."""
    told = status(files)
    month = datetime.strptime(told["month"], "%Y-%m") if told["month"] else None  # noqa: DTZ007  (a month)
    kinds = ("releases", "masters", "artists", "labels")
    return CatalogueState(
        f"{month:%B %Y}" if month else "an unnamed month",
        month is not None,
        {kind: told[kind] for kind in kinds},
        told["bytes"],
        words.moment(told["imported_at"]),
    )
