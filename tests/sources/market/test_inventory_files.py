"""Copies for sale from CSV and JSON: good rows are kept, bad ones are named, nothing else happens."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.market.joined import joined

from discogs_assistant.errors import AssistantError, BadInputError
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import UserName
from discogs_assistant.model.listing import Origin
from discogs_assistant.model.market import MarketBatch, Shop
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.tally import MemoryTally
from discogs_assistant.sources.market import inventory_files

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TABLE = {
    "listing_id": "1",
    "seller": "seller_1",
    "release_id": "7",
    "price": "12.50",
    "currency": "USD",
    "quantity": "2",
    "media": "VG+",
    "sleeve": "Generic",
    "ships_from": "United States",
    "seller_rating": "99.5",
    "grams": "300",
    "format": "LP, Album",
}
EXPORT = {
    "listing_id": "1",
    "artist": "Artist 1",
    "title": "Work 1",
    "label": "Label 1",
    "catno": "CAT 1",
    "format": "LP",
    "release_id": "7",
    "status": "For Sale",
    "price": "12.50",
    "listed": "2024-01-02 10:11:12",
    "comments": "Plays, well",
    "media_condition": "Near Mint (NM or M-)",
    "sleeve_condition": "Very Good (VG)",
    "accept_offer": "Y",
    "external_id": "box 12",
    "weight": "230",
    "format_quantity": "1",
    "location": "cellar",
    "quantity": "1",
}


def table(kind: dict[str, str], *rows: dict[str, str], columns: Sequence[str] | None = None) -> bytes:
    out = io.StringIO()
    names = list(columns or kind)
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([{**kind, **row}.get(name, "") for name in names] for row in rows)
    return out.getvalue().encode()


def read_market_csv(data: bytes, name: str, shop: Shop | None = None) -> MarketBatch:
    batches = inventory_files.read_market_csv(
        io.BytesIO(data), name, shop=shop, as_of=NOW, seen=MemoryTally()
    )
    return joined(batches)


def read_inventory_json(data: bytes, name: str) -> MarketBatch:
    return joined(inventory_files.read_inventory_json(io.BytesIO(data), name, as_of=NOW, seen=MemoryTally()))


def listings(*rows: dict[str, str]) -> MarketBatch:
    return read_market_csv(table(TABLE, *rows), "l.csv")


def export(data: bytes, currency: Currency = Currency.EUR) -> MarketBatch:
    return read_market_csv(data, "i.csv", Shop(UserName("shop"), currency, "DE"))


def test_every_column_of_a_table_of_listings_is_read() -> None:
    batch = listings({})
    (listing,), (seller,) = batch.listings, batch.sellers
    assert batch.problems == ()
    assert (listing.id, listing.release_id, listing.seller) == (1, 7, "seller_1")
    assert (listing.price, listing.origin, listing.as_of) == (Money(1250, Currency.USD), Origin.FILE, NOW)
    assert (listing.media, listing.sleeve) == (Grade.VERY_GOOD_PLUS, SleeveGrade.GENERIC)
    assert (listing.quantity, listing.grams, listing.format) == (2, 300, "LP, Album")
    assert listing.ships_from == seller.ships_from == "US"
    assert seller.rating == Decimal("99.5")


def test_five_columns_are_enough() -> None:
    data = table(TABLE, {}, columns=["currency", "price", "seller", "release_id", "listing_id"])
    (listing,) = read_market_csv(data, "l.csv").listings
    assert (listing.quantity, listing.media, listing.grams) == (1, None, None)


def test_every_column_of_an_exported_inventory_is_read_but_the_sellers_secrets() -> None:
    batch = export(table(EXPORT, {}))
    (listing,), (seller,) = batch.listings, batch.sellers
    assert batch.problems == ()
    assert (listing.seller, listing.ships_from, seller.name) == ("shop", "DE", "shop")
    assert listing.price == Money(1250, Currency.EUR)
    assert (listing.artist, listing.title, listing.label, listing.catno) == (
        "Artist 1",
        "Work 1",
        "Label 1",
        "CAT 1",
    )
    assert (listing.media, listing.sleeve) == (Grade.NEAR_MINT, SleeveGrade.VERY_GOOD)
    assert (listing.comments, listing.allow_offers, listing.grams) == ("Plays, well", True, 230)
    assert listing.posted == datetime(2024, 1, 2, 10, 11, 12, tzinfo=UTC)
    assert "box 12" not in repr(batch)
    assert "cellar" not in repr(batch)


def test_copies_not_for_sale_are_left_out_and_reported() -> None:
    batch = export(
        table(EXPORT, {}, {"listing_id": "2", "status": "Draft"}, {"listing_id": "3", "status": "Sold"})
    )
    assert [listing.id for listing in batch.listings] == [1]
    assert batch.problems == ("i.csv: 2 of its listings are not for sale and were left out.",)


def test_exported_yen_may_have_zeros_for_decimals() -> None:
    batch = export(table(EXPORT, {"price": "1500.00"}), Currency.JPY)
    assert batch.listings[0].price == Money(1500, Currency.JPY)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        *(
            ("price", text)
            for text in ("", "0", "-5", "NaN", "inf", "-Infinity", "1e3", "1,50", "12.345", "$5")
        ),
        *(("price", text) for text in ("99999999999", "9" * 5_000, "0.001", "१२", "12 50")),
        *(("currency", text) for text in ("", "DOGE", "US", "€")),
        *(("listing_id", text) for text in ("", "0", "-1", "x", "1.0", "9" * 30)),
        *(("release_id", text) for text in ("", "0", "seven")),
        *(("seller", text) for text in ("", "a/b", "a b", "\x1b[31m", "x" * 200)),
        *(("media", text) for text in ("Shiny", "VG++", "Generic")),
        *(("sleeve", text) for text in ("Gone",)),
        *(("ships_from", text) for text in ("Atlantis", "ZZ")),
        *(("quantity", text) for text in ("0", "-1", "many", "1.5", "99999999")),
        *(("grams", text) for text in ("0", "-3", "heavy")),
        *(("seller_rating", text) for text in ("101", "-1", "good", "NaN")),
    ],
)
def test_a_senseless_cell_is_named_with_file_line_and_column_and_the_others_stay(
    column: str, text: str
) -> None:
    batch = listings({}, {"listing_id": "2", column: text}, {"listing_id": "3"})
    assert [listing.id for listing in batch.listings] == [1, 3]
    (problem,) = batch.problems
    assert problem.startswith(f"l.csv, line 3, column {column}: ")
    assert len(problem) < 250


def test_a_doubled_listing_counts_once_and_is_reported() -> None:
    batch = listings({}, {"price": "1.00"})
    assert [listing.price for listing in batch.listings] == [Money(1250, Currency.USD)]
    assert batch.problems == ("l.csv, line 3, column listing_id: listing 1 is in the file already.",)


@pytest.mark.parametrize("column", ["release_id", "price"])
def test_a_missing_column_is_named(column: str) -> None:
    data = table(EXPORT, {}, columns=[name for name in EXPORT if name != column])
    with pytest.raises(BadInputError, match=f"line 1: the column {column} is missing"):
        export(data)


def test_a_file_without_one_usable_copy_is_refused() -> None:
    for data in (table(TABLE), table(TABLE, {"price": "free"}), table(EXPORT, {"status": "Sold"})):
        with pytest.raises(BadInputError, match="holds no copy for sale"):
            read_market_csv(data, "l.csv") if b"seller" in data else export(data)


def test_an_export_without_its_seller_asks_for_it() -> None:
    with pytest.raises(BadInputError, match="--seller") as caught:
        read_market_csv(table(EXPORT, {}), "i.csv")
    assert caught.value.field == "seller"


def test_a_collection_is_not_taken_for_copies_for_sale() -> None:
    with pytest.raises(BadInputError, match="collection or a wantlist"):
        read_market_csv(b"Artist,Title,release_id\na,b,1\n", "c.csv")


def answer(**changes: Any) -> dict[str, Any]:
    plain = {
        "id": 1,
        "status": "For Sale",
        "condition": "Mint (M)",
        "sleeve_condition": "Generic",
        "comments": "B&amp;W",
        "ships_from": "Germany",
        "price": {"value": 12.5, "currency": "EUR"},
        "seller": {"id": 5, "username": "shop", "stats": {"rating": "99.8", "total": 12}},
        "release": {"id": 7, "title": "Work 1", "artist": "Artist 1", "format": "LP"},
    }
    return plain | changes


def from_json(document: Any) -> MarketBatch:
    return read_inventory_json(json.dumps(document).encode(), "i.json")


@pytest.mark.parametrize(
    "document", [answer(), [answer()], {"listings": [answer()]}, [{"listings": [answer()]}]]
)
def test_answers_of_the_api_are_read_in_each_form(document: Any) -> None:
    batch = from_json(document)
    (listing,) = batch.listings
    assert batch.problems == ()
    assert (listing.price, listing.comments, listing.origin) == (
        Money(1250, Currency.EUR),
        "B&W",
        Origin.FILE,
    )
    assert batch.sellers[0].rating == Decimal("99.8")


@pytest.mark.parametrize(
    "changes",
    [
        {"price": {"value": -1, "currency": "EUR"}},
        {"price": {"value": "NaN", "currency": "EUR"}},
        {"price": {"value": 1e300, "currency": "EUR"}},
        {"price": {"value": 99_999_999_999, "currency": "EUR"}},
        {"price": {"value": 5, "currency": "DOGE"}},
        {"price": {}},
        {"condition": "Shiny"},
        {"id": "x"},
        {"release": None},
        {"release": []},
        {"seller": {"username": "a/b"}},
        {"seller": {}},
    ],
)
def test_one_bad_answer_is_a_sentence_and_the_others_stay(changes: dict[str, Any]) -> None:
    batch = from_json({"listings": [answer(), answer(**({"id": 2} | changes)), answer(id=3)]})
    assert [listing.id for listing in batch.listings] == [1, 3]
    (problem,) = batch.problems
    assert problem.startswith("i.json: listings[1]")


def test_a_doubled_answer_counts_once_and_is_reported() -> None:
    batch = from_json([answer(), answer(comments="again")])
    assert [listing.comments for listing in batch.listings] == ["B&W"]
    assert batch.problems == ("i.json: listing 1 is in it twice; the first one counts.",)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"{", "line 1, column 2"),
        (b'{"listings": [\n{"id": NaN}]}', "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (b'{"listings": ' + b'{"a":' * 100_000, "not JSON"),
        (b'[{"price": ' + b"9" * 10_000 + b"}]", "not JSON"),
        (b'{"listings": [1e999999999999999999999]}', "not JSON"),
        (b"[]", "holds no copy"),
        (b'{"listings": []}', "holds no copy"),
        (b'{"hello": 1}', "no inventory"),
        (b"[1, 2]", "no inventory"),
        (b"[[[]]]", "no inventory"),
        (b"7", "no inventory"),
        (b"\xff\xfe\x00", "not JSON"),
        (b'{"listings": [7, null, "x"]}', "holds no copy"),
    ],
)
def test_unusable_json_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence) as caught:
        read_inventory_json(data, "i.json")
    assert caught.value.sentence.startswith(("i.json", "“"))


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "release_id": st.integers(1, 10**9).map(str),
            "price": st.integers(1, 10**9).map(lambda minor: f"{Decimal(minor).scaleb(-2):.2f}"),
            "currency": st.sampled_from([c.value for c in Currency if c.decimals == 2]),
            "media": st.sampled_from([grade.short for grade in Grade]),
            "sleeve": st.sampled_from([grade.short for grade in SleeveGrade]),
            "quantity": st.integers(1, 99).map(str),
        }
    ),
    min_size=1,
    max_size=8,
)


@given(ROWS)
def test_what_was_written_is_read_back(rows: list[dict[str, str]]) -> None:
    batch = listings(*({**row, "listing_id": str(number)} for number, row in enumerate(rows, 1)))
    assert batch.problems == ()
    for listing, row in zip(batch.listings, rows, strict=True):
        assert listing.price == Money.parse(row["price"], Currency(row["currency"]))
        assert listing.media is not None
        assert listing.sleeve is not None
        read = (str(listing.release_id), listing.media.short, listing.sleeve.short, str(listing.quantity))
        assert read == (row["release_id"], row["media"], row["sleeve"], row["quantity"])


@settings(max_examples=200)
@given(st.binary(max_size=200), st.integers(0, 600))
def test_no_bytes_make_the_readers_fail_otherwise(noise: bytes, place: int) -> None:
    csv_data = table(TABLE, {}, {"listing_id": "2"})
    json_data = json.dumps([answer(), answer(id=2)]).encode()
    inserted = [data[:place] + noise + data[place:] for data in (csv_data, json_data)]
    prices = []
    for data in (csv_data, json_data, noise, *inserted):
        for reader in (read_market_csv, read_inventory_json):
            with suppress(AssistantError):
                prices += [listing.price.minor for listing in reader(data, "l.csv").listings]
    assert len(prices) >= 4
    assert min(prices) > 0


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "price",
                        "listings",
                        "value",
                        "currency",
                        "seller",
                        "release",
                        "username",
                        "status",
                    ]
                ),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_makes_the_reader_fail_otherwise(document: Any) -> None:
    for tried in (document, answer(price=document), answer(seller=document), answer(release=document)):
        try:
            from_json(tried)
        except AssistantError:
            continue


@pytest.mark.real
def test_real_answers_are_read(real: Path) -> None:
    inventory = read_inventory_json((real / "api" / "shop.json").read_bytes(), "shop.json")
    assert (len(inventory.listings), len(inventory.sellers), inventory.problems) == (2, 1, ())
    name = "listing_2218783261_with_shipping_price.json"
    single = read_inventory_json((real / "api" / name).read_bytes(), name)
    assert single.listings[0].shipping == Money(1300, Currency.USD)
    assert single.sellers[0].min_order == Money(500, Currency.USD)
