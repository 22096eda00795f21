"""One row of a table of listings, or of a seller's exported inventory, as a copy for sale."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ListingId, ReleaseId, parse_user_name, printable
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.market import Shop
from discogs_assistant.model.money import Currency, Money, parse_decimal
from discogs_assistant.sources.csv_files import cells
from discogs_assistant.sources.csv_files.rows import CsvRow, column_key
from discogs_assistant.sources.discogs.wire_market import Offer
from discogs_assistant.sources.market.batches import FOR_SALE
from discogs_assistant.sources.market.listing_price import checked_price, not_absurd

TABLE = ("listing_id", "seller", "release_id", "price", "currency")
TABLE_MORE = ("quantity", "media", "sleeve", "ships_from", "seller_rating", "grams", "format")
EXPORT = ("listing_id", "release_id", "price")
EXPORT_MORE = (
    "artist", "title", "label", "catno", "format", "status", "listed", "comments", "media_condition",
    "sleeve_condition", "accept_offer", "weight", "quantity",
)  # fmt: skip
_OF_SELLER = tuple(map(column_key, ("seller", "seller_rating", "ships_from")))
_OF_PRICE = tuple(map(column_key, ("price", "currency")))
_OF_COPY = tuple(map(column_key, ("media", "sleeve", "quantity", "grams", "format")))
_REMEMBERED = 50_000
_MOST_COPIES = 10_000
_MOST_GRAMS = 1_000_000
_YES_NO = {"": None, "y": True, "yes": True, "true": True, "1": True}
_YES_NO |= {"n": False, "no": False, "false": False, "0": False}


class ListingTable:
    """Rows of a table of listings as copies for sale; cells that come again are read once.

    Of a large table nearly all sellers, prices and conditions come again.
    """

    def __init__(self, as_of: datetime) -> None:
        self._as_of = as_of
        self._known: dict[tuple[object, ...], Any] = {}

    def offer(self, row: CsvRow) -> Offer:
        """The copy and its seller; `BadInputError` names the column that makes no sense."""
        listing_id = cells.identifier(row, "listing_id")
        seller = self._read(_seller_of, row, _OF_SELLER)
        price = self._read(_price_of, row, _OF_PRICE)
        described = self._read(_described, row, _OF_COPY)
        listing = Listing(
            ListingId(listing_id),
            ReleaseId(cells.identifier(row, "release_id")),
            seller.name,
            price,
            self._as_of,
            Origin.FILE,
            ships_from=seller.ships_from,
            **described,
        )
        return listing, seller

    def _read(self, read: Callable[[CsvRow], Any], row: CsvRow, columns: tuple[str, ...]) -> Any:
        """What `read` makes of these cells of the row."""
        key = (columns, *map(row.cells.get, columns))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[key] = read(row)
        return found


def _seller_of(row: CsvRow) -> Seller:
    return Seller(
        parse_user_name(row.cell("seller"), field="seller"),
        rating=cells.percentage(row, "seller_rating"),
        ships_from=cells.country(row, "ships_from"),
    )


def _price_of(row: CsvRow) -> Money:
    return _exact_price(row, Currency.parse(row.cell("currency"), field="currency"))


def _described(row: CsvRow) -> dict[str, Any]:
    return {
        "media": cells.media(row, "media"),
        "sleeve": cells.sleeve(row, "sleeve"),
        "quantity": cells.whole_number(row, "quantity", low=1, high=_MOST_COPIES) or 1,
        "grams": cells.whole_number(row, "grams", low=1, high=_MOST_GRAMS),
        "format": cells.words(row, "format"),
    }


def exported(row: CsvRow, shop: Shop, as_of: datetime) -> Offer:
    """A row of the inventory that `shop` exported; what only the seller may see is left out."""
    listing = Listing(
        id=ListingId(cells.identifier(row, "listing_id")),
        release_id=ReleaseId(cells.identifier(row, "release_id")),
        seller=shop.seller,
        price=_price(row, shop.currency),
        as_of=as_of,
        origin=Origin.FILE,
        media=cells.media(row, "media_condition"),
        sleeve=cells.sleeve(row, "sleeve_condition"),
        comments=cells.words(row, "comments"),
        ships_from=shop.ships_from,
        allow_offers=_yes_no(row, "accept_offer"),
        posted=cells.moment(row, "listed"),
        quantity=cells.whole_number(row, "quantity", low=1, high=_MOST_COPIES) or 1,
        grams=_weight(row),
        format=cells.words(row, "format"),
        artist=cells.words(row, "artist"),
        title=cells.words(row, "title"),
        label=cells.words(row, "label"),
        catno=cells.words(row, "catno"),
        status=row.cell("status") or FOR_SALE,
    )
    return listing, Seller(shop.seller, ships_from=shop.ships_from)


def _exact_price(row: CsvRow, currency: Currency) -> Money:
    try:
        return not_absurd(Money.parse(row.cell("price"), currency))
    except BadInputError as error:
        raise BadInputError(error.sentence, error.next_step, field="price") from None


def _price(row: CsvRow, currency: Currency) -> Money:
    """Discogs exports "20.00" in yen too, so zeros beyond the currency's decimals are fine."""
    try:
        return checked_price(parse_decimal(row.cell("price"), what="The price"), currency)
    except BadInputError as error:
        raise BadInputError(error.sentence, error.next_step, field="price") from None


def _weight(row: CsvRow) -> int | None:
    """Grams; Discogs writes "Auto" or 0 where the seller did not weigh it."""
    if row.cell("weight").casefold() in {"auto", "0"}:
        return None
    return cells.whole_number(row, "weight", low=1, high=_MOST_GRAMS)


def _yes_no(row: CsvRow, column: str) -> bool | None:
    text = row.cell(column).casefold()
    if text not in _YES_NO:
        raise BadInputError(f"“{printable(text, 20)}” is neither Y nor N.", field=column)
    return _YES_NO[text]
