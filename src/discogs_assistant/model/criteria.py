"""What a person asks of a cart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.money import Money


@dataclass(frozen=True, slots=True)
class ListingCriteria:
    """What each listing and its seller must meet; all limits include the limit, empty sets allow all.

    A given criterion excludes a listing whose field is unknown.
    """

    min_media: Grade | None = None
    min_sleeve: SleeveGrade | None = None
    min_seller_rating: Decimal | None = None
    min_seller_ratings: int | None = None
    ships_from: frozenset[str] = field(default_factory=frozenset)
    exclude_sellers: frozenset[str] = field(default_factory=frozenset)
    max_price: Money | None = None
    formats: frozenset[str] = field(default_factory=frozenset)


def format_words(text: str) -> frozenset[str]:
    """The words of a format as Discogs writes it, in small letters; "2xLP, Album" holds an LP too."""
    words = (word.strip().casefold() for word in text.replace(" + ", ",").split(","))
    return frozenset(form for word in words if word for form in (word, _COUNT.sub("", word)))


_COUNT = re.compile(r"^[0-9]{1,3} ?[x×] ?")


@dataclass(frozen=True, slots=True)
class CartCriteria:
    """All that a cart search is asked.

    The budget limits merchandise, and with `include_shipping` also shipping, if it is known or estimated.
    `ratio` is 0 for recommendations only, 1 for wantlist only. `uniform_wants` gives every want one score.
    `min_love` is the least score of what is not required, as a share of the best. Copies at unusual prices
    are for plans, the cheapest cart and the most records only with `unusual_prices`. `open_orders` says by
    seller how many records the person has in an order with them that is not sent.
    """

    budget: Money
    listing: ListingCriteria = field(default_factory=ListingCriteria)
    min_items: int = 1
    ratio: Decimal = Decimal("0.5")
    destination: str | None = None
    must: frozenset[ReleaseId] = field(default_factory=frozenset)
    exclude_releases: frozenset[ReleaseId] = field(default_factory=frozenset)
    include_shipping: bool = True
    min_orders: bool = False
    any_pressing: bool = False
    uniform_wants: bool = False
    min_love: Decimal = Decimal(0)
    unusual_prices: bool = False
    open_orders: Mapping[str, int] = field(default_factory=dict)
    new_artists: bool = False
    new_labels: bool = False
    top: int = 20
    per_seller: int = 1
