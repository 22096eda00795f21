"""What a person asks of a cart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.listing import Listing, Seller
from discogs_assistant.model.money import Money


@dataclass(frozen=True, slots=True)
class ListingCriteria:
    """What each listing and its seller must meet; all limits include the limit, empty sets allow all.

    A criterion that is given excludes a listing whose field is not known.
    """

    min_media: Grade | None = None
    min_sleeve: SleeveGrade | None = None
    min_seller_rating: Decimal | None = None
    min_seller_ratings: int | None = None
    ships_from: frozenset[str] = field(default_factory=frozenset)
    exclude_sellers: frozenset[str] = field(default_factory=frozenset)
    max_price: Money | None = None
    formats: frozenset[str] = field(default_factory=frozenset)

    def refuses(self, listing: Listing, seller: Seller | None, price: Money) -> str | None:
        """The name of the first criterion that `listing`, at `price` in the budget's currency, fails."""
        return next((name for name, fails in self._checks(listing, seller, price) if fails), None)

    def _checks(self, listing: Listing, seller: Seller | None, price: Money) -> tuple[tuple[str, bool], ...]:
        rating = seller.rating if seller else None
        ratings = seller.ratings if seller else None
        country = listing.ships_from or (seller.ships_from if seller else None)
        return (
            (
                "media",
                self.min_media is not None and (listing.media is None or listing.media < self.min_media),
            ),
            (
                "sleeve",
                self.min_sleeve is not None and (listing.sleeve is None or listing.sleeve < self.min_sleeve),
            ),
            (
                "seller_rating",
                self.min_seller_rating is not None and (rating is None or rating < self.min_seller_rating),
            ),
            (
                "seller_ratings",
                self.min_seller_ratings is not None
                and (ratings is None or ratings < self.min_seller_ratings),
            ),
            ("ships_from", bool(self.ships_from) and country not in self.ships_from),
            ("seller", listing.seller in self.exclude_sellers),
            ("price", self.max_price is not None and price.minor > self.max_price.minor),
            ("format", bool(self.formats) and not self._has_format(listing)),
        )

    def _has_format(self, listing: Listing) -> bool:
        wanted = {word.casefold() for word in self.formats}
        return bool(wanted & format_words(listing.format or ""))


def format_words(text: str) -> frozenset[str]:
    """The words of a format as Discogs writes it, in small letters; "2xLP, Album" holds an LP too."""
    words = (word.strip().casefold() for word in text.replace(" + ", ",").split(","))
    return frozenset(form for word in words if word for form in (word, _COUNT.sub("", word)))


_COUNT = re.compile(r"^[0-9]{1,3} ?[x×] ?")


@dataclass(frozen=True, slots=True)
class CartCriteria:
    """All that a cart search is asked.

    The budget limits merchandise, and with `include_shipping` also postage, where that is known or guessed.
    `ratio` is 0 for recommendations only, 1 for wantlist only. `uniform_wants` gives every want one score.
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
    new_artists: bool = False
    new_labels: bool = False
    top: int = 20
    per_seller: int = 1
