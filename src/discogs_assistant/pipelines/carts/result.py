"""The typed document of carts: what a search found, as pages, API, command line and files read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from discogs_assistant.model.ids import ListingId, ReleaseId, RunId
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.release import MarketStats
from discogs_assistant.model.shipping import Confidence, NextRecord, ShippingSource
from discogs_assistant.pipelines.carts.options import CriteriaField
from discogs_assistant.pipelines.runtime.results.fields import (
    Moment,
    OnlyIfTrue,
    RatesField,
    ReleaseField,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """A copy in a cart; `price_minor` is its price in the budget's currency, `usual_minor` what others cost.

    `unusual` is a price far from those of other copies in the same condition.

    Fields with a price or the copy's condition are None once prices may no longer be shown.
    """

    listing_id: ListingId
    release_id: ReleaseId
    price: Money | None
    price_minor: int | None
    media: str | None
    sleeve: str | None
    comments: str | None
    ratio_to_lowest: Decimal | None
    usual_minor: int | None
    unusual: Literal["dear", "cheap"] | None
    allow_offers: bool | None
    origin: str
    reason: str | None
    score_micro: int
    shipping: Money | None
    as_of: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFreeShipping:
    """What is missing to free shipping, and the cheapest record that takes the cart there alone.

    With that record the cart costs `more_minor`, which may be negative; None where there is no such record.
    """

    missing: Money
    listing_id: ListingId | None
    release_id: ReleaseId | None
    more_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedCharges:
    """An estimate of what customs and the carrier ask, in minor units of the budget's currency.

    `source` says where the country's rules are from, and `day` as of when.
    """

    vat_minor: int
    duty_minor: int
    handling_minor: int
    day: date
    source: str

    @property
    def total_minor(self) -> int:
        """All of them."""
        return self.vat_minor + self.duty_minor + self.handling_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelShipping:
    """What sending a parcel costs, in minor units of the budget's currency; None where it is unknown.

    `source` is where that is known from, and `method` the seller's cheapest one that carries the parcel.
    """

    status: Confidence
    source: ShippingSource | None
    minor: int | None
    currency: Currency | None
    method: str | None
    sentence: str
    text: str | None
    in_budget: bool
    further: NextRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumOrder:
    """A seller's minimum order, and what a parcel is short of it."""

    minor: int
    currency: Currency
    short_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutCopy:
    """A copy of a candidate that the seller of a cart has too, and why it is not in the cart."""

    listing_id: ListingId
    release_id: ReleaseId
    price_minor: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """One seller's cart. Its amounts are None once its prices have expired."""

    rank: int | None
    seller: str
    listing_ids: tuple[ListingId, ...]
    items: int
    wanted: int
    score_sum_micro: int
    objective_micro: int
    merchandise_minor: int | None
    shipping_minor: int | None
    total_minor: int | None
    left_minor: int | None
    proof: str
    bound_micro: int
    shipping: ParcelShipping
    min_order: MinimumOrder | None
    to_free_shipping: ToFreeShipping | None
    charges: EstimatedCharges | None
    customs: str | None
    why: str | None
    lines: tuple[CartLine, ...]
    left_out: tuple[LeftOutCopy, ...]

    @property
    def releases(self) -> list[ReleaseId]:
        """What is in it, in the order of its lines."""
        return [line.release_id for line in self.lines]


@dataclass(frozen=True, slots=True)
class NamedCart:
    """A cart that is the best at something."""

    name: str
    cart: Cart


@dataclass(frozen=True, slots=True)
class SearchProof:
    """`optimal`, or `within` a gap: how far a better order of carts may be, as a share."""

    status: Literal["optimal", "within"]
    gap: float


@dataclass(frozen=True, slots=True)
class UnknownShipping:
    """The carts of sellers whose shipping is not known, which are listed apart from the others."""

    carts: tuple[Cart, ...]
    proof: SearchProof


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateCounts:
    """How many records were looked for, and how many of them are for sale or too expensive."""

    wanted: int
    recommended: int
    for_sale: int
    too_dear: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerFacts:
    """What a buyer wants to know of a seller."""

    rating: float | None
    ratings: int | None
    ships_from: str | None
    country: str | None
    min_order: Money | None
    shipping_text: str | None
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFloor:
    """Discogs' lowest price of a record, and of how many copies."""

    lowest: Money
    for_sale: int
    as_of: Moment

    @classmethod
    def of(cls, floor: MarketStats | None) -> PriceFloor | None:
        """What Discogs reported; None where it reported no price."""
        if floor is None or floor.lowest is None:
            return None
        return cls(lowest=floor.lowest, for_sale=floor.for_sale, as_of=floor.as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldElsewhere:
    """A candidate that no known seller has, with Discogs' lowest price and the list of its copies."""

    release_id: ReleaseId
    lowest: Money
    for_sale: int
    as_of: Moment
    origin: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """All that a search for carts says, whether for a whole market or for one seller's cart.

    `not_shipping` are sellers who have what was asked for, and send nothing to the destination.
    """

    user: str
    made_at: Moment
    prices_as_of: Moment | None
    criteria: CriteriaField
    budget_minor: int
    currency: Currency
    listings: int
    eligible: int
    sellers_with_offers: int
    excluded: Mapping[str, int]
    candidates: CandidateCounts
    carts: tuple[Cart, ...]
    unknown_shipping: UnknownShipping
    named: tuple[NamedCart, ...]
    sellers: Mapping[str, SellerFacts]
    not_shipping: tuple[str, ...]
    elsewhere: tuple[SoldElsewhere, ...]
    releases: Mapping[ReleaseId, ReleaseField]
    rates: RatesField
    proof: SearchProof
    partial: tuple[str, ...]
    lasting: tuple[str, ...]
    load_ms: float
    solve_ms: float

    @property
    def oldest_price(self) -> datetime:
        """When the oldest price was reported; when the answer was made where there is none."""
        return self.prices_as_of or self.made_at


@dataclass(frozen=True, slots=True, kw_only=True)
class CartsResult(SearchResult):
    """The document of `carts`; `prices_expired` once its prices are too old to be shown.

    `run` built them, and `plans_run` finds plans over several sellers; None where nothing is wanted.
    """

    run: RunId | None = None
    plans_run: RunId | None = None
    prices_expired: OnlyIfTrue = False


CopyState: TypeAlias = Literal["same", "changed", "sold", "gone", "unread"]
"""What happened to a copy; `changed` is about its price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCopy:
    """A copy of a cart as it was, beside what it is now; `shipping` is what sending it alone costs."""

    listing_id: ListingId
    release_id: ReleaseId
    state: CopyState
    was: Money | None
    now: Money | None
    shipping: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult(SearchResult):
    """The document of a check: each copy of a cart read again, and the seller's best cart now."""

    carts_run: RunId
    cart: str
    seller: str
    checked: tuple[CheckedCopy, ...]
    was_as_of: Moment | None
    gone: int
    changed: int
    unread: int
    same_records: bool
    prices_expired: OnlyIfTrue = False
