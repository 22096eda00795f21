"""The page of sellers ranked by my wants."""

from __future__ import annotations

import re

import pytest
from tests.web.fakes import NASTY, USER, Instance

from discogs_assistant.store.market import sellers


def names(page: str) -> list[str]:
    """The sellers on a page, from the top."""
    return re.findall(r'<span class="rank">\d+</span> <a [^>]*>([^<]+)</a>', page)


def test_sellers_stand_by_wants_with_their_best_cart(full_instance: Instance) -> None:
    page = full_instance.browser().get("/sellers").text
    assert names(page) == ["plattenkiste", "vinyl&lt;b&gt;"]
    for wanted in (
        "<b>5 wanted records</b>, 0 recommended",
        "62.50 EUR",
        "best cart: 5 records, without shipping",
    ):
        assert wanted in page, wanted
    assert "<b>0 wanted records</b>, 3 recommended" in page
    assert NASTY not in page


def test_what_is_hidden_is_counted_with_no_seller_until_it_is_shown_again(full_instance: Instance) -> None:
    browser = full_instance.browser()
    for act, wants, others in (("hide", 4, 2), ("unhide", 5, 3)):
        for id in ("11", "21"):
            assert browser.post(f"/release/{id}/feedback", data={"user": USER, "act": act}).status_code == 303
        page = browser.get("/sellers").text
        assert f"<b>{wants} wanted records</b>" in page
        assert f"{others} recommended" in page
        assert f">{wants}</b> of" in browser.get("/shop?budget=100&currency=EUR&min_media=").text


def test_the_address_sets_budget_rating_and_country(full_instance: Instance) -> None:
    browser = full_instance.browser()
    assert names(browser.get("/sellers?budget=100&ships_from=US").text) == ["vinyl&lt;b&gt;"]
    assert names(browser.get("/sellers?budget=100&min_seller_rating=99").text) == ["plattenkiste"]
    page = browser.get("/sellers?budget=13").text
    assert "best cart: 1 record, without shipping" in page
    assert "12.50 EUR" in page
    assert "62.50" not in page


def test_another_order_is_asked_for_in_the_address(full_instance: Instance) -> None:
    page = full_instance.browser().get("/sellers?budget=100&sort=cart").text
    assert names(page)[0] == "plattenkiste"
    assert '<option value="cart" selected>' in page


@pytest.mark.parametrize(
    ("query", "field"), [("budget=lots", "budget"), ("budget=9&ships_from=Nowhere", "ships_from")]
)
def test_a_wrong_limit_is_shown_at_its_field(full_instance: Instance, query: str, field: str) -> None:
    answer = full_instance.browser().get(f"/sellers?{query}")
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_seller_becomes_a_favourite_and_back_again_on_the_same_page(full_instance: Instance) -> None:
    browser = full_instance.browser()
    back = "/sellers?budget=50&page=1"
    answer = browser.post("/sellers/favourites", data={"seller": "plattenkiste", "act": "add", "back": back})
    assert answer.headers["location"] == back + "&said=favourite"
    assert "Added to your favourite sellers." in browser.get(answer.headers["location"]).text
    assert sellers.favourites(full_instance.db, full_instance.owner) == ["plattenkiste"]
    assert "Remove from favourites" in browser.get(back).text
    browser.post("/sellers/favourites", data={"seller": "plattenkiste", "act": "remove", "back": "//evil"})
    assert sellers.favourites(full_instance.db, full_instance.owner) == []


def test_an_empty_page_says_where_to_begin(instance: Instance) -> None:
    assert "Choose whose records to use" in instance.browser().get("/sellers").text
    instance.be()
    assert "Nothing is wanted or recommended" in instance.browser().get("/sellers").text
