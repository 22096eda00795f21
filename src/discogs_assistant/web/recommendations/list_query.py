"""What an address asks of a finished list: how it is narrowed, and in which order it is shown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from discogs_assistant.model.money import Currency
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.pipelines.recommendations.list_filters import EVERYTHING, Narrowing
from discogs_assistant.pipelines.recommendations.options import RecommendOptions
from discogs_assistant.pipelines.runtime.options.types import Home
from discogs_assistant.store.recommendations.feedback import Feedback
from discogs_assistant.web.forms import Form

NARROWING = tuple(name for name in RecommendOptions.definitions() if name not in ("top", "include_wantlist"))


@dataclass(frozen=True, slots=True)
class ListQuery:
    """`filters` narrow the list; `surprise` mixes it again if it differs from what it was made with."""

    filters: RecommendationFilters = EVERYTHING
    surprise: Decimal | None = None

    @property
    def idle(self) -> Collection[str]:
        """Fields that may be filled in and ask for nothing: forms send them whether they are moved or not."""
        at_rest = (
            ("currency", self.filters.max_price is None),
            ("per_artist", self.filters.per_artist is None),
            ("surprise", self.surprise is None),
        )
        return {name for name, rests in at_rest if rests}

    def narrowing(self, feedback: Feedback) -> Narrowing:
        """The same for the pipelines, without what was hidden or bought."""
        return Narrowing(self.filters, feedback.hidden | feedback.bought, self.surprise)


def read_list_query(form: Form, made_with: Decimal, currency: Currency) -> ListQuery:
    """What the form's fields ask of a list that was `made_with` some surprise.

    `currency` is that of prices where none is named. `InvalidFieldsError` with a sentence per field.
    """
    filters = RecommendOptions.parse(form.options(NARROWING), Home(currency)).filters
    moved = bool(form.text("surprise").strip()) and filters.surprise != made_with
    asked = replace(filters, include_wantlist=True, surprise=EVERYTHING.surprise)
    return ListQuery(asked, filters.surprise if moved else None)
