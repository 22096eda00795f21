"""The finished carts as a JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from discogs_assistant.engine.carts import CartAnswer, FoundCart
from discogs_assistant.pipelines.cart_choice import Choice
from discogs_assistant.pipelines.cart_lines import Told, floor_json
from discogs_assistant.pipelines.cart_options import cart_criteria_json
from discogs_assistant.pipelines.cart_search import CartSearch
from discogs_assistant.pipelines.cart_words import NAMED_WHY, Comparison, why_sentence
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.exchange import rates_json
from discogs_assistant.pipelines.plan_document import PlanPart, plan_part
from discogs_assistant.pipelines.plan_search import Plans

_MOST_ELSEWHERE = 30


def carts_document(ctx: Context, search: CartSearch, plans: Plans | None = None) -> dict[str, Any]:
    """The document of cli.md's `carts`, with all that a cart's card shows, and the plans.

    `MarketMovedError` where a copy has changed since the market was read.
    """
    told = _told(ctx, search, search.choice, {row for cart in search.answers.shown for row in cart.rows})
    planned = PlanPart() if plans is None else plan_part(plans, _told(ctx, search, plans.choice, plans.rows))
    market, choice, criteria = search.market, search.choice, search.wishes.criteria
    elsewhere = _elsewhere(search)
    answers = search.answers
    shown = [cart.seller for cart in answers.shown]
    return {
        "user": search.wishes.user,
        "made_at": search.made_at.isoformat(),
        "prices_as_of": _oldest(search, told, planned, elsewhere),
        "criteria": cart_criteria_json(criteria),
        "budget_minor": criteria.budget.minor,
        "currency": str(criteria.budget.currency),
        "listings": choice.read,
        "eligible": len(choice.rows),
        "sellers_with_offers": int(np.count_nonzero(np.bincount(choice.copies.seller))),
        "excluded": dict(choice.excluded),
        "candidates": _candidate_counts(search),
        "carts": _carts_json(search, told, answers.carts.carts, "any other seller", choice.posted),
        "unknown_shipping": {
            "carts": _carts_json(search, told, answers.apart, "others without known postage", False),
            "proof": _proof(answers.unknown),
        },
        "named": [_named_json(search, told, name, cart) for name, cart in answers.named.items()],
        "plans": planned.plans,
        "sellers": told.sellers([*shown, *(plans.sellers if plans else ())]),
        "elsewhere": elsewhere,
        "releases": {**told.releases(_mentioned(search, elsewhere)), **planned.releases},
        "rates": rates_json(market.rates),
        "proof": _proof(answers.carts),
        "partial": list(search.partial),
        "lasting": list(search.lasting),
        "load_ms": round(search.load_ms, 1),
        "solve_ms": round(search.solve_ms, 1),
    }


def _told(ctx: Context, search: CartSearch, choice: Choice, rows: Iterable[int]) -> Told:
    """All that is told of the copies in `rows` of the choice."""
    rows = sorted(rows)
    found = search.market.listings(ctx, (int(choice.rows[row]) for row in rows))
    listings = {row: found[int(choice.rows[row])] for row in rows}
    return Told(search.market, choice, listings, search.wishes.criteria.destination)


def _proof(answer: CartAnswer | None) -> dict[str, Any]:
    """No answer is no gap: there was nothing to look for."""
    return {
        "status": "optimal" if answer is None or answer.optimal else "within",
        "gap": 0.0 if answer is None else answer.gap,
    }


def _carts_json(
    search: CartSearch, told: Told, carts: Sequence[FoundCart], rivals: str, counted: bool
) -> list[dict[str, Any]]:
    best = carts[0].objective_micro if carts else 0
    return [
        _cart_json(search, told, cart, Comparison(rank, best, rivals), counted)
        for rank, cart in enumerate(carts, 1)
    ]


def _named_json(search: CartSearch, told: Told, name: str, cart: FoundCart) -> dict[str, Any]:
    rank = next((place for place, other in enumerate(search.answers.carts.carts, 1) if other == cart), None)
    document = _cart_json(search, told, cart, Comparison(rank, 0, ""), search.choice.posted)
    return {"name": name, "cart": {**document, "why": NAMED_WHY[name]}}


def _cart_json(
    search: CartSearch, told: Told, cart: FoundCart, place: Comparison, counted: bool
) -> dict[str, Any]:
    copies, budget = search.choice.copies, search.wishes.criteria.budget
    lines = [told.line(row) for row in sorted(cart.rows, key=lambda row: (-int(copies.score[row]), row))]
    wanted = sum(line["origin"] == "wanted" for line in lines)
    return {
        "rank": place.rank,
        "seller": copies.sellers[cart.seller],
        "listing_ids": [int(copies.listing[row]) for row in cart.rows],
        "items": len(cart.rows),
        "wanted": wanted,
        "score_sum_micro": cart.score_micro,
        "objective_micro": cart.objective_micro,
        "merchandise_minor": cart.merchandise_minor,
        "shipping_minor": cart.shipping_minor,
        "total_minor": cart.total_minor,
        "left_minor": budget.minor - cart.total_minor,
        "proof": str(cart.proof),
        "bound_micro": cart.bound_micro,
        **told.parcel(cart.seller, cart.rows, counted),
        "why": why_sentence(cart, wanted, budget.currency, place),
        "lines": lines,
        "left_out": [
            {
                "listing_id": int(copies.listing[one.row]),
                "release_id": int(copies.release[one.row]),
                "price_minor": int(copies.price[one.row]),
                "why": one.why,
            }
            for one in search.beside[cart]
        ],
    }


def _candidate_counts(search: CartSearch) -> dict[str, int]:
    candidates, levels = search.choice.candidates, search.market.levels
    origins = [candidate.origin for candidate in candidates.values()]
    return {
        "wanted": origins.count("wanted"),
        "recommended": origins.count("recommended"),
        "for_sale": sum(1 for id in candidates if (level := levels.get(id)) is not None and level.copies),
        "too_dear": search.choice.too_dear,
    }


def _elsewhere(search: CartSearch) -> list[dict[str, Any]]:
    """Candidates of which no seller is known, with Discogs' own price floor and the list of their copies."""
    found = []
    for id, candidate in search.choice.candidates.items():
        floor, level = search.market.floors.get(id), search.market.levels.get(id)
        if floor is None or floor.lowest is None or (level is not None and level.copies):
            continue
        found.append(
            {
                "release_id": int(id),
                **floor_json(floor),
                "origin": candidate.origin,
                "link": search.market.links.copies(id),
            }
        )
    return found[:_MOST_ELSEWHERE]


def _mentioned(search: CartSearch, elsewhere: Sequence[dict[str, Any]]) -> set[int]:
    """The releases of which the carts tell something."""
    release = search.choice.copies.release
    rows = {row for cart in search.answers.shown for row in cart.rows}
    rows |= search.rows_beside
    return {int(release[row]) for row in rows} | {one["release_id"] for one in elsewhere}


def _oldest(
    search: CartSearch, told: Told, planned: PlanPart, elsewhere: Sequence[dict[str, Any]]
) -> str | None:
    """When the oldest price of the document was told; a reason for no cart may rest on any copy's."""
    rows = search.choice.rows
    tells_prices = search.partial != search.lasting
    beside = range(len(rows)) if tells_prices else search.rows_beside
    moments = [*(listing.as_of for listing in told.listings.values()), *planned.moments]
    moments += [search.market.told[int(rows[row])] for row in beside]
    moments += [datetime.fromisoformat(one["as_of"]) for one in elsewhere]
    return min(moments).isoformat() if moments else None
