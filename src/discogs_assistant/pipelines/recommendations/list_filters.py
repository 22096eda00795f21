"""A finished list, filtered and reordered by the data stored with it and the current data."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from discogs_assistant.engine.recommendations.filters import passes
from discogs_assistant.engine.recommendations.ordering import by_novelty, by_score, few_of_each_artist
from discogs_assistant.model.ids import OwnerId, ReleaseId, RunId
from discogs_assistant.model.recommendation import (
    Recommendation,
    RecommendationFilters,
    RecommendationResult,
)
from discogs_assistant.pipelines.recommendations.for_sale import OnSale, on_sale
from discogs_assistant.pipelines.recommendations.novelty_traits import TraitsOf, stored_traits
from discogs_assistant.pipelines.runtime.context import Context

EVERYTHING = RecommendationFilters(include_wantlist=True)
"""Filters that let the whole list through."""


@dataclass(frozen=True, slots=True)
class NarrowedList:
    """The list with what is left of it, ranks and scores as they were made.

    `sale` is what is known to be for sale, if requested. `unmixed`: the order stays as it was, since no data
    was stored to mix it by.
    """

    result: RecommendationResult
    sale: OnSale | None = None
    unmixed: bool = False


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filters of a finished list; without `surprise` its order is unchanged.

    Records of `gone` are left out. Surprise mixes what is on the list: other records need a new one.
    The surprise of `filters` is ignored.
    """

    filters: RecommendationFilters = EVERYTHING
    gone: Collection[ReleaseId] = frozenset()
    surprise: Decimal | None = None


def narrowed_list(
    ctx: Context, owner: OwnerId, run_id: RunId, result: RecommendationResult, by: Narrowing
) -> NarrowedList:
    """The list of the owner's run with the options of `by`."""
    left = [
        recommendation
        for recommendation in result.recommendations
        if recommendation.release.id not in by.gone
    ]
    if by.filters == EVERYTHING and by.surprise is None:
        return NarrowedList(replace(result, recommendations=tuple(left)))
    chosen = [recommendation for recommendation in left if passes(recommendation, by.filters)]
    sale = _sale(ctx, owner, chosen, by.filters)
    if sale is not None:
        chosen = [recommendation for recommendation in chosen if recommendation.release.id in sale.within]
    traits = stored_traits(ctx.db, owner, run_id) if by.surprise else None
    arranged = _arranged(chosen, by, traits)
    narrowed = replace(result, recommendations=tuple(arranged))
    return NarrowedList(narrowed, sale, bool(by.surprise) and traits is None)


def _sale(
    ctx: Context, owner: OwnerId, recommendations: Sequence[Recommendation], filters: RecommendationFilters
) -> OnSale | None:
    if not filters.for_sale:
        return None
    now, ids = ctx.clock.now(), [recommendation.release.id for recommendation in recommendations]
    return on_sale(ctx.db, owner, ids, filters, since=ctx.fresh_since(), now=now)


def _arranged(
    recommendations: Sequence[Recommendation], by: Narrowing, traits: TraitsOf | None
) -> Sequence[Recommendation]:
    most = by.filters.per_artist
    if by.surprise and traits is not None:
        return by_novelty(recommendations, traits, float(by.surprise), most, len(recommendations))
    return few_of_each_artist(by_score(recommendations) if by.surprise == 0 else recommendations, most)
