"""The pages that ask for carts and show them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.web.fakes import NASTY, USER, Instance, check_of, make_copy, make_record, synced

from discogs_assistant.model.grade import Grade
from discogs_assistant.model.ids import RunId, new_run_id
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.run import RunKind
from discogs_assistant.model.shipping import Confidence
from discogs_assistant.pipelines.carts.result import (
    Cart,
    CheckedCopy,
    CopyState,
    MinimumOrder,
    ParcelShipping,
)
from discogs_assistant.store.market import exchange_rates
from discogs_assistant.store.runs import runs


def cart_run(instance: Instance) -> RunId:
    """The run of the finished carts."""
    return instance.newest_run("carts")


def test_a_card_holds_all_that_a_person_wants_to_know(full_instance: Instance) -> None:
    page = full_instance.browser().get(f"/carts/{cart_run(full_instance)}").text
    for wanted in (
        "2 carts within 100.00 EUR",
        "Best loved",
        "62.50 EUR",
        "sent to Germany",
        "37.50 EUR left of 100.00 EUR",
        "99.8 % of 1,234 ratings",
        "minimum order 20.00 EUR",
        "15.99 EUR",
        "19.99 USD",
        "offers allowed",
        "lowest known",
        'https://www.discogs.com/sell/cart/?add=111"',
        "proven best for this seller",
        "across a customs border",
        "12 for the record&#39;s condition, 3 for the price",
        "1 USD = 0.8 EUR",
        "One of three sellers could not be reached.",
        "Data provided by Discogs.",
        "https://www.discogs.com/seller/vinyl%3Cb%3E/profile",
    ):
        assert wanted in page, wanted
    assert NASTY not in page


def with_carts(instance: Instance, *changes: dict[str, Any], apart: tuple[dict[str, Any], ...] = ()) -> str:
    """The page of the finished carts with what is changed of each, some of them put apart."""
    found = instance.carts_found()
    base = found.carts[0]

    def carts(*changes: dict[str, Any]) -> tuple[Cart, ...]:
        return tuple(replace(base, **{"rank": rank, **change}) for rank, change in enumerate(changes, 1))

    unknown = replace(found.unknown_shipping, carts=carts(*apart))
    changed = replace(found, carts=carts(*changes), named=(), unknown_shipping=unknown)
    return f"/carts/{instance.finish(instance.open_run(RunKind.SHOP), changed)}"


def shipping(status: Confidence, minor: int | None, *, counted: bool) -> ParcelShipping:
    """What a cart's shipping costs."""
    return ParcelShipping(
        status=status,
        source=None,
        minor=minor,
        currency=Currency.EUR,
        method=None,
        sentence=f"It is {status}.",
        text=None,
        in_budget=counted,
    )


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (shipping(Confidence.KNOWN, 600, counted=True), "62.50 EUR for 5 records + 6.00 EUR shipping <span"),
        (
            shipping(Confidence.ESTIMATED, 600, counted=False),
            "62.50 EUR for 5 records, 6.00 EUR shipping on top <span",
        ),
        (shipping(Confidence.UNKNOWN, None, counted=False), "62.50 EUR for 5 records, shipping <span"),
    ],
)
def test_under_the_total_stand_records_shipping_and_how_sure_it_is(
    full_instance: Instance, found: ParcelShipping, expected: str
) -> None:
    total = 6250 + (600 if found.in_budget else 0)
    change = {"shipping": found, "total_minor": total, "left_minor": 10_000 - total}
    page = full_instance.browser().get(with_carts(full_instance, change)).text
    assert expected in page
    assert f"{found.status}</span></span></div>" in page
    assert f'<progress value="{total}" max="10000"' in page
    assert found.sentence in page
    assert ("/shipping?seller=plattenkiste" in page) == (found.status != "known")
    assert ("None of these totals includes shipping" in page) == (found.status == "unknown")


@pytest.mark.parametrize(
    ("found", "badge", "expected"),
    [
        ({"proof": "optimal"}, "proven best for this seller", "compared every possible choice"),
        (
            {"proof": "within", "objective_micro": 1000, "bound_micro": 1021},
            "within 3 % of the best",
            "but by 3 % at most",
        ),
        (
            {"proof": "within", "objective_micro": 0, "bound_micro": 5},
            "best found, not proven",
            "Another choice may be better.",
        ),
    ],
    ids=["proven", "within", "worthless"],
)
def test_two_sentences_say_how_sure_a_cart_is_to_be_the_best(
    full_instance: Instance, found: dict[str, Any], badge: str, expected: str
) -> None:
    page = full_instance.browser().get(with_carts(full_instance, found)).text
    assert badge in page
    assert expected in page
    said = re.search(r"<p>([^<]*(?:we stopped|We compared)[^<]*)</p>", page)
    assert said is not None
    assert said[1].count(".") == 2


