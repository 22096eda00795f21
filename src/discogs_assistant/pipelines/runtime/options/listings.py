"""The options that say which copies may be bought: of the cart search, of `carts` and `plan` on files."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from discogs_assistant.model.criteria import ListingCriteria
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.pipelines.runtime.options.model import OptionsModel, option, same_named
from discogs_assistant.pipelines.runtime.options.types import (
    AREAS,
    CODES,
    CURRENCY,
    MEDIA_CONDITION,
    MONEY,
    SELLERS,
    SLEEVE_CONDITION,
    decimal,
)


class CopyOptions(OptionsModel):
    """What a copy must be; shared by lists of recommendations and carts."""

    currency: Annotated[Currency, CURRENCY] = option(
        Currency.USD,
        "Currency",
        "The currency of amounts; prices in others are converted by the day's rate.",
        "USD",
        home="currency",
    )
    min_media: Annotated[Grade | None, MEDIA_CONDITION] = option(
        None,
        "Media condition, at least",
        "Only copies in this condition or better count; those of unknown condition do not.",
        "VG+",
    )
    max_price: Annotated[Money | None, MONEY] = option(
        None, "Price of one record, at most", "Only copies at this price or less count.", "20.00"
    )
    formats: Annotated[frozenset[str], CODES] = option(
        frozenset(), "Formats", "Only these formats count.", "LP,CD", aliases=("format",)
    )


class ListingOptions(CopyOptions):
    """What a copy and its seller must be."""

    min_sleeve: Annotated[SleeveGrade | None, SLEEVE_CONDITION] = option(
        None,
        "Sleeve condition, at least",
        "Generic and ungraded sleeves, and copies without one, do not count.",
        "VG",
    )
    min_seller_rating: Annotated[Decimal | None, decimal(0, 100)] = option(
        None,
        "Seller rating in %, at least",
        "Careful sellers have 99 or more; sellers without a rating do not count.",
        "99",
    )
    ships_from: Annotated[frozenset[str], AREAS] = option(
        frozenset(),
        "Ships from",
        "Only copies from these countries count: codes, English names, EU, UK, or home for where parcels go.",
        "US,DE",
    )
    exclude_seller: Annotated[frozenset[str], SELLERS] = option(
        frozenset(), "Sellers to leave out", "Nothing is bought from them.", aliases=("exclude_sellers",)
    )

    @property
    def listing(self) -> ListingCriteria:
        """What each listing must meet."""
        return same_named(ListingCriteria, self, exclude_sellers=self.exclude_seller)
