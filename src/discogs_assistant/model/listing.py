"""A copy for sale, and the seller who offers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from operator import attrgetter
from typing import Any, overload

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ListingId, ReleaseId
from discogs_assistant.model.money import Money


class Origin(StrEnum):
    """How a listing came here; `page` is a saved or fetched sell page."""

    INVENTORY = "inventory"
    LISTING = "listing"
    PAGE = "page"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Seller:
    """A seller as far as known: `rating` is a percentage, `shipping_text` the seller's own words."""

    name: str
    id: int | None = None
    rating: Decimal | None = None
    ratings: int | None = None
    ships_from: str | None = None
    min_order: Money | None = None
    shipping_text: str | None = None
    payment: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One copy for sale. `ships_from` is an ISO code; `as_of` the moment its source reported it.

    `shipping` is what sending this copy costs the person who looked, `shipping_text` the words for it;
    `shipping_blocked` is True where the seller does not send to that person's country.
    """

    id: ListingId
    release_id: ReleaseId
    seller: str
    price: Money
    as_of: datetime
    origin: Origin
    media: Grade | None = None
    sleeve: SleeveGrade | None = None
    comments: str | None = None
    ships_from: str | None = None
    allow_offers: bool | None = None
    posted: datetime | None = None
    shipping: Money | None = None
    shipping_text: str | None = None
    shipping_blocked: bool | None = None
    quantity: int = 1
    grams: int | None = None
    format: str | None = None
    artist: str | None = None
    title: str | None = None
    label: str | None = None
    catno: str | None = None
    year: int | None = None
    thumb: str | None = None
    have: int | None = None
    want: int | None = None
    status: str = "For Sale"


LISTING_FIELDS = tuple(field.name for field in fields(Listing))
_DEFAULTS = {field.name: field.default for field in fields(Listing) if field.default is not MISSING}
_values = attrgetter(*LISTING_FIELDS)
_places = {name: place for place, name in enumerate(LISTING_FIELDS)}


@dataclass(frozen=True, slots=True)
class ListingColumns(Sequence[Listing]):
    """Copies for sale in columns: one (n,) for each field of `Listing`, in its order.

    Copies on their way from a file to the database stay columns: making a `Listing` of each takes about as
    long as storing its row.
    """

    columns: tuple[tuple[Any, ...], ...]

    @classmethod
    def of(cls, listings: Sequence[Listing]) -> ListingColumns:
        """The same copies in columns."""
        if isinstance(listings, cls):
            return listings
        columns = tuple(zip(*map(_values, listings), strict=True))
        return cls(columns or ((),) * len(LISTING_FIELDS))

    @classmethod
    def of_columns(cls, number: int, given: Mapping[str, Iterable[Any]]) -> ListingColumns:
        """`number` copies of these columns; the fields without one have their default in all of them."""
        return cls(
            tuple(
                tuple(given[name]) if name in given else (_DEFAULTS[name],) * number
                for name in LISTING_FIELDS
            )
        )

    @classmethod
    def joined(cls, parts: Iterable[ListingColumns]) -> ListingColumns:
        """The copies of all parts, one after another; of one part at least."""
        columns = zip(*(part.columns for part in parts), strict=True)
        return cls(tuple(tuple(chain.from_iterable(pieces)) for pieces in columns))

    def column(self, field: str) -> tuple[Any, ...]:
        """(n,) the values of a field of `Listing`."""
        return self.columns[_places[field]]

    def take(self, places: Sequence[int]) -> ListingColumns:
        """The copies at these places, in their order."""
        return ListingColumns(tuple(tuple([column[place] for place in places]) for column in self.columns))

    def by_id(self) -> ListingColumns:
        """The same copies in the order of their ids."""
        ids = self.column("id")
        places = sorted(range(len(ids)), key=ids.__getitem__)
        return self if places == list(range(len(ids))) else self.take(places)

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[Listing]:
        return map(Listing, *self.columns)

    @overload
    def __getitem__(self, place: int) -> Listing: ...

    @overload
    def __getitem__(self, place: slice) -> ListingColumns: ...

    def __getitem__(self, place: int | slice) -> Listing | ListingColumns:
        if isinstance(place, slice):
            return ListingColumns(tuple(column[place] for column in self.columns))
        return Listing(*(column[place] for column in self.columns))
