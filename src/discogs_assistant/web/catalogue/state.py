"""Which data dump the catalogue serves, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.pipelines.catalogue.overview import status
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.web import formatting


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
    """The state of the catalogue now."""
    served = status(files)
    month = datetime.strptime(served.month, "%Y-%m") if served.month else None  # noqa: DTZ007  (a month)
    return CatalogueState(
        f"{month:%B %Y}" if month else "an unnamed month",
        month is not None,
        {
            "releases": served.releases,
            "masters": served.masters,
            "artists": served.artists,
            "labels": served.labels,
        },
        served.bytes,
        formatting.moment(served.imported_at),
    )
