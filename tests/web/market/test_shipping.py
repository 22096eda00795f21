"""The shipping page: what do sellers charge for a parcel?"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.fakes import NOW
from tests.web.fakes import NASTY, Instance, make_copy, make_record

from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency
from discogs_assistant.model.shipping import (
    Band,
    ShippingMethod,
    ShippingPolicy,
    ShippingReport,
    ShippingSource,
    ShippingUnit,
)
from discogs_assistant.store.market import own_orders, seller_shipping, shipping_policies
from discogs_assistant.web.forms import Form
from discogs_assistant.web.market import shipping_form
from discogs_assistant.web.paging import page_of

TYPED = {"seller": "stall", "ships_to": "DE", "currency": "USD", "first": "12.50", "further": "3"}


@pytest.fixture
def instance_with_stall(full_instance: Instance) -> Instance:
    """The full instance with one more seller, who says in words what a parcel costs."""
    words = f"{NASTY}\nEach LP 5 dollars"
    stall = Seller("stall", ships_from="US", shipping_text=words)
    full_instance.sell([make_copy(990, make_record(24), "stall", ships_from="US")], [stall])
    return full_instance


def test_the_form_of_a_seller_begins_with_what_is_known_of_them(instance_with_stall: Instance) -> None:
    page = instance_with_stall.browser().get("/shipping?seller=plattenkiste").text
    assert re.search(r'name="min_order"[^>]* value="20\.00"', page)
    assert re.search(r'name="seller"[^>]* value="plattenkiste"', page)
    assert '<option value="DE" selected>' in page
    page = instance_with_stall.browser().get("/shipping?seller=stall").text
    assert "Each LP 5 dollars" in page
    assert "Shipping is not known" in page
    assert NASTY not in page


def test_what_is_typed_in_is_kept_and_shown_with_its_day(instance_with_stall: Instance) -> None:
    browser = instance_with_stall.browser()
    assert browser.post("/shipping", data=TYPED).headers["location"] == "/shipping?said=shipping"
    page = browser.get("/shipping").text
    assert "12.50 USD, each further record 3 USD" in page
    assert "Typed in by you" in page
    (policy,) = shipping_policies.policies(instance_with_stall.db, instance_with_stall.owner)
    [method] = policy.methods
    assert (policy.seller, policy.ships_to, method.bands[0].per_unit) == ("stall", "DE", Decimal(3))


def test_who_came_from_a_cart_is_led_back_to_it_and_nowhere_else(instance_with_stall: Instance) -> None:
    browser = instance_with_stall.browser()
    run = instance_with_stall.newest_run("carts")
    form = browser.get(f"/shipping?seller=stall&back=%2Fcarts%2F{run}").text
    assert f'name="back" value="/carts/{run}"' in form
    kept = browser.post("/shipping", data=TYPED | {"back": f"/carts/{run}"}).headers["location"]
    assert f'href="/carts/{run}">Back to the page you came from' in browser.get(kept).text
    wrong = browser.post("/shipping", data=TYPED | {"back": f"/carts/{run}", "first": "a lot"})
    assert f'name="back" value="/carts/{run}"' in wrong.text
    foreign = browser.post("/shipping", data=TYPED | {"back": "//evil.example"}).headers["location"]
    assert foreign == "/shipping?said=shipping"


def test_a_carts_page_counts_the_shipping_once_it_is_moved(instance_with_stall: Instance) -> None:
    browser = instance_with_stall.browser()
    browser.post("/shipping", data=TYPED | {"seller": "plattenkiste"})
    page = browser.get(f"/carts/{instance_with_stall.newest_run('carts')}?budget=99").text
    assert "Typed in by you" in page


def test_steps_by_weight_count_in_place_of_the_two_fields(instance_with_stall: Instance) -> None:
    steps = {"from": ["1", "501"], "to": ["500", ""], "cost": ["5", "7.50"], "per_unit": ["", "0.01"]}
    answer = instance_with_stall.browser().post("/shipping", data=TYPED | {"unit": "grams"} | steps)
    assert answer.status_code == 303
    (policy,) = shipping_policies.policies(instance_with_stall.db, instance_with_stall.owner)
    [method] = policy.methods
    assert method.unit is ShippingUnit.GRAMS
    assert [(int(band.low), band.high) for band in method.bands] == [(1, Decimal(500)), (501, None)]
    page = instance_with_stall.browser().get("/shipping?seller=stall&ships_to=DE").text
    assert re.search(r'name="cost" value="7\.50"', page)


def test_what_is_wrong_is_shown_at_its_field_and_the_rest_is_kept(instance_with_stall: Instance) -> None:
    answer = instance_with_stall.browser().post("/shipping", data=TYPED | {"first": "a lot", "further": ""})
    assert answer.status_code == 422
    assert 'id="first-error"' in answer.text
    assert 'id="further-error"' in answer.text
    assert re.search(r'name="first"[^>]* value="a lot"', answer.text)
    assert "Each LP 5 dollars" in answer.text
    answer = instance_with_stall.browser().post(
        "/shipping", data=TYPED | {"from": ["5", "1"], "to": ["", "9"], "cost": ["1", "1"]}
    )
    assert answer.status_code == 422
    assert 'id="bands-error"' in answer.text
    assert not shipping_policies.policies(instance_with_stall.db, instance_with_stall.owner)


def test_deleted_shipping_comes_back_by_undo(instance_with_stall: Instance) -> None:
    browser = instance_with_stall.browser()
    steps = {
        "unit": "value",
        "from": ["0", "50"],
        "to": ["50", ""],
        "cost": ["6", "0"],
        "per_unit": ["0", "0"],
    }
    for typed in (TYPED, TYPED | steps):
        browser.post("/shipping", data=typed)
        before = shipping_policies.policies(instance_with_stall.db, instance_with_stall.owner)
        gone = browser.post("/shipping/forget", data={"seller": "stall", "ships_to": "DE"})
        assert not shipping_policies.policies(instance_with_stall.db, instance_with_stall.owner)
        page = browser.get(gone.headers["location"]).text
        undo = page[page.index("is deleted") : page.index(">Undo<")]
        fields: dict[str, list[str]] = {}
        for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', undo):
            fields.setdefault(name, []).append(value)
        assert browser.post("/shipping", data=fields).status_code == 303
        assert shipping_policies.policies(instance_with_stall.db, instance_with_stall.owner) == before


def test_shipping_that_is_already_deleted_is_reported(instance_with_stall: Instance) -> None:
    answer = instance_with_stall.browser().post(
        "/shipping/forget", data={"seller": "nobody", "ships_to": "DE"}
    )
    assert answer.status_code == 404


def test_all_known_sellers_are_listed_by_how_sure_their_shipping_is(instance_with_stall: Instance) -> None:
    browser = instance_with_stall.browser()
    page = browser.get("/shipping").text
    assert "unknown (3)" in page
    browser.post("/shipping", data=TYPED)
    page = browser.get("/shipping?known=estimated").text
    assert "estimated (1)" in page
    assert "unknown (1)" in page


def test_an_empty_page_says_where_to_begin(instance: Instance) -> None:
    page = instance.browser().get("/shipping").text
    assert "Nothing yet." in page
    assert "set your country" in page
    assert "Add sellers or upload pages" in page


def test_an_odd_seller_in_the_address_is_shown_at_the_field(instance: Instance) -> None:
    answer = instance.browser().get("/shipping?seller=a/b")
    assert answer.status_code == 422
    assert 'id="seller-error"' in answer.text


cells = st.lists(st.text(st.characters(codec="utf-8"), max_size=5), max_size=8)


@given(st.fixed_dictionaries({name: cells for name in shipping_form.PARTS}))
def test_steps_survive_their_way_through_an_address(values: dict[str, list[str]]) -> None:
    form = Form(values)
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(shipping_form.as_query(form), keep_blank_values=True):
        found.setdefault(name, []).append(value)
    assert shipping_form.rows(Form(found)) == shipping_form.rows(form)


@given(st.integers(0, 200), st.text(max_size=10) | st.integers(-5, 50).map(str), st.integers(1, 60))
def test_every_address_has_a_page_and_pages_hold_all_rows_once(count: int, asked: str, size: int) -> None:
    rows = list(range(count))
    first = page_of(rows, asked, size)
    assert 1 <= first.number <= first.pages
    assert [
        row for number in range(1, first.pages + 1) for row in page_of(rows, str(number), size).rows
    ] == rows


def test_an_order_that_discogs_does_not_show_can_be_entered(instance: Instance) -> None:
    browser = instance.browser()
    refused = browser.post("/shipping/order", data={"number": "12-34"})
    assert refused.status_code == 422
    assert "Enter below what you paid." in refused.text
    sent = {
        "number": "12-34",
        "order_seller": "shop",
        "records": "3",
        "paid": "8.50",
        "order_currency": "EUR",
    }
    saved = browser.post("/shipping/order", data=sent)
    assert saved.headers["location"] == "/shipping?said=order"
    [order] = own_orders.orders(instance.db, instance.owner, NOW - timedelta(days=1))
    assert (order.seller, order.items, order.shipping.minor) == ("shop", 3, 850)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"number": "nonsense"}, "is not the number of an order"),
        ({"number": "12-34", "records": "3"}, "This is needed too."),
        (
            {"number": "12-34", "order_seller": "shop", "records": "x", "paid": "1", "order_currency": "EUR"},
            "An order holds 1 to",
        ),
        (
            {
                "number": "12-34",
                "order_seller": "shop",
                "records": "1",
                "paid": "NaN",
                "order_currency": "EUR",
            },
            "is not a number",
        ),
    ],
)
def test_an_order_with_a_mistake_says_which(instance: Instance, sent: dict[str, str], sentence: str) -> None:
    refused = instance.browser().post("/shipping/order", data=sent)
    assert refused.status_code == 422
    assert sentence in refused.text


def test_a_sellers_policy_is_shown_as_a_table(instance: Instance) -> None:
    instance.be(country="DE")
    bands = (
        Band(Decimal(1), Decimal(2), Decimal(5), Decimal(0)),
        Band(Decimal(3), None, Decimal(8), Decimal(0)),
    )
    policy = ShippingPolicy(
        "shop",
        "DE",
        (ShippingMethod("Letter", ShippingUnit.ITEMS, bands),),
        Currency.EUR,
        ShippingSource.POLICY,
        free_from=Decimal(60),
        reported_at=NOW,
    )
    seller_shipping.save_report(instance.db, ShippingReport("shop", 7, NOW, (policy,)))
    page = instance.browser().get("/shipping?seller=shop").text
    assert "Letter to Germany" in page
    assert "up to 2</td>" in page
    assert "8.00 EUR" in page
    assert "Free from 60.00 EUR on." in page
