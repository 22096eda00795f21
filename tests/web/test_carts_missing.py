"""What is in no cart, and what a cart leaves out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.store.fakes import NOW
from tests.web.fakes import Instance

from discogs_assistant.model.ids import RunId
from discogs_assistant.model.run import RunKind
from discogs_assistant.store import results


def changed(instance: Instance, **changes: Any) -> RunId:
    """A run with the furnished carts, but for what is changed of their document."""
    stored = results.result(instance.db, instance.owner, instance.newest_run("carts"))
    assert stored is not None
    return instance.finish(instance.open_run(RunKind.SHOP), stored.document | changes)


def test_what_no_known_seller_has_is_told_with_its_lowest_price_and_the_list_of_its_copies(
    full: Instance,
) -> None:
    row = {"lowest": {"minor": 733, "currency": "EUR"}, "as_of": (NOW - timedelta(hours=2)).isoformat()}
    elsewhere = [
        row | {"release_id": 12, "for_sale": 6, "origin": "recommended"},
        row | {"release_id": 11, "for_sale": 1, "origin": "wanted"},
    ]
    page = full.browser().get(f"/carts/{changed(full, elsewhere=elsewhere)}").text
    told = page[page.index('id="missing"') :]
    for wanted in (
        "2 records that no seller known here has",
        "from 7.33 EUR",
        'href="https://www.discogs.com/sell/release/12"',
        "6 copies on Discogs",
        "1 copy on Discogs",
        "Prices 2 h old at most.",
    ):
        assert wanted in told, wanted
    assert told.index("Record 11") < told.index("Record 12"), "wanted records come first"


def test_records_too_dear_for_the_budget_are_counted(full: Instance) -> None:
    counts = {"wanted": 1, "recommended": 9, "for_sale": 5, "too_dear": 3}
    page = full.browser().get(f"/carts/{changed(full, candidates=counts)}").text
    assert "3 records too dear" in page
    assert "What they usually cost is over your budget of 100.00 EUR" in page


def test_nothing_missing_is_not_spoken_of(full: Instance) -> None:
    page = full.browser().get(f"/carts/{changed(full, excluded={})}").text
    assert "Not in any cart" not in page


def test_what_a_cart_leaves_out_is_told_with_its_reason(full: Instance) -> None:
    stored = results.result(full.db, full.owner, full.newest_run("carts"))
    assert stored is not None
    left = {"listing_id": 9, "release_id": 21, "price_minor": 1499, "why": "over the budget by 3.20 EUR"}
    first, *others = stored.document["carts"]
    run = changed(full, carts=[first | {"left_out": [left]}, *others])
    browser = full.browser()
    brief = browser.get(f"/carts/{run}").text
    assert "1 more record here, left out" in brief
    assert f'href="/carts/{run}/cart/1#cart-1-beside"' in brief
    whole = browser.get(f"/carts/{run}/cart/1").text
    beside = whole[whole.index('id="cart-1-beside"') :]
    for wanted in ("Record 21", "14.99 EUR", "over the budget by 3.20 EUR"):
        assert wanted in beside, wanted