def test_carts_of_unknown_shipping_are_listed_separately_with_a_way_to_type_it_in(
    full_instance: Instance,
) -> None:
    browser = full_instance.browser()
    address = with_carts(full_instance, {}, apart=({"seller": "vinyl<b>"},))
    page = browser.get(address).text
    assert page.index('id="unknown"') > page.index('id="cart-1"')
    assert f'href="{address}/cart/unknown_1">vinyl&lt;b&gt;' in page
    assert "/shipping?seller=vinyl%3Cb%3E&amp;back=/carts/" in page
    assert browser.get(f"{address}/cart/unknown_1").status_code == 200


def test_what_a_cart_is_short_of_its_sellers_minimum_order_is_said(full_instance: Instance) -> None:
    short = {"min_order": MinimumOrder(minor=8000, currency=Currency.EUR, short_minor=1750)}
    assert "17.50 EUR short of the seller&#39;s minimum order" in full_instance.browser().get(
        with_carts(full_instance, short)
    ).text.replace("seller's", "seller&#39;s")


def test_after_the_twentieth_cart_the_list_leads_to_pages_of_their_own(full_instance: Instance) -> None:
    address = with_carts(full_instance, *[{} for _ in range(200)])
    page = full_instance.browser().get(address).text
    assert page.count("<article") == 20
    assert 'href="#cart-20"' in page
    assert f'href="{address}/cart/21"' in page


def test_a_page_to_print_has_every_record_of_every_cart(full_instance: Instance) -> None:
    page = full_instance.browser().get(f"/carts/{cart_run(full_instance)}/print").text
    assert [f"Record {id}" in page for id in (11, 12, 13, 14, 15, 21, 22)] == [True] * 7
    assert NASTY not in page


def test_past_their_age_prices_are_hidden_and_the_rest_stays(full_instance: Instance) -> None:
    run = cart_run(full_instance)
    browser = full_instance.browser()
    assert "12.50 EUR" in browser.get(f"/carts/{run}").text
    full_instance.clock.moment += timedelta(hours=7)
    page = browser.get(f"/carts/{run}").text
    assert "Prices expired." in page
    assert "Record 11" in page
    assert "12.50 EUR" not in page
    assert "99.8 %" not in page
    assert "12.5" not in browser.get(f"/carts/{run}.csv").text
    assert "EUR" not in browser.get(f"/carts/{run}/text?cart=1").text


def test_the_csv_has_a_row_for_each_copy(full_instance: Instance) -> None:
    rows = list(
        csv.DictReader(io.StringIO(full_instance.browser().get(f"/carts/{cart_run(full_instance)}.csv").text))
    )
    assert [row["cart"] for row in rows] == ["1"] * 5 + ["2"] * 3
    assert rows[0]["price_in_budget_currency"] == "12.50"


def test_a_cart_is_copied_as_text(full_instance: Instance) -> None:
    answer = full_instance.browser().get(f"/carts/{cart_run(full_instance)}/text?cart=2")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith("3 records from vinyl<b>\n")
    assert "https://www.discogs.com/sell/cart/?add=203" in answer.text
    assert "Together 47.97 EUR, without shipping" in answer.text


@pytest.mark.parametrize("cart", ["0", "3", "x", "", "-1", "%00"])
def test_a_cart_that_is_not_there_is_not_found(full_instance: Instance, cart: str) -> None:
    assert (
        full_instance.browser().get(f"/carts/{cart_run(full_instance)}/text?cart={cart}").status_code == 404
    )


def test_each_card_leaves_out_its_seller_and_its_records_or_locks_them_in(full_instance: Instance) -> None:
    page = full_instance.browser().get(f"/carts/{cart_run(full_instance)}").text
    for name, value in (("exclude_seller", "vinyl&lt;b&gt;"), ("exclude_release", "11"), ("must", "21")):
        assert f'form="what-if" name="{name}" value="{value}"' in page


def test_running_again_asks_for_the_same(full_instance: Instance) -> None:
    run = cart_run(full_instance)
    full_instance.browser().post(f"/carts/{run}/again")
    old, new = (
        runs.run(full_instance.db, full_instance.owner, one) for one in (run, full_instance.queue.runs[0])
    )
    assert old is not None
    assert new is not None
    assert new.criteria == old.criteria


def test_carts_under_way_lead_to_the_run(instance: Instance) -> None:
    run = instance.open_run(RunKind.SHOP).id
    assert instance.browser().get(f"/carts/{run}").headers["location"] == f"/runs/{run}"


