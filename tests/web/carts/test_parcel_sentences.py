"""What a cart's card says of its shipping, of offers, and of import charges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.web.fakes import Instance

from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.shipping import NextRecord
from discogs_assistant.pipelines.carts.result import (
    Cart,
    CartsResult,
    EstimatedCharges,
    ToFreeShipping,
)
from discogs_assistant.web.carts.parcel_view import (
    charges_sentence,
    offers_sentence,
    shipping_sentences,
    total_with_charges,
)

EUR = Currency.EUR


@pytest.fixture
def document(full_instance: Instance) -> CartsResult:
    """Carts in euros."""
    return full_instance.carts_found()


@pytest.fixture
def cart(document: CartsResult) -> Cart:
    """The first, without anything to say."""
    first = document.carts[0]
    return replace(first, shipping=replace(first.shipping, further=None), to_free_shipping=None, charges=None)


@pytest.mark.parametrize(
    ("further", "sentence"),
    [
        (NextRecord(None, None), "Further records ship for nothing more."),
        (NextRecord(8, 300), "Shipping stays the same up to 8 records, then +3.00 EUR."),
        (NextRecord(8, -50), "Shipping stays the same up to 8 records, then −0.50 EUR."),
        (NextRecord(5, 100), "One more record changes shipping by +1.00 EUR."),
        (NextRecord(5, None), "The seller sends at most 5 records in a parcel."),
    ],
)
def test_what_one_more_record_does_is_said(
    document: CartsResult, cart: Cart, further: NextRecord, sentence: str
) -> None:
    assert cart.items == 5
    changed = replace(cart, shipping=replace(cart.shipping, further=further))
    assert shipping_sentences(document, changed) == [sentence]


def test_the_record_that_makes_shipping_free_is_named(document: CartsResult, cart: Cart) -> None:
    line = cart.lines[0]
    free = ToFreeShipping(
        missing=Money(1200, EUR), listing_id=line.listing_id, release_id=line.release_id, more_minor=-150
    )
    [sentence] = shipping_sentences(document, replace(cart, to_free_shipping=free))
    title = document.releases[line.release_id].title
    assert sentence.startswith("12.00 EUR more, and shipping is free: with ")
    assert sentence.endswith(f"{title} the cart costs 1.50 EUR less.")


def test_without_such_a_record_only_the_amount_is_said(document: CartsResult, cart: Cart) -> None:
    free = ToFreeShipping(missing=Money(1200, EUR), listing_id=None, release_id=None, more_minor=None)
    changed = replace(cart, to_free_shipping=free)
    assert shipping_sentences(document, changed) == ["12.00 EUR more, and shipping is free."]


def test_offers_are_reckoned_on_the_copies_that_take_them(cart: Cart) -> None:
    lines = tuple(
        replace(line, allow_offers=place < 2, price_minor=1000) for place, line in enumerate(cart.lines)
    )
    changed = replace(cart, lines=lines, total_minor=6000)
    assert offers_sentence(changed, EUR) == (
        "2 records take offers: at 10 % less the cart costs 58.00 EUR, at 20 % less 56.00 EUR."
    )


def test_a_cart_without_offers_says_nothing_of_them(cart: Cart) -> None:
    lines = tuple(replace(line, allow_offers=False) for line in cart.lines)
    assert offers_sentence(replace(cart, lines=lines), EUR) is None


def test_import_charges_name_their_parts_their_day_and_their_source() -> None:
    charges = EstimatedCharges(
        vat_minor=1007, duty_minor=300, handling_minor=0, day=date(2026, 12, 1), source="A regulation"
    )
    sentence = charges_sentence(charges, EUR)
    assert "About 13.07 EUR (VAT 10.07 EUR, duty 3.00 EUR) may be due on import." in sentence
    assert "the rules of 1 December 2026" in sentence
    assert sentence.endswith("Source: A regulation.")


def test_totals_with_charges_add_them(cart: Cart) -> None:
    charges = EstimatedCharges(
        vat_minor=100, duty_minor=0, handling_minor=0, day=date(2026, 12, 1), source="A regulation"
    )
    assert total_with_charges(replace(cart, total_minor=6000, charges=charges)) == 6100
    assert total_with_charges(replace(cart, total_minor=6000)) == 6000
    assert total_with_charges(replace(cart, total_minor=None)) is None


def test_a_person_who_wants_import_charges_sees_and_sorts_by_them(full_instance: Instance) -> None:
    browser, page = full_instance.browser(), f"/carts/{full_instance.newest_run('carts')}"
    assert "With import charges" not in browser.get(page).text
    full_instance.be(country="DE", import_charges=True)
    shown = browser.get(page).text
    assert "With import charges" in shown
    assert "may be due on import. This is an estimate" in shown
    assert 'aria-current="true">Lowest total' in browser.get(f"{page}?sort=charges").text
