"""How much of what a collector wants is for sale within the limits of a form."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.money import Money
from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.profiles.open_wants import open_wants
from discogs_assistant.pipelines.recommendations.eligible_listings import converted, eligible_rows
from discogs_assistant.store.market import listing_columns, sellers
from discogs_assistant.store.market.listing_columns import MarketRow
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.web.catalogue.lowest_prices import rates_into
from discogs_assistant.web.forms import Form
from discogs_assistant.web.market.search_form import FIELDS
from discogs_assistant.web.runs.finished_results import newest_list
from discogs_assistant.web.session import Visitor

_ENOUGH = 20
"""Copies from which on a ceiling is suggested."""


@dataclass(frozen=True, slots=True)
class ForSale:
    """Counts within the limits; `known`: any copy at all is; `problem`: a limit that is wrong.

    `ceiling` is a price that nine of ten copies do not exceed, where enough are within the limits.
    """

    wanted: int = 0
    wants: int = 0
    recommended: int = 0
    sellers: int = 0
    copies: int = 0
    known: bool = False
    ceiling: Money | None = None
    problem: str = ""


def count_for_sale(visitor: Visitor, form: Form) -> ForSale:
    """The counts for the visitor's collector."""
    try:
        criteria = ShopOptions.parse(form.options(FIELDS), visitor.home).criteria
    except BadInputError as error:
        return ForSale(problem=str(error))
    wants = wanted_ids(visitor, any_pressing=criteria.any_pressing)
    recommended = recommended_ids(visitor) - wants
    copies = listing_columns.market_rows(
        visitor.ctx.db, visitor.owner, wants | recommended, since=visitor.since
    )
    fitting = _within(visitor, criteria, copies)
    found = {copy.release_id for copy in fitting}
    return ForSale(
        wanted=len(wants),
        wants=len(wants & found),
        recommended=len(recommended & found),
        sellers=len({copy.seller for copy in fitting}),
        copies=len(fitting),
        known=bool(copies),
        ceiling=_ceiling(visitor, criteria, fitting),
    )


def wanted_ids(visitor: Visitor, *, any_pressing: bool = False) -> Set[ReleaseId]:
    """The releases on the collector's wantlist, without those bought or hidden since (see `open_wants`)."""
    if visitor.user is None:
        return frozenset()
    return open_wants(visitor.ctx, visitor.owner, visitor.user, any_pressing=any_pressing)


def recommended_ids(visitor: Visitor) -> set[ReleaseId]:
    """The releases of the collector's newest recommendations, without those bought or hidden since."""
    if visitor.user is None:
        return set()
    newest = newest_list(visitor, visitor.user)
    recommendations = newest.result.recommendations if newest else ()
    own_feedback = feedback.feedback(visitor.ctx.db, visitor.owner, visitor.user)
    return (
        {recommendation.release.id for recommendation in recommendations}
        - own_feedback.bought
        - own_feedback.hidden
    )


def _ceiling(visitor: Visitor, criteria: CartCriteria, copies: list[MarketRow]) -> Money | None:
    """A whole amount that nine of ten copies cost at most; None with few copies, or a limit that is set."""
    if len(copies) < _ENOUGH or criteria.listing.max_price is not None:
        return None
    currency = criteria.budget.currency
    rates = rates_into(visitor, currency)
    found = [converted(copy.price_minor, copy.currency, currency, rates) for copy in copies]
    prices = sorted(minor for minor, _, known in found if known)
    if not prices:
        return None
    unit = 10**currency.decimals
    return Money(-(-prices[len(prices) * 9 // 10] // unit) * unit, currency)


def _within(visitor: Visitor, criteria: CartCriteria, copies: list[MarketRow]) -> list[MarketRow]:
    """Copies that meet the criteria and cost no more than the whole budget."""
    limit = min(criteria.listing.max_price or criteria.budget, criteria.budget)
    known = sellers.sellers(visitor.ctx.db, visitor.owner, {copy.seller for copy in copies})
    limits = replace(criteria.listing, max_price=limit)
    return eligible_rows(copies, known, limits, rates_into(visitor, criteria.budget.currency))
