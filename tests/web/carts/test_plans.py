"""The page of plans over several sellers: which sellers together?"""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.fakes import NASTY, USER, Instance, make_copy, make_record

from discogs_assistant.model.ids import ReleaseId, RunId, new_run_id
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.release import MarketStats
from discogs_assistant.model.shipping import (
    ANYWHERE,
    Band,
    ShippingMethod,
    ShippingPolicy,
    ShippingSource,
    ShippingUnit,
)
from discogs_assistant.pipelines.carts.plans_result import PlanProof, PurchasePlan
from discogs_assistant.store.market import price_floors, shipping_policies
from discogs_assistant.web.carts.plan_chart import chart_of


def post(instance: Instance, seller: str, first: int) -> None:
    """Say what a seller's parcels cost, of any size."""
    band = Band(Decimal(1), None, Decimal(first), Decimal(0))
    method = ShippingMethod("", ShippingUnit.ITEMS, (band,))
    policy = ShippingPolicy(seller, ANYWHERE, (method,), Currency.EUR, ShippingSource.ENTERED)
    shipping_policies.save_policy(instance.db, instance.owner, policy, instance.clock.now())


def planned(instance: Instance, **options: Any) -> RunId:
    """A run of carts whose wants, all of odd numbers, two sellers have between them."""
    instance.be(USER, currency=Currency.EUR, country="DE")
    post(instance, "near", 5)
    post(instance, "far<b>", 9)
    near = [make_copy(100 + id, make_record(id, NASTY if id == 11 else ""), "near", 1000) for id in (11, 13)]
    far = [make_copy(200 + id, make_record(id), "far<b>", 900, ships_from="US") for id in (13, 15, 17)]
    known = [Seller("near", ships_from="DE"), Seller("far<b>", ships_from="US")]
    return instance.carts([near, far], known, **options)


def replanned(instance: Instance, address: str) -> str:
    """The page of plans with changes, which a person asks for by a button."""
    browser = instance.browser()
    assert "No plans have been made with these changes yet." in browser.get(address).text
    assert browser.post(address).headers["location"] == address
    assert "Looking for the best plans" in browser.get(address).text
    instance.carry_out_plans(instance.queue.runs[-1])
    return browser.get(address).text


def test_the_parcels_of_the_cheapest_plan_are_shown_with_all_that_they_cost(instance: Instance) -> None:
    page = instance.browser().get(f"/carts/{planned(instance)}/plan").text
    for wanted in (
        "Which sellers together?",
        "4 of 4 wanted records in 2 parcels",
        "51.00 EUR",
        "15.00 EUR",
        "36.00 EUR",
        '<span class="badge">known</span>',
        "Typed in by you",
        'https://www.discogs.com/sell/cart/?add=213"',
        "proven best",
        "none brings as many records for less",
        "Germany",
        "across a customs border",
        "Data provided by Discogs.",
    ):
        assert wanted in page, wanted
    assert NASTY not in page


def test_a_plan_is_for_all_wants_where_carts_are_for_the_cheap_ones(instance: Instance) -> None:
    usual = MarketStats(ReleaseId(11), Money(1000, Currency.EUR), 1, False, instance.clock.now())
    price_floors.save_stats(instance.db, [usual])
    run = planned(instance, budget="9.50")
    page = instance.browser().get(f"/carts/{run}/plan").text
    assert "4 of 4 wanted records in 2 parcels" in page
    page = replanned(instance, f"/carts/{run}/plan?exclude_seller=near")
    assert "3 of 4 wanted records in 1 parcel" in page
    assert "1 wanted record that no known seller" in page


def test_another_answer_is_a_link_and_so_is_a_point_of_the_curve(instance: Instance) -> None:
    run = planned(instance)
    browser = instance.browser()
    assert f'/carts/{run}/plan?answer=fewest#parcels"' in browser.get(f"/carts/{run}/plan").text
    page = browser.get(f"/carts/{run}/plan?answer=fewest").text
    assert re.search(r'answer=fewest#parcels" aria-current="page"', page)
    assert "none brings the same records in fewer parcels" in page
    page = browser.get(f"/carts/{run}/plan?parcels=2").text
    assert "At most 2 parcels" in page


@pytest.mark.parametrize("query", ["answer=nonsense", "answer=", "parcels=-1", "parcels=99&answer=cheapest"])
def test_an_unknown_answer_shows_the_first(instance: Instance, query: str) -> None:
    page = instance.browser().get(f"/carts/{planned(instance)}/plan?{query}").text
    assert re.search(r'answer=cheapest#parcels" aria-current="page"', page)


def test_overrides_of_a_what_if_replan_and_stay_in_every_link(instance: Instance) -> None:
    run = planned(instance)
    page = replanned(instance, f"/carts/{run}/plan?exclude_seller=near")
    assert "3 of 4 wanted records in 1 parcel" in page
    assert f"/carts/{run}/plan?answer=most&amp;exclude_seller=near" in page
    assert f"/carts/{run}/plan.csv?answer=cheapest&amp;exclude_seller=near" in page
    assert f'href="/carts/{run}?exclude_seller=near"' in page


