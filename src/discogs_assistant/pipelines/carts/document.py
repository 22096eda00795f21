"""The finished carts as a typed document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from discogs_assistant.engine.carts.best_carts import CartAnswer, FoundCart
from discogs_assistant.model.ids import ListingId, ReleaseId
from discogs_assistant.pipelines.carts.lines import ShownCopies, shown_copies
from discogs_assistant.pipelines.carts.result import (
    CandidateCounts,
    Cart,
    CartsResult,
    LeftOutCopy,
    NamedCart,
    PriceFloor,
    SearchProof,
    SoldElsewhere,
    UnknownShipping,
)
from discogs_assistant.pipelines.carts.search import CartSearch
from discogs_assistant.pipelines.carts.sentences import NAMED_WHY, Comparison, why_sentence
from discogs_assistant.pipelines.runtime.context import Context

_MOST_ELSEWHERE = 30


def carts_document(ctx: Context, search: CartSearch) -> CartsResult:
    """The document of cli.md's `carts`, with all that a cart's card shows.

    `MarketChangedError` where a copy has changed since the market was read.
    """
    rows = {row for cart in search.answers.shown for row in cart.rows}
    copies = shown_copies(ctx, search.market, search.choice, search.request.criteria, rows)
    market, choice, criteria = search.market, search.choice, search.request.criteria
    elsewhere = _elsewhere(search)
    answers = search.answers
    shown = [cart.seller for cart in answers.shown]
    return CartsResult(
        user=search.request.user,
        made_at=search.made_at,
        prices_as_of=_oldest(search, copies, elsewhere),
        criteria=criteria,
        budget_minor=criteria.budget.minor,
        currency=criteria.budget.currency,
        listings=choice.read,
        eligible=len(choice.rows),
        sellers_with_offers=int(np.count_nonzero(np.bincount(choice.copies.seller))),
        excluded=dict(choice.excluded),
        candidates=_candidate_counts(search),
        carts=_carts(search, copies, answers.carts.carts, "any other seller", choice.with_shipping),
        unknown_shipping=UnknownShipping(
            _carts(search, copies, answers.apart, "others without known shipping", False),
            _proof(answers.unknown),
        ),
        named=tuple(_named(search, copies, name, cart) for name, cart in answers.named.items()),
        sellers=copies.sellers(shown),
        not_shipping=_not_shipping(search),
        elsewhere=elsewhere,
        releases=copies.releases(_mentioned(search, elsewhere)),
        rates=market.rates,
        proof=_proof(answers.carts),
        partial=tuple(search.partial),
        lasting=tuple(search.lasting),
        load_ms=round(search.load_ms, 1),
        solve_ms=round(search.solve_ms, 1),
    )


def _proof(answer: CartAnswer | None) -> SearchProof:
    """A missing answer is no gap: there was nothing to look for."""
    if answer is None:
        return SearchProof("optimal", 0.0)
    return SearchProof("optimal" if answer.optimal else "within", answer.gap)


def _carts(
    search: CartSearch, copies: ShownCopies, carts: Sequence[FoundCart], rivals: str, counted: bool
) -> tuple[Cart, ...]:
    best = carts[0].objective_micro if carts else 0
    return tuple(
        _cart(search, copies, cart, Comparison(rank, best, rivals), counted)
        for rank, cart in enumerate(carts, 1)
    )


def _named(search: CartSearch, copies: ShownCopies, name: str, cart: FoundCart) -> NamedCart:
    rank = next((place for place, other in enumerate(search.answers.carts.carts, 1) if other == cart), None)
    place = Comparison(rank, 0, "", why=NAMED_WHY[name])
    return NamedCart(name, _cart(search, copies, cart, place, search.choice.with_shipping))


def _cart(search: CartSearch, shown: ShownCopies, cart: FoundCart, place: Comparison, counted: bool) -> Cart:
    copies, budget = search.choice.copies, search.request.criteria.budget
    lines = tuple(
        shown.line(row) for row in sorted(cart.rows, key=lambda row: (-int(copies.score[row]), row))
    )
    wanted = sum(line.origin == "wanted" for line in lines)
    return Cart(
        rank=place.rank,
        seller=copies.sellers[cart.seller],
        listing_ids=tuple(ListingId(int(copies.listing[row])) for row in cart.rows),
        items=len(cart.rows),
        wanted=wanted,
        score_sum_micro=cart.score_micro,
        objective_micro=cart.objective_micro,
        merchandise_minor=cart.merchandise_minor,
        shipping_minor=cart.shipping_minor,
        total_minor=cart.total_minor,
        left_minor=budget.minor - cart.total_minor,
        proof=str(cart.proof),
        bound_micro=cart.bound_micro,
        shipping=shown.shipping(cart.seller, cart.rows, counted),
        min_order=shown.min_order(cart.seller, cart.rows),
        to_free_shipping=shown.to_free_shipping(cart.seller, search.to_free[cart]),
        charges=shown.charges(cart.seller, cart.merchandise_minor, cart.shipping_minor),
        customs=shown.customs(cart.seller, cart.rows),
        why=place.why or why_sentence(cart, wanted, budget.currency, place),
        lines=lines,
        left_out=_left_out(search, cart),
    )


def _left_out(search: CartSearch, cart: FoundCart) -> tuple[LeftOutCopy, ...]:
    copies = search.choice.copies
    return tuple(
        LeftOutCopy(
            listing_id=ListingId(int(copies.listing[copy.row])),
            release_id=ReleaseId(int(copies.release[copy.row])),
            price_minor=int(copies.price[copy.row]),
            why=copy.why,
        )
        for copy in search.beside[cart]
    )


def _candidate_counts(search: CartSearch) -> CandidateCounts:
    candidates, levels = search.choice.candidates, search.market.levels
    origins = [candidate.origin for candidate in candidates.values()]
    return CandidateCounts(
        wanted=origins.count("wanted"),
        recommended=origins.count("recommended"),
        for_sale=sum(1 for id in candidates if (level := levels.get(id)) is not None and level.copies),
        too_dear=search.choice.too_dear,
    )


def _not_shipping(search: CartSearch) -> tuple[str, ...]:
    """By name; where shipping does not count towards the budget, too."""
    offering = np.unique(search.choice.copies.seller).tolist()
    tariffs, names = search.market.tariffs, search.choice.copies.sellers
    blocked = [tariff is not None and not tariff.methods for tariff in tariffs]
    return tuple(names[seller] for seller in offering if blocked[seller])


def _elsewhere(search: CartSearch) -> tuple[SoldElsewhere, ...]:
    """Candidates that no known seller has, with Discogs' own price floor and the list of their copies."""
    found = []
    for id, candidate in search.choice.candidates.items():
        floor, level = PriceFloor.of(search.market.floors.get(id)), search.market.levels.get(id)
        if floor is None or (level is not None and level.copies):
            continue
        found.append(
            SoldElsewhere(
                release_id=id,
                lowest=floor.lowest,
                for_sale=floor.for_sale,
                as_of=floor.as_of,
                origin=candidate.origin,
                link=search.market.links.copies(id),
            )
        )
    return tuple(found[:_MOST_ELSEWHERE])


def _mentioned(search: CartSearch, elsewhere: Sequence[SoldElsewhere]) -> set[int]:
    """The releases that the carts mention."""
    release = search.choice.copies.release
    rows = {row for cart in search.answers.shown for row in cart.rows}
    rows |= search.rows_beside
    return {int(release[row]) for row in rows} | {record.release_id for record in elsewhere}


def _oldest(search: CartSearch, copies: ShownCopies, elsewhere: Sequence[SoldElsewhere]) -> datetime | None:
    """When the oldest price or shipping shown was reported; a reason for no cart may depend on any copy's."""
    rows = search.choice.rows
    mentions_prices = search.partial != search.lasting
    beside = range(len(rows)) if mentions_prices else search.rows_beside
    moments = copies.moments(cart.seller for cart in search.answers.shown)
    moments += [search.market.observed[int(rows[row])] for row in beside]
    moments += [record.as_of for record in elsewhere]
    return min(moments, default=None)
