"""Saved sell pages of both ages: every copy is read, nothing of the visitor is kept, nothing breaks it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.market.sell_pages import BOT_CHECK, VISITOR, Copy, page, row_2020, row_2026

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.listing import Listing, Origin
from discogs_assistant.model.market import MarketBatch
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.sources.market.saved_pages import read_sell_page

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LAYOUTS = pytest.mark.parametrize("row", [row_2020, row_2026])
Row = Callable[[Copy], str]


def read(text: str) -> MarketBatch:
    return read_sell_page(text.encode(), as_of=NOW)


def only(text: str) -> Listing:
    batch = read(text)
    assert batch.problems == ()
    (listing,) = batch.listings
    return listing


@LAYOUTS
def test_every_part_of_a_copy_is_read(row: Row) -> None:
    copy = Copy(comments="A long remark, folded on the pages of 2020, & more", details="Make Offer / Details")
    batch = read(page([row(copy)]))
    (listing,), (seller,) = batch.listings, batch.sellers
    assert batch.problems == ()
    assert listing == Listing(
        id=101,  # type: ignore[arg-type]
        release_id=7,  # type: ignore[arg-type]
        seller="seller_1",
        price=Money(1250, Currency.USD),
        as_of=NOW,
        origin=Origin.PAGE,
        media=Grade.NEAR_MINT,
        sleeve=SleeveGrade.VERY_GOOD_PLUS,
        comments=copy.comments,
        ships_from="US",
        allow_offers=True,
        shipping=Money(500, Currency.USD),
        shipping_text=listing.shipping_text,
        format="LP, Album",
        artist="Artist 7",
        title="Work 7",
        label="Label 7",
        catno="CAT 7",
        have=87,
        want=3782,
    )
    assert (listing.shipping_text or "").startswith("$5.00")
    assert (seller.name, seller.id) == ("seller_1", 55)
    assert (seller.rating, seller.ratings, seller.ships_from) == (Decimal("99.8"), 1234, "US")


@LAYOUTS
def test_nothing_of_the_visitor_is_kept(row: Row) -> None:
    kept = repr(read(page([row(Copy())], counts="1 – 1 of 9")))
    assert VISITOR not in kept
    assert "secret" not in kept


def test_the_stated_price_beats_the_text_and_the_converted_total_is_never_the_price() -> None:
    copy = Copy(price="about 9,00", value="11000.00", currency="EUR")
    assert only(page([row_2026(copy)])).price == Money(1_100_000, Currency.EUR)
    no_price = row_2026(Copy()).replace('class="price"', 'class="gone"')
    batch = read(page([no_price, row_2026(Copy(listing=102))]))
    assert [listing.id for listing in batch.listings] == [102]
    assert batch.problems == ("Listing 101: it has no price.",)


@LAYOUTS
def test_a_page_without_usable_copies_is_refused(row: Row) -> None:
    with pytest.raises(BadInputError, match="No copy on the page can be used"):
        read(page([row(Copy(price="in no currency"))]))


@pytest.mark.parametrize(
    ("shipping", "link", "expected"),
    [
        ("+€14.00", "shipping", Money(1400, Currency.EUR)),
        ("+10,00&nbsp;$US", "expédition", Money(1000, Currency.USD)),
        ("+$5.00 shipping", None, Money(500, Currency.USD)),
        ("+no extra shipping", None, Money(0, Currency.USD)),
        ("+", "expédition", None),
        ("+shipping", None, None),
    ],
)
@LAYOUTS
def test_shipping_is_read_where_it_is_named(
    row: Row, shipping: str, link: str | None, expected: Money | None
) -> None:
    listing = only(page([row(Copy(shipping=shipping, shipping_link=link))]))
    assert listing.shipping == expected
    assert listing.shipping_text


@LAYOUTS
def test_absolute_addresses_of_a_page_saved_complete_are_read_alike(row: Row) -> None:
    plain = only(page([row(Copy())]))
    assert only(page([row(Copy(root="https://www.discogs.com"))])) == plain


@LAYOUTS
def test_a_copy_that_is_linked_below_shop_is_read_as_one_below_sell(row: Row) -> None:
    text = page([row(Copy())])
    shop = text.replace("/sell/item/", "/shop/item/")
    assert shop != text
    assert read(shop) == read(text)


def test_a_row_that_cannot_be_read_is_named_by_its_number_below_shop_too() -> None:
    broken = row_2026(Copy(price="in no currency")).replace("/sell/item/", "/shop/item/")
    batch = read(page([broken, row_2026(Copy(listing=102))]))
    assert [problem.partition(":")[0] for problem in batch.problems] == ["Listing 101"]


@LAYOUTS
def test_a_copy_without_sleeve_and_a_seller_without_ratings_are_read(row: Row) -> None:
    batch = read(page([row(Copy(sleeve=None, rating=None))]))
    assert batch.problems == ()
    assert batch.listings[0].sleeve is None
    assert (batch.sellers[0].rating, batch.sellers[0].ratings) == (None, None)


@pytest.mark.parametrize(
    "details", ["Faire une Offre / Détails", "Angebot machen / Details", "オファー／詳細"]
)
def test_offers_are_known_in_any_language(details: str) -> None:
    assert only(page([row_2020(Copy(details=details))])).allow_offers is True
    assert only(page([row_2020(Copy(details="Détails"))])).allow_offers is False


@LAYOUTS
def test_translated_grades_are_known_by_their_short_form(row: Row) -> None:
    listing = only(page([row(Copy(media="Quasi Neuf (NM or M-)", sleeve="Très Bon (VG)"))]))
    assert (listing.media, listing.sleeve) == (Grade.NEAR_MINT, SleeveGrade.VERY_GOOD)


@pytest.mark.parametrize("sleeve", ["Generic", "Not Graded", "No Cover"])
def test_ungraded_sleeves_are_read(sleeve: str) -> None:
    assert only(page([row_2026(Copy(sleeve=sleeve))])).sleeve == SleeveGrade.parse(sleeve)


def test_an_unknown_value_is_reported_and_the_copy_kept() -> None:
    batch = read(page([row_2026(Copy(media="Shiny", sleeve="Odd", country="Atlantis"))]))
    assert len(batch.listings) == 1
    assert len(batch.problems) == 3
    assert all("is unknown and was left out" in problem for problem in batch.problems)


@LAYOUTS
@pytest.mark.parametrize(
    "broken",
    [
        {"price": "-$5.00"},
        {"price": "NaN"},
        {"price": "$1e9"},
        {"price": "$99,999,999,999.00"},
        {"price": "12.50"},
        {"price": "12,50 ₽"},
        {"price": ""},
        {"price": "1\x002,50 €"},
        {"seller": "no/one"},
        {"listing": 0},
        {"release": 0},
    ],
)
def test_one_bad_row_is_a_sentence_and_the_others_stay(row: Row, broken: dict[str, object]) -> None:
    bad = replace(Copy(listing=102), **broken)  # type: ignore[arg-type]
    batch = read(page([row(Copy()), row(bad), row(Copy(listing=103))], action="/sell/mywants"))
    assert [listing.id for listing in batch.listings] == [101, 103]
    assert len(batch.problems) == 1
    assert batch.problems[0].startswith("Listing ")


def test_copies_not_for_sale_to_the_visitor_are_left_out_and_said() -> None:
    batch = read(page([row_2026(Copy()), row_2026(Copy(listing=102, row_class="unavailable"))]))
    assert [listing.id for listing in batch.listings] == [101]
    assert batch.problems == ("1 copy is not for sale to the person who opened the page: left out.",)


def test_a_page_that_shows_a_part_of_a_longer_list_says_so() -> None:
    assert read(page([row_2026(Copy())], counts="1 – 1 de 1\u00a0488")).problems == (
        "The page shows copies 1 to 1 of 1,488: save the others too, if you want them.",
    )


def test_an_empty_list_is_no_error() -> None:
    assert read(page([], counts="0 – 0 of 0")) == MarketBatch((), ())


def test_a_seller_without_column_is_known_from_the_pages_address() -> None:
    row = row_2026(Copy()).replace("/seller/seller_1/profile", "/nowhere")
    assert only(page([row], action="/seller/seller_9/mywants")).seller == "seller_9"


def test_the_release_is_known_from_the_pages_address() -> None:
    row = row_2026(Copy()).replace("release/7", "nowhere/7").replace("data-release-id", "data-x")
    assert only(page([row], action="/sell/release/77?x=1")).release_id == 77


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = page([row_2020(Copy(price="10,99\u00a0€", comments="Très bon état"))])
    batch = read_sell_page(text.encode(encoding), as_of=NOW)
    assert batch.listings[0].price == Money(1099, Currency.EUR)
    assert batch.listings[0].comments == "Très bon état"


@LAYOUTS
def test_a_page_cut_off_anywhere_never_invents_a_copy(row: Row) -> None:
    data = page([row(Copy(price="$9,000.00")), row(Copy(listing=102, price="11 000,00&nbsp;€"))]).encode()
    whole = {listing.id: listing for listing in read_sell_page(data, as_of=NOW).listings}
    batches = []
    for end in range(0, len(data), 7):
        with suppress(BadInputError):
            batches.append(read_sell_page(data[:end], as_of=NOW))
    assert {len(batch.listings) for batch in batches} >= {1, 2}
    for batch in batches:
        assert [listing for listing in batch.listings if whole[listing.id] != listing] == []
        assert len(batch.listings) == 2 or batch.problems


def test_rows_without_closing_tags_are_whole() -> None:
    rows = [re.sub(r"</t[rd]>", "", row_2026(Copy(listing=number))) for number in (101, 102)]
    assert [listing.id for listing in read(page(rows)).listings] == [101, 102]


def test_pictures_saved_within_the_page_are_no_burden() -> None:
    picture = f'<img src="data:image/jpeg;base64,{"QUJD" * 50_000}">'
    assert only(page([row_2026(Copy()).replace("<td", f"<td>{picture}</td><td", 1)])).id == 101


@pytest.mark.parametrize(
    "row",
    [
        "".join(f"<font color={number}><p>" for number in range(20_000)),
        "<div>" * 200_000,
        "<table><tr><td>" * 50_000,
        "<td " + " ".join(f"a{number}=1" for number in range(50_000)) + ">",
        "x" * 5_000_000,
    ],
    ids=["unclosed-fonts", "deep", "nested-tables", "attributes", "long"],
)
def test_a_monstrous_row_is_a_sentence(row: str) -> None:
    monster = f'<tr class="shortcut_navigable"><td class="seller_info">{row}</td></tr>'
    batch = read(page([row_2026(Copy()), monster]))
    assert len(batch.listings) == 1
    assert len(batch.problems) >= 1


@pytest.mark.parametrize("text", ["<" * 1_000_000, "<tr" * 500_000, "<!--" * 500_000, "<form " * 500_000])
def test_a_monstrous_page_is_refused_at_once(text: str) -> None:
    with pytest.raises(BadInputError):
        read(text)


@pytest.mark.parametrize("text", [BOT_CHECK, BOT_CHECK.replace("Just a moment...", "Un instant…")])
def test_a_bot_check_is_called_blocked(text: str) -> None:
    with pytest.raises(BadInputError, match="blocked"):
        read(text)


@pytest.mark.parametrize(
    "text", ["", "<html>", "<title>A shop</title><p>Hello", page([]).replace("mpitems", "")]
)
def test_the_error_for_any_other_page_names_the_wanted_ones(text: str) -> None:
    with pytest.raises(BadInputError, match="Items I want") as caught:
        read(text)
    assert "blocked" not in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 5000), st.sampled_from([row_2020, row_2026]))
def test_no_bytes_make_the_reader_fail_otherwise(noise: bytes, place: int, row: Row) -> None:
    data = page([row(Copy()), row(Copy(listing=102))]).encode()
    prices = []
    altered = (data[:place] + noise + data[place:], data[:place] + noise + data[place + 50 :])
    for page_data in (data, noise, *altered):
        with suppress(BadInputError):
            prices += [listing.price.minor for listing in read_sell_page(page_data, as_of=NOW).listings]
    assert len(prices) >= 2
    assert min(prices) > 0


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "copies", "sellers", "shipping"),
    [("sell_release_2026-05.html", 2, 2, 2), ("sell_mywants_fr_2020-04.html", 25, 23, 8)],
)
def test_real_pages_are_read_in_full(real: Path, name: str, copies: int, sellers: int, shipping: int) -> None:
    data = (real / "pages" / name).read_bytes()
    batch = read_sell_page(data, as_of=NOW)
    text = data.decode()
    assert {str(listing.id) for listing in batch.listings} == set(re.findall(r'data-item-id="(\d+)"', text))
    assert {seller.name for seller in batch.sellers} == set(
        re.findall(r'<strong><a href="(?:/fr)?/seller/([^/]+)/profile"', text)
    )
    assert len(batch.listings) == copies
    assert len(batch.sellers) == sellers
    assert sum(listing.shipping is not None for listing in batch.listings) == shipping
    assert all(seller.rating and seller.ratings and seller.id for seller in batch.sellers)
    for listing in batch.listings:
        wanted = (
            listing.media,
            listing.sleeve,
            listing.ships_from,
            listing.title,
            listing.artist,
            listing.format,
        )
        assert None not in wanted
        assert None not in (listing.label, listing.catno, listing.have, listing.want, listing.shipping_text)


@pytest.mark.real
def test_real_prices_are_those_that_a_person_sees(real: Path) -> None:
    text = (real / "pages" / "sell_mywants_fr_2020-04.html").read_text(encoding="utf-8")
    cells = re.findall(r'<td class="item_price hide_mobile"> <span class="price">([^<]+)<', text)
    batch = read_sell_page(text.encode(), as_of=NOW)
    shown = [re.sub(r"\D", "", cell) for cell in cells]
    assert [str(listing.price.minor) for listing in batch.listings] == [
        digits.lstrip("0") for digits in shown
    ]
    currencies = {"$US": "USD", "£GB": "GBP", "€": "EUR", "R$": "BRL", "CHF": "CHF", "JPY": "JPY"}
    marks = [re.sub(r"[\d,]|&nbsp;", "", cell) for cell in cells]
    assert [listing.price.currency for listing in batch.listings] == [currencies[mark] for mark in marks]
