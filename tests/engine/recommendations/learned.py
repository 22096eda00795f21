"""Short ways to learn from records and to rank with what was learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from discogs_assistant.engine.recommendations.ranking import recommend
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.engine.recommendations.training_data import learn, training_data
from discogs_assistant.model.recommendation import Recommendation, RecommendationFilters
from discogs_assistant.model.release import Release

ALL = RecommendationFilters()


def learned_from(
    taste: Taste, candidates: Sequence[Release], collectors: Sequence[Mapping[int, float]] = ()
) -> Learned:
    """A model of these collectors, or without any of the person's own records."""
    own = {item: weight for item, weight in taste.weights.items() if weight > 0}
    people = collectors or ([own] if own else [])
    records = [*taste.known, *taste.hidden, *candidates]
    return Learned("test", learn(training_data(people, records)), len(collectors))


def listed(
    taste: Taste,
    candidates: Sequence[Release],
    filters: RecommendationFilters = ALL,
    learned: Learned | None = None,
    **more: object,
) -> tuple[Recommendation, ...]:
    learned = learned or learned_from(taste, candidates)
    return recommend(learned, taste, candidates, filters, limit=100, **more).recommendations  # type: ignore[arg-type]
