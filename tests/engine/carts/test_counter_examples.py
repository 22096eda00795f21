"""Small markets on which a rule that looks right is wrong: each kept as a test of its own."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.checker.cart_oracle import Offer
from tests.checker.plan_oracle import Copy, Want
from tests.checker.shipping import Band, Method, ShippingTerms
from tests.engine.carts.columns import copies_of, tariffs_of, wants_of

from discogs_assistant.engine.carts.best_carts import best_carts
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.plans.best_plan import Plan, best_plan
from discogs_assistant.engine.plans.rules import PlanRules, Question

USD = Fraction(100)


def band(low: str, high: str | None, cost: str, per_unit: str = "0") -> Band:
    return Band(Decimal(low), None if high is None else Decimal(high), Decimal(cost), Decimal(per_unit))


def method(unit: str, *bands: Band) -> Method:
    return Method(unit, bands)


def terms(*methods: Method, free_from: str | None = None, min_order: str | None = None) -> ShippingTerms:
    least, free = (None if limit is None else Decimal(limit) for limit in (min_order, free_from))
    return ShippingTerms(methods, "USD", 2, USD, least, free)


def free_from(value: str, below: str, cost: str) -> ShippingTerms:
    return terms(method("value", band("0", below, cost), band(value, None, "0")))


def items(cost: str, per_unit: str = "0") -> ShippingTerms:
    return terms(method("items", band("1", None, cost, per_unit)))


def offer(listing: int, release: int, price: int, score: int = 10**6, grams: int = 230) -> Offer:
    return Offer(listing, "x", release, release, price, price, score, grams)


def cart(offers: list[Offer], budget: int, shipping: ShippingTerms | None) -> tuple[list[int], int]:
    """Listings and total of the best cart."""
    copies = copies_of(offers)
    found = best_carts(
        copies, Rules(budget), tariffs_of(copies, None if shipping is None else {"x": shipping})
    ).carts[0]
    return [offers[row].listing for row in found.rows], found.total_minor


def plan(
    copies: list[Copy], wants: list[Want], rules: PlanRules, shipping_terms: dict[str, ShippingTerms] | None
) -> Plan:
    columns = copies_of(copies)
    return best_plan(columns, wants_of(wants), rules, tariffs_of(columns, shipping_terms))


def test_a_dearer_copy_that_reaches_free_shipping_makes_room_for_another_record() -> None:
    offers = [offer(1, 1, 2400), offer(2, 1, 2500), offer(3, 2, 2500)]
    assert cart(offers, 5000, free_from("50", "49.99", "6")) == ([2, 3], 5000)


def test_a_copy_no_cheaper_and_no_better_may_reach_what_is_free() -> None:
    offers = [offer(1, 1, 2400), offer(2, 2, 2500), offer(3, 3, 2500, score=900_000)]
    by_items = terms(method("items", band("1", None, "6")), free_from="50")
    assert cart(offers, 5000, by_items) == ([2, 3], 5000)


def test_what_is_free_still_has_to_be_carried() -> None:
    offers = [offer(1, 1, 2400), offer(2, 2, 2500), offer(3, 3, 2500)]
    light = terms(method("grams", band("0", "460", "6")), free_from="50")
    assert cart(offers, 9000, light) == ([2, 3], 5000)
    assert cart(offers, 9000, terms(method("grams", band("0", "459", "6")), free_from="50")) == ([1], 3000)


def test_a_method_that_is_dearer_for_few_records_is_the_cheaper_one_for_many() -> None:
    offers = [offer(n, n, 100) for n in range(1, 5)]
    letter, parcel = method("items", band("1", "2", "1", "1")), method("items", band("1", None, "3"))
    assert cart(offers, 700, terms(letter, parcel)) == ([1, 2, 3, 4], 700)
    assert cart(offers[:1], 700, terms(letter, parcel)) == ([1], 200)


def test_a_method_by_grams_carries_what_a_method_by_items_does_not() -> None:
    offers = [offer(n, n, 100, score=10 - n) for n in range(1, 5)]
    by_items, by_grams = method("items", band("1", "2", "1")), method("grams", band("0", "690", "2"))
    assert cart(offers, 600, terms(by_items, by_grams)) == ([1, 2, 3], 500)


def test_of_carts_that_are_worth_nothing_the_cheapest_may_be_in_a_band_of_a_lower_bound() -> None:
    # The last band alone may hold the one scored record, with a bound above 0; its best cart is worth 0 too.
    bands = (band("0.01", "0.06", "0"), band("0.06", "0.16", "0"), band("0.22", None, "0"))
    offers = [offer(1, 1, 8, 0), offer(2, 2, 14, 0), offer(3, 4, 21, 5)]
    assert cart(offers, 22, terms(method("value", *bands))) == ([1], 8)


def test_a_dearer_but_lighter_copy_makes_room_for_another_record() -> None:
    offers = [offer(1, 1, 1000, grams=460), offer(2, 1, 1100, grams=230), offer(3, 2, 1000, grams=230)]
    bands = (band("0", "460", "4"), band("461", None, "20"))
    assert cart(offers, 2500, terms(method("grams", *bands))) == ([2, 3], 2500)


def test_more_of_a_worse_record_beats_the_best_sum_of_scores() -> None:
    offers = [offer(1, 1, 1000, score=10), offer(2, 2, 500, score=4), offer(3, 3, 500, score=4)]
    assert cart(offers, 1000, None) == ([2, 3], 1000)


def test_one_more_record_in_a_cheaper_band_is_not_refused_for_the_band_before_it() -> None:
    offers = [offer(n, n, 100) for n in range(1, 5)]
    bands = (band("1", "3", "10"), band("4", None, "1"))
    assert cart(offers, 500, terms(method("items", *bands))) == ([1, 2, 3, 4], 500)


def test_the_whole_stock_is_not_taken_where_it_cannot_be_sent() -> None:
    offers = [offer(1, 1, 100), offer(2, 2, 100), offer(3, 3, 100, score=1)]
    bands = (band("1", "2", "1"),)
    assert cart(offers, 10_000, terms(method("items", *bands))) == ([1, 2], 300)


def test_an_offer_dearer_than_buying_it_elsewhere_alone_may_still_reach_free_shipping() -> None:
    copies = [Copy(1, "x", 1, 4400, 4400), Copy(2, "x", 2, 1000, 1000), Copy(3, "y", 1, 4100, 4100)]
    shipping_terms = {"x": free_from("50", "49.99", "10"), "y": items("2")}
    found = plan(copies, [Want(1), Want(2)], PlanRules(Question.CHEAPEST), shipping_terms)
    assert (found.total_minor, found.proof) == (5400, "optimal")


def test_an_offer_dearer_than_elsewhere_alone_may_reach_a_minimum_order() -> None:
    copies = [Copy(1, "x", 1, 4400, 4400), Copy(2, "x", 2, 1000, 1000), Copy(3, "y", 1, 4100, 4100)]
    x = terms(method("items", band("1", None, "0")), min_order="50")
    found = plan(copies, [Want(1), Want(2)], PlanRules(Question.CHEAPEST), {"x": x, "y": items("2")})
    assert (found.total_minor, len(found.covered)) == (5400, 2)


def test_an_offer_dearer_than_elsewhere_alone_is_needed_where_one_parcel_is_allowed() -> None:
    copies = [Copy(1, "x", 1, 4400, 4400), Copy(2, "x", 2, 1000, 1000), Copy(3, "y", 1, 1000, 1000)]
    found = plan(
        copies,
        [Want(1), Want(2)],
        PlanRules(Question.CHEAPEST, max_sellers=1),
        {"x": items("1"), "y": items("1")},
    )
    assert (found.total_minor, len(found.covered)) == (5500, 2)


def test_an_offer_dearer_than_elsewhere_alone_is_the_second_copy() -> None:
    copies = [Copy(1, "x", 1, 4400, 4400), Copy(2, "y", 1, 1000, 1000)]
    found = plan(
        copies, [Want(1, copies=2)], PlanRules(Question.CHEAPEST), {"x": items("1"), "y": items("1")}
    )
    assert (found.total_minor, len(found.covered)) == (5600, 1)


def test_a_saving_of_a_cent_in_a_million_is_found() -> None:
    copies = [
        Copy(1, "x", 1, 100_000_000, 100_000_000),
        Copy(2, "x", 2, 100_000_000, 100_000_000),
        Copy(3, "y", 1, 99_999_999, 99_999_999),
        Copy(4, "z", 2, 99_999_999, 99_999_999),
    ]
    shipping_terms = {"x": items("0.03"), "y": items("0.02"), "z": items("0.02")}
    found = plan(copies, [Want(1), Want(2)], PlanRules(Question.CHEAPEST), shipping_terms)
    assert found.total_minor == 200_000_002
    dearer = shipping_terms | {"x": items("0.01")}
    assert plan(copies, [Want(1), Want(2)], PlanRules(Question.CHEAPEST), dearer).total_minor == 200_000_001


def test_a_budget_may_be_spent_to_the_cent_and_not_beyond() -> None:
    copies = [Copy(1, "x", 1, 99_999_999, 99_999_999), Copy(2, "x", 2, 1, 1)]
    rules = PlanRules(Question.MOST, budget_minor=100_000_000)
    assert plan(copies, [Want(1), Want(2)], rules, None).total_minor == 100_000_000
    poorer = PlanRules(Question.MOST, budget_minor=99_999_999)
    assert plan(copies, [Want(1), Want(2, score=999_999)], poorer, None).covered == (0,)


def test_a_group_split_over_sellers_is_bought_once() -> None:
    copies = [Copy(1, "x", 1, 500, 500), Copy(2, "y", 2, 400, 400)]
    wants = [Want(1, group=1), Want(2, group=1)]
    found = plan(copies, wants, PlanRules(Question.MOST, budget_minor=10_000), None)
    assert (found.total_minor, len(found.parcels)) == (400, 1)
