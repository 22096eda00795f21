"""Which listings meet the criteria, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tests.checker.files import Listing, Money
from tests.checker.grades import grade


@dataclass(frozen=True)
class Criteria:
    """The options of the command, as they were typed."""

    min_media: str | None = None
    min_sleeve: str | None = None
    min_seller_rating: str | None = None
    ships_from: tuple[str, ...] = ()
    exclude_seller: tuple[str, ...] = ()
    max_price: str | None = None
    formats: tuple[str, ...] = ()

    def options(self) -> list[str]:
        """The same on the command line."""
        single = {
            "--min-media": self.min_media,
            "--min-sleeve": self.min_sleeve,
            "--min-seller-rating": self.min_seller_rating,
            "--max-price": self.max_price,
            "--ships-from": ",".join(self.ships_from),
            "--formats": ",".join(self.formats),
        }
        pairs = [pair for pair in single.items() if pair[1]]
        pairs += [("--exclude-seller", name) for name in self.exclude_seller]
        return [word for name, value in pairs for word in (name, str(value))]


def eligible(listings: Iterable[Listing], criteria: Criteria, money: Money) -> list[Listing]:
    """The listings that pass every criterion given; a listing with an unknown field fails."""
    return [listing for listing in listings if _passes(listing, criteria, money)]


def _passes(listing: Listing, criteria: Criteria, money: Money) -> bool:
    target = money.target
    limit = None if criteria.max_price is None else money.minor(Decimal(criteria.max_price), target)
    words = _words(listing.format or "")
    return all((
        _grade_reaches(listing.media, criteria.min_media),
        _grade_reaches(listing.sleeve, criteria.min_sleeve),
        criteria.min_seller_rating is None
        or (listing.rating is not None and listing.rating >= Decimal(criteria.min_seller_rating)),
        not criteria.ships_from or listing.ships_from in criteria.ships_from,
        listing.seller not in criteria.exclude_seller,
        limit is None or money.minor(listing.price, listing.currency) <= limit,
        not criteria.formats or words & {name.lower() for name in criteria.formats},
    ))  # fmt: skip


def _words(text: str) -> set[str]:
    """The words of a format; one that counts its discs, as 2xLP, is also the word without the number."""
    words = {word.strip().lower() for word in text.replace(" + ", ",").split(",")}
    return words | {re.sub(r"^[0-9]+ ?x ?", "", word) for word in words}


def _grade_reaches(found: int | None, least: str | None) -> bool:
    wanted = grade(least or "")
    return wanted is None or (found is not None and found >= wanted)
