"""What is in no cart, and what a cart leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.store.fakes import NOW
from tests.web.fakes import Instance

from discogs_assistant.model.ids import ListingId, ReleaseId, RunId
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.result import CandidateCounts, LeftOutCopy, SoldElsewhere


def changed(instance: Instance, **changes: Any) -> RunId:
    """A run with the finished carts, but for what is changed of their document."""
    found = replace(instance.carts_found(), **changes)
    return instance.finish(instance.open_run(RunKind.SHOP), found)


def elsewhere(release: int, for_sale: int, origin: str) -> SoldElsewhere:
    """A record of which Discogs reported a price two hours ago."""
    return SoldElsewhere(
        release_id=ReleaseId(release),
        lowest=Money(733, Currency.EUR),
        for_sale=for_sale,
        as_of=NOW - timedelta(hours=2),
        origin=origin,
        link="",
    )


def test_what_no_known_seller_has_is_shown_with_its_lowest_price_and_the_list_of_its_copies(
    full_instance: Instance,
) -> None:
    found = elsewhere(12, 6, "recommended"), elsewhere(11, 1, "wanted")
    page = full_instance.browser().get(f"/carts/{changed(full_instance, elsewhere=found)}").text
    section = page[page.index('id="missing"') :]
    for wanted in (
        "2 records that no known seller has",
        "from 7.33 EUR",
        'href="https://www.discogs.com/sell/release/12"',
        "6 copies on Discogs",
        "1 copy on Discogs",
        "Prices 2 hours old at most.",
    ):
        assert wanted in section, wanted
    assert section.index("Record 11") < section.index("Record 12"), "wanted records come first"


def test_records_over_the_budget_are_counted(full_instance: Instance) -> None:
    counts = CandidateCounts(wanted=1, recommended=9, for_sale=5, too_dear=3)
    page = full_instance.browser().get(f"/carts/{changed(full_instance, candidates=counts)}").text
    assert "3 records over your budget" in page
    assert "They usually cost more than your budget of 100.00 EUR" in page


def test_without_missing_records_there_is_no_such_section(full_instance: Instance) -> None:
    page = full_instance.browser().get(f"/carts/{changed(full_instance, excluded={})}").text
    assert "Not in any cart" not in page


def test_what_a_cart_leaves_out_is_shown_with_its_reason(full_instance: Instance) -> None:
    left = LeftOutCopy(
        listing_id=ListingId(9),
        release_id=ReleaseId(21),
        price_minor=1499,
        why="over the budget by 3.20 EUR",
    )
    first, *others = full_instance.carts_found().carts
    run = changed(full_instance, carts=(replace(first, left_out=(left,)), *others))
    browser = full_instance.browser()
    brief = browser.get(f"/carts/{run}").text
    assert "1 more record here, left out" in brief
    assert f'href="/carts/{run}/cart/1#cart-1-beside"' in brief
    whole = browser.get(f"/carts/{run}/cart/1").text
    beside = whole[whole.index('id="cart-1-beside"') :]
    for wanted in ("Record 21", "14.99 EUR", "over the budget by 3.20 EUR"):
        assert wanted in beside, wanted
