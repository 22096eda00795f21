"""Sellers ranked by what they have of a collector's wants and recommendations, with the best cart of each."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import numpy as np

from discogs_assistant.engine.carts.best_carts import FoundCart, best_carts
from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId, UserName
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.recommendation import Recommendation, RecommendationResult
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.model.shipping import Confidence
from discogs_assistant.pipelines.carts.candidates import CartRequest, EligibleCopies, choose
from discogs_assistant.pipelines.carts.interest import Interest
from discogs_assistant.pipelines.carts.market import Market, read_market
from discogs_assistant.pipelines.profiles.open_wants import open_wants
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.results.finished import finished_as
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listing_columns
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.runs import results


@dataclass(frozen=True, slots=True)
class CopyInCart:
    """A copy of a cart; its price in minor units of the budget's currency."""

    listing_id: ListingId
    release_id: ReleaseId
    name: str
    price_minor: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class BestCart:
    """A seller's best cart within the limits; `total_minor` includes shipping where `with_shipping`."""

    copies: tuple[CopyInCart, ...]
    total_minor: int
    shipping_minor: int
    with_shipping: bool
    confidence: Confidence
    objective_micro: int


@dataclass(frozen=True, slots=True)
class RankedSeller:
    """A seller with `wanted` and `recommended` different records within the limits.

    The oldest of the copies was read at `as_of`; `cart` is None where no cart is within the budget.
    """

    seller: Seller
    wanted: int
    recommended: int
    copies: int
    as_of: datetime
    cart: BestCart | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The sellers, most wants first; `looked_for` counts the records that anybody is asked for."""

    sellers: tuple[RankedSeller, ...]
    looked_for: int


def rank_sellers(ctx: Context, owner: OwnerId, user: UserName, criteria: CartCriteria) -> Ranking:
    """All sellers known of who have something within the criteria.

    Every want and every record of the newest recommendations counts unless it was bought or hidden since,
    whatever share the criteria name; a want scores like the best recommendation.
    """
    wants = open_wants(ctx, owner, user)
    interest = _interest(wants, _recommended(ctx.db, owner, user))
    # The wants are among the recommendations of this interest, so no share of them is drawn.
    asked = replace(criteria, ratio=Decimal(0))
    market = _market(ctx, owner, user, asked, interest)
    choice = choose(market, CartRequest(user, asked, ctx.clock.now().date()))
    carts = _carts(choice)
    rows = [_ranked(market, choice, carts.get(seller), seller, wants) for seller in _offering(choice.copies)]
    rows.sort(key=lambda row: (-row.wanted, -row.recommended, row.seller.name))
    return Ranking(tuple(rows), len(interest.recommended))


def _market(
    ctx: Context, owner: OwnerId, user: UserName, criteria: CartCriteria, interest: Interest
) -> Market:
    """The market of these records, from memory while that holds and may be shown."""
    now = ctx.clock.now()
    currency, destination = criteria.budget.currency, criteria.destination
    key = ("sellers", owner, user, currency, destination)
    looked_for = tuple(
        (recommendation.release.id, recommendation.score) for recommendation in interest.recommended
    )
    home = accounts.preferences(ctx.db, owner).country
    mark = (listing_columns.market_mark(ctx.db, owner), now.date(), home, looked_for)

    def read() -> Market:
        return read_market(ctx, owner, user, criteria, interest)

    found = ctx.process.markets.recall(key, mark, read)
    if found.serves(criteria, now):
        return found
    ctx.process.markets.forget(key)
    return ctx.process.markets.recall(key, mark, read)


def _recommended(db: Database, owner: OwnerId, user: UserName) -> list[Recommendation]:
    run = results.latest_run(db, owner, user, RunKind.RECOMMEND.value)
    found = finished_as(db, owner, run, RecommendationResult) if run else None
    own_feedback = feedback.feedback(db, owner, user)
    recommendations = found.recommendations if found else ()
    left = (
        recommendation
        for recommendation in recommendations
        if recommendation.release.id not in own_feedback.bought | own_feedback.hidden
    )
    return [replace(recommendation, rank=rank, wanted=False) for rank, recommendation in enumerate(left, 1)]


def _interest(wants: Set[ReleaseId], recommended: Sequence[Recommendation]) -> Interest:
    best = max((recommendation.score for recommendation in recommended), default=1.0)
    wanted = [Recommendation(0, Release(id, f"Release {id}"), best, (), False, False) for id in sorted(wants)]
    others = [recommendation for recommendation in recommended if recommendation.release.id not in wants]
    ranked = [replace(recommendation, rank=rank) for rank, recommendation in enumerate([*wanted, *others], 1)]
    return Interest(tuple(ranked), {})


def _offering(copies: Copies) -> list[int]:
    return [int(seller) for seller in np.unique(copies.seller)]


def _carts(choice: EligibleCopies) -> dict[int, FoundCart]:
    """The best cart by seller, without shipping where it is not known."""
    found: dict[int, FoundCart] = {}
    for tariffs in (choice.tariffs, choice.others) if choice.others is not None else (choice.tariffs,):
        answer = best_carts(choice.copies, choice.rules, tariffs, top=len(choice.copies.sellers))
        found |= {cart.seller: cart for cart in answer.carts}
    return found


def _ranked(
    market: Market, choice: EligibleCopies, cart: FoundCart | None, seller: int, wants: Set[ReleaseId]
) -> RankedSeller:
    rows = np.flatnonzero(choice.copies.seller == seller)
    releases = {ReleaseId(int(id)) for id in choice.copies.release[rows]}
    return RankedSeller(
        seller=market.sellers[choice.copies.sellers[seller]],
        wanted=len(releases & wants),
        recommended=len(releases - wants),
        copies=len(rows),
        as_of=min(market.observed[int(choice.rows[row])] for row in rows),
        cart=None if cart is None else _cart(market, choice, cart, wants),
    )


def _cart(market: Market, choice: EligibleCopies, cart: FoundCart, wants: Set[ReleaseId]) -> BestCart:
    copies = choice.copies
    shipping = market.shipping[copies.sellers[cart.seller]]
    confidence = shipping.basis(len(cart.rows)).confidence
    return BestCart(
        copies=tuple(_copy(market, copies, row, wants) for row in cart.rows),
        total_minor=cart.total_minor,
        shipping_minor=cart.shipping_minor,
        with_shipping=choice.with_shipping and confidence is not Confidence.UNKNOWN,
        confidence=confidence,
        objective_micro=cart.objective_micro,
    )


def _copy(market: Market, copies: Copies, row: int, wants: Set[ReleaseId]) -> CopyInCart:
    id = ReleaseId(int(copies.release[row]))
    release = market.releases[id]
    name = " – ".join(part for part in (release.artist_text, release.title) if part)
    return CopyInCart(ListingId(int(copies.listing[row])), id, name, int(copies.price[row]), id in wants)