def test_a_run_that_built_no_carts_has_no_page_of_them(full_instance: Instance) -> None:
    sync = full_instance.finish(full_instance.open_run(RunKind.SYNC), synced())
    assert full_instance.browser().get(f"/carts/{sync}").status_code == 404
    assert full_instance.browser().get(f"/carts/{new_run_id()}").status_code == 404
    assert full_instance.browser().get("/carts/x").status_code == 404


def test_no_cart_says_why_and_what_would_help(instance: Instance) -> None:
    run = instance.carts([], [])
    page = instance.browser().get(f"/carts/{run}").text
    assert "No cart fits" in page
    assert "Name sellers to read their stock" in page


def test_without_a_user_the_page_shows_the_first_step_and_no_form(instance: Instance) -> None:
    page = instance.browser().get("/shop").text
    assert '<a class="button big" href="/">Choose whose records to use</a>' in page
    assert 'id="budget"' not in page


def test_the_form_starts_with_the_persons_preferences(instance: Instance) -> None:
    instance.be(USER, currency=Currency.GBP, country="GB", min_media=Grade.NEAR_MINT)
    page = instance.browser().get("/shop").text
    for wanted in (
        '<option value="GBP" selected>',
        '<option value="NM" selected>',
        "my country (United Kingdom)",
    ):
        assert wanted in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget", ""),
        ("budget", "0"),
        ("budget", "-5"),
        ("budget", "1000000000000"),
        ("budget", "1e9"),
        ("budget", "NaN"),
        ("budget", "\0"),
        ("max_price", "lots"),
        ("ratio", "2"),
        ("min_items", "0"),
        ("min_seller_rating", "101"),
        ("ships_from", "Atlantis"),
        ("must", "abc"),
        ("top", "9999"),
        ("exclude_seller", "a b"),
    ],
)
def test_what_is_wrong_is_shown_at_the_field_and_what_was_typed_is_kept(
    instance: Instance, field: str, value: str
) -> None:
    instance.be()
    sent = {"user": USER, "budget": "77", "formats": "LP, <i>", "any_pressing": "on", field: value}
    answer = instance.browser().post("/shop", data=sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="LP, &lt;i&gt;"' in answer.text
    assert 'name="any_pressing" value="on" checked' in answer.text
    assert instance.queue.runs == []


def test_every_criterion_of_the_form_reaches_the_run(instance: Instance) -> None:
    instance.be(USER, country="DE")
    sent: dict[str, str | list[str]] = {
        "user": USER, "budget": "120.50", "currency": "EUR", "max_price": "40", "min_media": "VG+",
        "min_sleeve": "VG", "formats": 'LP, 7"', "min_seller_rating": "98.5", "min_seller_ratings": "10",
        "exclude_seller": "a, b", "ships_from": ["HOME", "UK", "US, Japan"], "ratio": "0.25",
        "min_items": "3", "must": "249504, r5", "any_pressing": "on", "new_artists": "on", "new_labels": "on",
        "uniform_wants": "on", "destination": "DE", "top": "10", "per_seller": "2",
        "exclude_release": "7, r9", "include_shipping": "off", "min_orders": "on",
        "min_love": "0.3", "unusual_prices": "on", "open_orders": "shop:3",
    }  # fmt: skip
    assert instance.browser().post("/shop", data=sent).status_code == 303
    run = runs.run(instance.db, instance.owner, instance.queue.runs[0])
    assert run is not None
    assert run.criteria == {
        "budget": "120.5", "currency": "EUR", "max_price": "40", "min_media": "VG+", "min_sleeve": "VG",
        "formats": ['7"', "LP"], "min_seller_rating": "98.5", "min_seller_ratings": 10,
        "exclude_seller": ["a", "b"], "ships_from": ["DE", "GB", "JP", "US"], "ratio": "0.25", "min_items": 3,
        "must": [5, 249504], "any_pressing": True, "new_artists": True, "new_labels": True,
        "uniform_wants": True, "destination": "DE", "top": 10, "per_seller": 2,
        "exclude_release": [7, 9], "include_shipping": False, "min_orders": True,
        "min_love": "0.3", "unusual_prices": True, "open_orders": ["shop:3"],
    }  # fmt: skip
    page = instance.browser().get(f"/shop?from={run.id}").text
    for wanted in ('value="120.5"', 'value="UK"', 'value="DE, JP"', 'value="5, 249504"', 'value="0.25"'):
        assert wanted in page, wanted
    for wanted in ('value="7, 9"', '<option value="off" selected>', 'name="min_orders" value="on" checked'):
        assert wanted in page, wanted


def test_an_area_that_was_ticked_is_ticked_again(instance: Instance) -> None:
    instance.be()
    run = instance.open_run(RunKind.SHOP, {"budget": "10", "ships_from": ["EU", "US"]}).id
    page = instance.browser().get(f"/shop?from={run}").text
    assert re.search(r'name="ships_from" value="EU" checked', page)
    assert 'value="US"' in page


def test_the_count_tells_wants_and_sellers_within_the_limits(full_instance: Instance) -> None:
    browser = full_instance.browser()
    text = browser.get("/shop/count?budget=100&currency=EUR").text
    assert "<b>5</b> of 10 wants for sale at <b>2 sellers</b>" in text
    assert "3 recommended records" in text
    assert "<html" not in text
    assert "<b>0</b> of 10 wants" in browser.get("/shop/count?budget=100&currency=EUR&ships_from=US").text
    assert "<b>0</b> of 10 wants" in browser.get("/shop/count?budget=12&currency=EUR").text


def test_the_count_works_by_a_button_alone(full_instance: Instance) -> None:
    page = full_instance.browser().get("/shop?budget=60&currency=EUR&count=on&formats=LP").text
    assert "of 10 wants for sale" in page
    assert 'value="60"' in page


def test_a_count_of_wrong_limits_says_so(full_instance: Instance) -> None:
    answer = full_instance.browser().get("/shop/count?budget=lots")
    assert (answer.status_code, "is not a number" in answer.text) == (200, True)


def test_without_copies_the_form_teaches_how_to_get_some(instance: Instance) -> None:
    instance.be()
    instance.know_records([], [make_record(5)])
    assert "No copies for sale are known yet." in instance.browser().get("/shop/count?budget=9").text


def test_copies_in_a_currency_without_a_rate_are_not_counted(instance: Instance) -> None:
    instance.be()
    record = make_record(5)
    exchange_rates.save_rates(instance.db, instance.clock.now().date(), "ECB", {Currency.EUR: Decimal(1)})
    instance.know_records([], [record])
    instance.sell(
        [make_copy(1, record, currency=Currency.JPY)], [Seller("x", min_order=Money(1, Currency.EUR))]
    )
    assert "<b>0</b> of 1 want " in instance.browser().get("/shop/count?budget=9&currency=EUR").text


def test_a_long_cart_has_a_page_of_its_own(full_instance: Instance) -> None:
    run, browser = cart_run(full_instance), full_instance.browser()
    page = browser.get(f"/carts/{run}").text
    assert f'href="/carts/{run}/cart/1"' in page
    assert "Record 15" not in page
    alone = browser.get(f"/carts/{run}/cart/1").text
    assert "Record 15" in alone
    assert "Put all 5 in my Discogs cart" in alone
    assert browser.get(f"/carts/{run}/cart/9").status_code == 404


def test_checking_a_cart_is_a_run_that_leads_to_its_page(full_instance: Instance) -> None:
    run, browser = cart_run(full_instance), full_instance.browser()
    answer = browser.post(f"/carts/{run}/check", data={"cart": "1"})
    check = full_instance.queue.runs[0]
    assert answer.headers["location"] == f"/runs/{check}"
    assert browser.get(f"/carts/checks/{check}").headers["location"] == f"/runs/{check}"
    assert browser.post(f"/carts/{run}/check", data={"cart": "99"}).status_code == 404
    assert browser.get(f"/carts/checks/{run}").status_code == 404


def test_a_checked_cart_tells_copy_by_copy_what_became_of_it(full_instance: Instance) -> None:
    run, browser = cart_run(full_instance), full_instance.browser()
    browser.post(f"/carts/{run}/check", data={"cart": "1"})
    opened = runs.run(full_instance.db, full_instance.owner, full_instance.queue.runs[0])
    assert opened is not None
    before = full_instance.carts_found(run)
    states: tuple[CopyState, ...] = ("same", "changed", "sold", "gone", "unread")
    checked = (
        CheckedCopy(
            listing_id=line.listing_id,
            release_id=line.release_id,
            state=state,
            was=line.price,
            now=Money(999, Currency.EUR) if state in {"same", "changed"} else None,
        )
        for line, state in zip(before.carts[0].lines, states, strict=True)
    )
    check = full_instance.finish(opened, check_of(before, run, *checked))
    page = browser.get(f"/carts/checks/{check}").text
    for wanted in (
        "2 copies of 5 sold or gone, 1 price changed, 1 copy not read",
        "another price",
        "9.99 EUR",
        "The best cart of this seller now",
    ):
        assert wanted in page, wanted
    full_instance.clock.moment += timedelta(hours=7)
    assert "9.99 EUR" not in browser.get(f"/carts/checks/{check}").text
