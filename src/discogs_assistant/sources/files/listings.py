"""L.csv: copies for sale."""

from __future__ import annotations

from dataclasses import dataclass

from discogs_assistant.model.money import Currency
from discogs_assistant.sources.files import cells
from discogs_assistant.sources.files.careful_columns import Ints
from discogs_assistant.sources.files.table import Table

IDS = ("listing_id", "release_id")
REQUIRED = ("seller", "price", "currency")
OPTIONAL = ("quantity", "media", "sleeve", "ships_from", "seller_rating", "grams", "format")


@dataclass(frozen=True, slots=True)
class ListingRows:
    """The rows of the file, each column (n,).

    `price` in minor units of `currencies[currency]`; `seller`, `currency`, `country` and `format` are
    places in the tuples beside them, in which an empty text stands for an unknown value; `rating` in
    millionths of a percent, -1 where unknown; grades as the model's, or `UNGRADED`.
    """

    listing: Ints
    release: Ints
    seller: Ints
    sellers: tuple[str, ...]
    price: Ints
    currency: Ints
    currencies: tuple[Currency, ...]
    quantity: Ints
    grams: Ints
    media: Ints
    sleeve: Ints
    country: Ints
    countries: tuple[str, ...]
    rating: Ints
    format: Ints
    formats: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.listing)


def read_listings(data: bytes, name: str) -> ListingRows:
    """`BadInputError` names line and column of the first value that breaks a rule, or of a doubled id."""
    table = Table(data, name, ids=IDS, required=REQUIRED, optional=OPTIONAL)
    listing = table.keys("listing_id")
    seller, sellers = table.coded("seller", cells.name)
    currency, currencies = table.coded("currency", Currency.parse)
    country, countries = table.coded("ships_from", cells.country)
    format_, formats = table.coded("format", str)
    return ListingRows(
        listing=listing,
        release=table.ids("release_id"),
        seller=seller,
        sellers=sellers,
        price=table.amounts("price", "currency", cells.price),
        currency=currency,
        currencies=tuple(map(Currency, currencies)),
        quantity=table.numbers("quantity", cells.copies),
        grams=table.numbers("grams", cells.grams),
        media=table.numbers("media", cells.media),
        sleeve=table.numbers("sleeve", cells.sleeve),
        country=country,
        countries=countries,
        rating=table.numbers("seller_rating", cells.rating),
        format=format_,
        formats=formats,
    )