def test_the_csv_has_a_row_for_each_copy_of_a_plan(instance: Instance) -> None:
    text = instance.browser().get(f"/carts/{planned(instance)}/plan.csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sorted((row["parcel"], row["listing_id"], row["parcel_shipping"]) for row in rows) == [
        ("1", "213", "9.00"),
        ("1", "215", "9.00"),
        ("1", "217", "9.00"),
        ("2", "111", "5.00"),
    ]


def test_the_json_tells_the_plan_and_its_copies(instance: Instance) -> None:
    found = instance.browser().get(f"/carts/{planned(instance)}/plan.json?answer=fewest").json()
    assert found["plan"]["answer"] == "fewest"
    assert sorted(copy["listing_id"] for copy in found["copies"]) == [111, 213, 215, 217]


def test_a_plan_is_printed_with_all_its_records(instance: Instance) -> None:
    page = instance.browser().get(f"/carts/{planned(instance)}/plan/print?answer=most").text
    assert page.count('class="sheet"') == 2
    assert "Record 17" in page


def amounts_in(instance: Instance, address: str) -> set[str]:
    """What records and parcels of the plan cost, as far as an answer tells it."""
    text = re.sub(r"\?v=\w+", "", instance.browser().get(address).text)
    return {amount for amount in ("51.00", "5100", "36.00", "3600", "9.00", "10.00") if amount in text}


def test_past_their_age_no_plan_is_shown(instance: Instance) -> None:
    run = planned(instance)
    addresses = [f"/carts/{run}/{address}" for address in ("plan", "plan/print", "plan.csv", "plan.json")]
    assert all(amounts_in(instance, address) for address in addresses)
    instance.clock.moment += timedelta(hours=7)
    assert not any(amounts_in(instance, address) for address in addresses)
    assert "Prices expired." in instance.browser().get(f"/carts/{run}/plan").text


def test_where_nothing_is_wanted_the_page_says_what_a_plan_is(instance: Instance) -> None:
    instance.be(USER, currency=Currency.EUR, country="DE")
    run = instance.carts([[make_copy(112, make_record(12))]], [Seller("plattenkiste", ships_from="DE")])
    page = instance.browser().get(f"/carts/{run}/plan").text
    assert "A plan finds the sellers who together have what you want" in page
    assert f'href="/shop?from={run}"' in page


def test_wants_of_sellers_without_known_shipping_lead_to_typing_it_in(instance: Instance) -> None:
    instance.be(USER, currency=Currency.EUR, country="DE")
    post(instance, "near", 5)
    run = instance.carts(
        [
            [make_copy(111, make_record(11), "near")],
            [make_copy(213, make_record(13), "who?", 99_900, ships_from=None)],
        ],
        [Seller("near", ships_from="DE"), Seller("who?")],
    )
    page = instance.browser().get(f"/carts/{run}/plan").text
    assert "Only from sellers whose shipping is unknown" in page
    assert f'href="/shipping?seller=who%3F&amp;back=/carts/{run}/plan"' in page


def test_where_no_sellers_shipping_is_known_totals_say_so(instance: Instance) -> None:
    run = instance.carts([[make_copy(111, make_record(11), "who?", ships_from=None)]], [Seller("who?")])
    page = instance.browser().get(f"/carts/{run}/plan").text
    assert "These totals do not include shipping" in page


def test_another_persons_plan_is_not_to_be_seen(full_instance: Instance) -> None:
    assert full_instance.browser().get(f"/carts/{new_run_id()}/plan").status_code == 404


def plan_of(parcels: int, total_minor: int, covered: int) -> PurchasePlan:
    """A plan as far as the chart looks at it."""
    return PurchasePlan(
        answer="cheapest",
        currency=Currency.EUR,
        orders=(),
        parcels=parcels,
        total_minor=total_minor,
        score_sum_micro=0,
        wanted=covered,
        covered=covered,
        unavailable=(),
        left_out=(),
        proof=PlanProof(status="optimal", bound_minor=total_minor, gap=0.0),
    )


plans = st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 50)), min_size=2, max_size=12).map(
    lambda pairs: [plan_of(parcels, total, covered) for parcels, (total, covered) in enumerate(pairs, 1)]
)


@given(plans)
def test_the_chart_begins_at_zero_and_heights_are_amounts(curve: list[PurchasePlan]) -> None:
    chart = chart_of(curve, "EUR")
    assert chart is not None
    base, zero = chart.ticks[0]
    assert zero == 0
    assert 2 <= len(chart.ticks) <= 12
    per_minor = (base - chart.ticks[-1][0]) / chart.ticks[-1][1]
    for point in chart.points:
        assert base - point.y == pytest.approx(point.plan.total_minor * per_minor, abs=0.11)
        assert chart.left < point.x < chart.right
    assert [point.whole for point in chart.points].count(True) >= 1


def test_a_single_point_is_no_chart() -> None:
    assert chart_of([plan_of(1, 5, 1)], "EUR") is None
