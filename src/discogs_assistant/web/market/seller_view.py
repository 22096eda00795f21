"""Sellers as the market page shows them: what each has for a collector, and how old that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.model import readable
from discogs_assistant.model.listing import Seller
from discogs_assistant.store.market import listings, sellers
from discogs_assistant.store.market.listings import MarketSummary
from discogs_assistant.store.runs import runs
from discogs_assistant.web import formatting
from discogs_assistant.web.market.availability import recommended_ids, wanted_ids
from discogs_assistant.web.session import Visitor

_MOST = 100


@dataclass(frozen=True, slots=True)
class SellerRow:
    """A seller with the numbers of wanted and recommended records, the oldest seen at `as_of`."""

    seller: Seller
    wanted: int
    recommended: int
    listings: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class FavouriteRow:
    """A favourite seller, and when the whole stock was last read."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class SellerList:
    """The first sellers by what they have, how many more there are, and whether anything is looked for."""

    rows: tuple[SellerRow, ...]
    more: int
    interests: bool


@dataclass(frozen=True, slots=True)
class MarketView:
    """What is known to be for sale, and who sells it."""

    summary: MarketSummary
    sellers: SellerList


def market_view(visitor: Visitor) -> MarketView:
    """The market from a few seconds ago, or since the last run changed it."""
    last = [(run.id, run.state) for run in runs.runs(visitor.ctx.db, visitor.owner, 1)]
    key = ("market", visitor.owner, visitor.user, tuple(last))
    return visitor.site.memory.recall(key, lambda: fresh_market_view(visitor))


def fresh_market_view(visitor: Visitor) -> MarketView:
    """The market as it is now."""
    return MarketView(listings.summary(visitor.ctx.db, visitor.owner, visitor.since), ranked_sellers(visitor))


def ranked_sellers(visitor: Visitor) -> SellerList:
    """Sellers by wanted, then by recommended records; empty without known records."""
    wants = wanted_ids(visitor)
    recommended = recommended_ids(visitor) - wants
    if not wants and not recommended:
        return SellerList((), 0, False)
    db, owner, since = visitor.ctx.db, visitor.owner, visitor.since
    of_wants = {match.seller.name: match for match in listings.seller_matches(db, owner, wants, since)}
    of_others = {match.seller.name: match for match in listings.seller_matches(db, owner, recommended, since)}
    rows = []
    for name in of_wants.keys() | of_others.keys():
        both = [match for match in (of_wants.get(name), of_others.get(name)) if match]
        rows.append(
            SellerRow(
                both[0].seller,
                of_wants[name].wanted if name in of_wants else 0,
                of_others[name].wanted if name in of_others else 0,
                sum(match.listings for match in both),
                min(match.as_of for match in both),
            )
        )
    rows.sort(key=lambda row: (-row.wanted, -row.recommended, row.seller.name))
    return SellerList(tuple(rows[:_MOST]), max(0, len(rows) - _MOST), True)


def favourite_rows(visitor: Visitor, favourites: Sequence[str]) -> tuple[FavouriteRow, ...]:
    """The favourites with the state of their stock, as it was seconds ago."""
    key = ("stock", tuple(favourites))
    states = visitor.site.memory.recall(key, lambda: sellers.inventory_states(visitor.ctx.db, favourites))
    rows = []
    for name in favourites:
        state = states.get(name)
        words = (
            f"{formatting.count(state.total, 'copy', 'copies')}, read "
            f"{readable.ago(state.read_at, visitor.now)}"
            if state
            else "stock not read yet"
        )
        rows.append(FavouriteRow(name, words if state is None or state.complete else f"{words}, in part"))
    return tuple(rows)
