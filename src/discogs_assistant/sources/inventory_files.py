"""Copies for sale from handed-in files: tables of listings, exported inventories, answers of the API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import NoReturn

from discogs_assistant.errors import BadInputError, UnexpectedAnswerError
from discogs_assistant.model.ids import parse_user_name, printable
from discogs_assistant.model.listing import MarketBatch, Origin
from discogs_assistant.model.money import Currency
from discogs_assistant.sources import listing_rows
from discogs_assistant.sources.batches import Gathering
from discogs_assistant.sources.csv_rows import CsvFile, CsvRow, Problems
from discogs_assistant.sources.listing_price import not_absurd
from discogs_assistant.sources.listing_rows import Shop
from discogs_assistant.sources.wire_fields import Fields
from discogs_assistant.sources.wire_market import Offer, read_listing, unknown_parts


def read_market_csv(data: bytes, name: str, *, shop: Shop | None, as_of: datetime) -> MarketBatch:
    """A table of listings, or the inventory that `shop` exported, told apart by the header."""
    file = CsvFile(data, name)
    if file.has(*listing_rows.TABLE):
        return _listings(file, as_of)
    if not file.has("listing_id") and file.has("release_id"):
        raise BadInputError(
            f"{file.name} is a collection or a wantlist, not copies for sale.", "Give it to `sync` instead."
        )
    file.require(*listing_rows.EXPORT)
    if shop is None:
        raise BadInputError(
            f"{file.name} is an exported inventory, which names neither its seller nor its currency.",
            "Say both, such as: --seller NAME --currency USD.",
            field="seller",
        )
    return _inventory(file, shop, as_of)


def read_listings_csv(data: bytes, name: str, *, as_of: datetime) -> MarketBatch:
    """A table of listings with at least listing_id, seller, release_id, price and currency.

    A bad row is a sentence and the others stay; `BadInputError` where the file or every row is unusable.
    """
    return _listings(CsvFile(data, name), as_of)


def read_inventory_csv(
    data: bytes, name: str, *, seller: str, currency: Currency, ships_from: str | None, as_of: datetime
) -> MarketBatch:
    """The inventory that a seller exported; only what is for sale counts. `ships_from` is an ISO code."""
    shop = Shop(parse_user_name(seller, field="seller"), currency, ships_from)
    return _inventory(CsvFile(data, name), shop, as_of)


def read_inventory_json(data: bytes, name: str, *, as_of: datetime) -> MarketBatch:
    """Answers of Discogs' API: an inventory page, a listing, or a list of either.

    An entry that cannot be read is a sentence; `BadInputError` where the whole cannot be used.
    """
    gathering = Gathering(printable(name, 80))
    for place, document in _documents(_parsed(data, gathering.name), gathering.name):
        try:
            fields = Fields(document, place)
            listing, seller = _checked(read_listing(fields, as_of=as_of, origin=Origin.FILE))
            remarks = unknown_parts(fields)
        except UnexpectedAnswerError as error:
            # Its sentence blames Discogs' answer before the colon; here it is a file's fault.
            gathering.problem(f"{gathering.name}: {error.sentence.partition(': ')[2]}")
            continue
        except BadInputError as error:
            gathering.problem(f"{gathering.name}: {place}: {error.sentence}")
            continue
        if not gathering.add(listing, seller):
            remarks = [f"listing {listing.id} is in it twice; the first one counts."]
        for remark in remarks:
            gathering.problem(f"{gathering.name}: {remark}")
    return gathering.usable_batch()


def _listings(file: CsvFile, as_of: datetime) -> MarketBatch:
    file.require(*listing_rows.TABLE)
    file.only_once(*listing_rows.TABLE, *listing_rows.TABLE_MORE)
    return _rows(file, lambda row: listing_rows.listed(row, as_of))


def _inventory(file: CsvFile, shop: Shop, as_of: datetime) -> MarketBatch:
    file.require(*listing_rows.EXPORT)
    file.only_once(*listing_rows.EXPORT, *listing_rows.EXPORT_MORE)
    return _rows(file, lambda row: listing_rows.exported(row, shop, as_of))


def _rows(file: CsvFile, read: Callable[[CsvRow], Offer]) -> MarketBatch:
    problems = Problems(file.name)
    gathering = Gathering(file.name)
    for row in file.rows(problems):
        try:
            listing, seller = read(row)
        except BadInputError as error:
            problems.add(row.line, error.field, error.sentence)
            continue
        if not gathering.add(listing, seller):
            problems.add(row.line, "listing_id", f"listing {listing.id} is in the file already.")
    for problem in problems.all():
        gathering.problem(str(problem))
    return gathering.usable_batch()


def _documents(document: object, name: str) -> Iterator[tuple[str, object]]:
    """The listings within, each with its place."""
    entries = enumerate(document) if isinstance(document, list) else [(None, document)]
    for number, entry in entries:
        place = "" if number is None else f"[{number}]"
        if not isinstance(entry, dict) or not ({"listings", "price"} & entry.keys()):
            raise BadInputError(
                f"{name} is no inventory.",
                "It must hold Discogs' answers: listings with id, price and seller.",
            )
        inner = entry.get("listings")
        if isinstance(inner, list):
            yield from ((f"{place}listings[{at}]", listing) for at, listing in enumerate(inner))
        else:
            yield place or "the listing", entry


def _checked(offer: Offer) -> Offer:
    """What the API never sends and a file may hold."""
    listing, seller = offer
    parse_user_name(seller.name)
    not_absurd(listing.price)
    return listing, seller


def _parsed(data: bytes, name: str) -> object:
    try:
        document: object = json.loads(data, parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise BadInputError(f"{name}, line {error.lineno}, column {error.colno}: it is not JSON.") from None
    except (ValueError, ArithmeticError, RecursionError):
        raise BadInputError(f"{name} is not JSON that can be read.") from None
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
