"""Copies at unusual prices are flagged, and bought by no plan and not as the cheapest unless asked for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.pipelines.installation import Installation

from discogs_assistant.model.grade import Grade
from discogs_assistant.model.ids import ListingId, ReleaseId
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.answer import fresh_answer, store_basis
from discogs_assistant.pipelines.carts.interest import Interest
from discogs_assistant.pipelines.carts.plans import open_plans
from discogs_assistant.pipelines.carts.shop import criteria_of
from discogs_assistant.pipelines.market.inventory_reading import EVERYBODY
from discogs_assistant.pipelines.runtime.results.documents import printed
from discogs_assistant.store.market import exchange_rates, listings

CHEAP, USUAL = 1, (2, 3, 4, 5)
WANTED = {ReleaseId(1): 1.0, ReleaseId(2): 0.2}


@pytest.fixture
def market(installation: Installation) -> Installation:
    """Release 1 for 1.00 from one seller and about 10.00 from four others, who have release 2 for 5.00."""
    now = installation.clock.now()
    prices = {CHEAP: 100} | {id: 1000 + id for id in USUAL}
    copies = [_copy(id, 1, f"shop_{id}", price, now) for id, price in prices.items()]
    copies += [_copy(10 + id, 2, f"shop_{id}", 500, now) for id in USUAL]
    shops = [Seller(f"shop_{id}") for id in prices]
    listings.save_listings(installation.ctx.db, EVERYBODY, copies, shops)
    return installation


def _copy(id: int, release: int, seller: str, minor: int, now: Any) -> Listing:
    price = Money(minor, Currency.EUR)
    return Listing(
        ListingId(id), ReleaseId(release), seller, price, now, Origin.INVENTORY, media=Grade.VERY_GOOD_PLUS
    )


def found(installation: Installation, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The carts of both wants, and their plans."""
    asked = {"budget": "60", "currency": "EUR", "ratio": 1, **options}
    run = installation.open(RunKind.SHOP, "someone", **asked)
    basis = store_basis(installation.ctx.db, run, Interest((), WANTED), ())
    _, carts = fresh_answer(installation.ctx, run, criteria_of(run), basis.interest)
    plans = installation.plans_of({"plans_run": open_plans(installation.ctx, run).id})
    assert plans is not None
    return printed(carts), plans


def named(document: dict[str, Any], name: str) -> list[int]:
    """The copies of a named answer."""
    [cart] = [answer["cart"] for answer in document["named"] if answer["name"] == name]
    return list(cart["listing_ids"])


def bought(plans: dict[str, Any]) -> set[int]:
    """The copies of the cheapest plan."""
    return {id for order in plans["cheapest"]["orders"] for id in order["listing_ids"]}


def test_an_unusual_copy_is_flagged_beside_the_usual_price(market: Installation) -> None:
    document, _ = found(market)
    lines = {line["listing_id"]: line for cart in document["carts"] for line in cart["lines"]}
    assert (lines[CHEAP]["unusual"], lines[CHEAP]["usual_minor"]) == ("cheap", 1003)
    assert {lines[id]["unusual"] for id in USUAL} == {None}


def test_it_is_not_the_cheapest_cart_and_in_no_plan(market: Installation) -> None:
    document, plans = found(market)
    assert CHEAP not in named(document, "cheapest")
    assert bought(plans) == {2, 12}


def test_it_is_where_it_was_asked_for(market: Installation) -> None:
    document, plans = found(market, unusual_prices=True)
    assert named(document, "cheapest") == [CHEAP]
    assert CHEAP in bought(plans)


def test_a_required_record_may_be_bought_at_any_price(market: Installation) -> None:
    document, plans = found(market, must=[1])
    assert CHEAP in named(document, "cheapest")
    assert CHEAP in bought(plans)


def test_the_best_bargains_are_beside_what_the_records_usually_cost(market: Installation) -> None:
    document, _ = found(market)
    assert named(document, "best_bargains") == [CHEAP]


def test_a_copy_without_a_known_rate_makes_no_other_unusual(market: Installation) -> None:
    now = market.clock.now()
    unpriced = [
        replace(_copy(30 + id, 2, f"shop_{id}", 500, now), price=Money(500, Currency.ZAR)) for id in range(9)
    ]
    shops = [Seller(f"shop_{id}") for id in range(9)]
    listings.save_listings(market.ctx.db, EVERYBODY, unpriced, shops)
    exchange_rates.save_rates(market.ctx.db, now.date(), "test", {Currency.EUR: Decimal(1)})
    document, plans = found(market)
    assert document["excluded"] == {"currency": 9}
    assert bought(plans) == {2, 12}


def test_what_scores_below_the_least_love_is_left_out_unless_required(market: Installation) -> None:
    document, plans = found(market, min_love="0.5")
    assert {line["release_id"] for cart in document["carts"] for line in cart["lines"]} == {1}
    assert {want["release_id"] for want in plans["wants"]} == {1}
    document, _ = found(market, min_love="0.5", must=[2])
    assert 2 in {line["release_id"] for cart in document["carts"] for line in cart["lines"]}
