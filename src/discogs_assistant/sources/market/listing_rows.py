"""One row of a table of listings, or of a seller's exported inventory, as a copy for sale."""

from __future__ import annotations

from datetime import datetime

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ListingId, ReleaseId, parse_user_name, printable
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.market import Shop
from discogs_assistant.model.money import Currency, Money, parse_decimal
from discogs_assistant.sources.csv_files import cells
from discogs_assistant.sources.csv_files.rows import CsvRow
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
_MOST_COPIES = 10_000
_MOST_GRAMS = 1_000_000
_YES_NO = {"": None, "y": True, "yes": True, "true": True, "1": True}
_YES_NO |= {"n": False, "no": False, "false": False, "0": False}


def listed(row: CsvRow, as_of: datetime) -> Offer:
    """A row of a table of listings; `BadInputError` names the column that makes no sense."""
    currency = Currency.parse(row.cell("currency"), field="currency")
    country = cells.country(row, "ships_from")
    seller = Seller(
        parse_user_name(row.cell("seller"), field="seller"),
        rating=cells.percentage(row, "seller_rating"),
        ships_from=country,
    )
    listing = Listing(
        id=ListingId(cells.identifier(row, "listing_id")),
        release_id=ReleaseId(cells.identifier(row, "release_id")),
        seller=seller.name,
        price=_exact_price(row, currency),
        as_of=as_of,
        origin=Origin.FILE,
        media=cells.media(row, "media"),
        sleeve=cells.sleeve(row, "sleeve"),
        ships_from=country,
        quantity=cells.whole_number(row, "quantity", low=1, high=_MOST_COPIES) or 1,
        grams=cells.whole_number(row, "grams", low=1, high=_MOST_GRAMS),
        format=cells.words(row, "format"),
    )
    return listing, seller


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
