"""The options of a cart search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, PlainSerializer, model_validator

from discogs_assistant.errors import BadInputError, InvalidFieldsError
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import ReleaseId, parse_user_name, printable
from discogs_assistant.model.money import Money
from discogs_assistant.pipelines.recommendations.options import NoveltyOptions
from discogs_assistant.pipelines.runtime.options.listings import ListingOptions
from discogs_assistant.pipelines.runtime.options.model import OptionsModel, option, same_named
from discogs_assistant.pipelines.runtime.options.types import (
    COUNTRY,
    MONEY,
    RELEASES,
    YES_NO,
    OptionType,
    Reading,
    codes,
    share,
    whole,
)

_MOST_RECORDS = 1000


def _open_orders(value: object, reading: Reading) -> Mapping[str, int]:
    """From texts such as "name:3"; the last of a seller counts."""
    found: dict[str, int] = {}
    for item in codes(value, reading.what):
        name, _, count = item.rpartition(":")
        plain = count.strip()
        if not (name and plain.isascii() and plain.isdecimal() and 0 < int(plain[:5]) <= _MOST_RECORDS):
            raise BadInputError(
                f"{reading.what}: “{printable(item, 40)}” is not a seller with a number of records.",
                "Write it as name:3.",
            )
        found[parse_user_name(name.strip())] = int(plain)
    return found


_OPEN_ORDERS = OptionType(
    _open_orders,
    lambda counts: [f"{name}:{count}" for name, count in sorted(counts.items())],
    {"type": "array", "items": {"type": "string"}},
    repeated=True,
)


class DestinationOptions(OptionsModel):
    """Where parcels go."""

    destination: Annotated[str | None, COUNTRY] = option(
        None,
        "Ships to",
        "Where the parcel goes: decides about shipping, VAT and duty, and which country home is.",
        "US",
        home="country",
    )


# The fields of the last base are read first: countries to buy from may be the destination.
class ShopOptions(ListingOptions, NoveltyOptions, DestinationOptions):
    """All that a cart search is asked."""

    budget: Annotated[Money, MONEY] = option(
        ..., "Budget", "What one cart may cost.", "100.00", missing="A budget is needed, such as 100.00."
    )
    include_shipping: Annotated[bool, YES_NO] = option(
        True,
        "Shipping counts towards the budget",
        "Where the shipping is unknown, it always comes on top.",
    )
    min_seller_ratings: Annotated[int | None, whole(0, 10**9)] = option(
        None, "Number of seller ratings, at least", "New sellers have few or none.", "50"
    )
    ratio: Annotated[Decimal, share("recommendations only", "wantlist only")] = option(
        Decimal("0.5"),
        "Share of the wantlist",
        "0 is recommendations only, 1 is wantlist only, and in the middle half of each. A plan over several "
        "sellers covers your whole wantlist, except at 0.",
    )
    min_items: Annotated[int, whole(1, 1000)] = option(
        1, "Records in a cart, at least", "A parcel with one record is rarely worth its shipping."
    )
    must: Annotated[frozenset[ReleaseId], RELEASES] = option(
        frozenset(),
        "Required records",
        "Every cart has them. Give their numbers or addresses on Discogs.",
        "249504",
    )
    exclude_release: Annotated[frozenset[ReleaseId], RELEASES] = option(
        frozenset(),
        "Records to leave out",
        "No cart has them. Give their numbers or addresses on Discogs.",
        "249504",
        aliases=("exclude_releases",),
    )
    any_pressing: Annotated[bool, YES_NO] = option(
        False,
        "Any pressing of the same master will do",
        "Counts every pressing of a record you want, and buys one of them.",
    )
    uniform_wants: Annotated[bool, YES_NO] = option(
        False, "All wants are worth the same", "Otherwise they are weighed by your taste."
    )
    min_love: Annotated[Decimal, share("any record", "only what I would love most")] = option(
        Decimal(0),
        "Love, at least",
        "0 takes every record, 1 only those that score like the best. What you require stays in any case.",
        "0.3",
    )
    unusual_prices: Annotated[bool, YES_NO] = option(
        False,
        "Buy at unusual prices too",
        "Otherwise copies that cost four times as much as others of the record in their condition, or a "
        "quarter of it, are left out of the cheapest cart, the most records, and plans.",
    )
    min_orders: Annotated[bool, YES_NO] = option(
        False,
        "Reach each seller's minimum order",
        "Otherwise a cart below it is shown, with what is missing.",
    )
    open_orders: Annotated[Mapping[str, int], _OPEN_ORDERS] = option(
        {},
        "Open orders",
        "Sellers with whom you already have records in an order that is not sent, as name:3. Of shipping, "
        "only what more records add is counted there.",
        "name:3",
    )
    top: Annotated[int, whole(1, 200)] = option(20, "Number of carts", "The best ones, at most 200.")
    per_seller: Annotated[int, whole(1, 20)] = option(
        1, "Carts of one seller", "1 shows only the best cart of each seller."
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.must & self.exclude_release:
            raise InvalidFieldsError({"exclude_release": "A required record cannot be left out."})
        return self

    @property
    def criteria(self) -> CartCriteria:
        """The same for the engine."""
        listing = replace(self.listing, min_seller_ratings=self.min_seller_ratings)
        return same_named(CartCriteria, self, listing=listing, exclude_releases=self.exclude_release)


def cart_criteria_json(criteria: CartCriteria) -> dict[str, Any]:
    """The canonical options that ask for these criteria."""
    own = {
        name: getattr(source, name)
        for source in (criteria, criteria.listing)
        for name in ShopOptions.definitions()
        if hasattr(source, name)
    }
    options = ShopOptions.model_construct(
        **own,
        currency=criteria.budget.currency,
        exclude_seller=criteria.listing.exclude_sellers,
        exclude_release=criteria.exclude_releases,
    )
    return options.canonical()


def _criteria(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return ShopOptions.parse(value).criteria


CriteriaField = Annotated[CartCriteria, BeforeValidator(_criteria), PlainSerializer(cart_criteria_json)]
"""What was asked for, in the form of the options of `shop`."""
