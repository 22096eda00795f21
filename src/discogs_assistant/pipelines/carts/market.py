"""The market of the records that may be bought, in memory: all that a search needs and no wish changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from discogs_assistant.engine.carts.candidates import Pool
from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.carts.eligibility import ListingColumns
from discogs_assistant.engine.carts.prices import price_levels, typical_price
from discogs_assistant.engine.carts.unusual_prices import USUAL, unusual_prices
from discogs_assistant.engine.shipping.estimates import free
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.errors import ConflictError
from discogs_assistant.model.cart import PriceLevel
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import ListingId, MasterId, OwnerId, ReleaseId, UserName
from discogs_assistant.model.links import Links
from discogs_assistant.model.listing import Listing, Seller
from discogs_assistant.model.money import RateTable
from discogs_assistant.model.release import MarketStats, Release
from discogs_assistant.pipelines.carts.copy_columns import columns_of, weights_of
from discogs_assistant.pipelines.carts.interest import Interest
from discogs_assistant.pipelines.catalogue.dump_coverage import in_dump, known_of
from discogs_assistant.pipelines.catalogue.releases import all_pressings
from discogs_assistant.pipelines.market.shipping_costs import SellerShipping, shipping_of, with_open_order
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.exchange_rates import rate_table
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listing_columns, price_floors, sellers
from discogs_assistant.store.market.listing_columns import MarketRow


class MarketChangedError(ConflictError):
    """A copy is no longer what it was when the market was read."""

    code = "market-moved"


@dataclass(frozen=True, eq=False)
class Market:
    """n copies for sale by listing id, of releases that `interest` names.

    `columns` and `copies` hold the same rows; score and group of `copies` are not set yet: 0. `priced` (n,)
    is False where no rate is known for the price's currency, and `weighed` (n,) where a copy's weight is only
    the usual one of its format. `unusual` (n,) is what `unusual_prices` says of the price. `rows` (n,) is
    what was read of each copy, and `observed` (n,) when: a copy that was read again since is the same where
    nothing else has changed. `offered` are the releases by id, `place` (n,) where in them each copy's is.
    `tariffs` and `free` are aligned with the sellers of the copies: shipping as far as known, and minimum
    orders alone. `beside` are the required releases that the person's `interest` does not name. After
    `fresh_until` something is too old to be shown.
    """

    owner: OwnerId
    since: datetime
    columns: ListingColumns
    copies: Copies
    priced: Mask
    weighed: Mask
    unusual: Ints
    observed: tuple[datetime, ...]
    rows: tuple[MarketRow, ...]
    offered: Ints
    place: Ints
    tariffs: tuple[Tariff | None, ...]
    free: tuple[Tariff, ...]
    releases: Mapping[ReleaseId, Release]
    sellers: Mapping[str, Seller]
    shipping: Mapping[str, SellerShipping]
    levels: Mapping[ReleaseId, PriceLevel]
    floors: Mapping[ReleaseId, MarketStats]
    pool: Pool
    rates: RateTable
    links: Links
    interest: frozenset[ReleaseId]
    beside: frozenset[ReleaseId]
    fresh_until: datetime | None
    _met: dict[int, Listing] = field(default_factory=dict, repr=False)

    def serves(self, criteria: CartCriteria, now: datetime) -> bool:
        """True where reading again for `criteria` gives the same, as long as nothing new was read."""
        fresh = self.fresh_until is None or now <= self.fresh_until
        return fresh and criteria.must - self.interest == self.beside

    def listings(self, ctx: Context, rows: Iterable[int]) -> dict[int, Listing]:
        """All that is known of the copies in `rows`, by row; `MarketChangedError` where that has changed."""
        wanted = set(rows)
        missing = {int(self.copies.listing[row]): row for row in wanted - self._met.keys()}
        if missing:
            ids = [ListingId(id) for id in missing]
            for listing in listing_columns.listings(ctx.db, self.owner, ids, since=self.since):
                if _same(self.rows[missing[listing.id]], listing):
                    self._met[missing[listing.id]] = listing
        if wanted - self._met.keys():
            raise MarketChangedError("The market changed while carts were built.", "Try again.")
        return {row: self._met[row] for row in wanted}


def read_market(
    ctx: Context, owner: OwnerId, user: UserName, criteria: CartCriteria, interest: Interest
) -> Market:
    """What is known now; of `criteria` currency, destination, required releases and any pressing matter."""
    now = ctx.clock.now()
    since = ctx.settings.freshness.since(now)
    rates = rate_table(ctx.db, criteria.budget.currency, now.date())
    releases, known, master_of = _pressings(ctx, owner, criteria, interest)
    rows = _rows_of_others(ctx.db, owner, user, releases, since)
    known |= in_dump(ctx.catalogue, {ReleaseId(row.release_id) for row in rows} - known.keys())
    by_name = _sellers(ctx.db, owner, rows)
    costs, reported_at = _shipping(ctx, owner, by_name, criteria, rates)
    described = {
        recommendation.release.id: recommendation.release for recommendation in interest.recommended
    } | known
    grams, weighed = weights_of(rows, described, ctx.settings.item_grams)
    columns, copies, priced = columns_of(rows, by_name, costs, rates, grams)
    floors = price_floors.stats(ctx.db, releases, criteria.budget.currency, since)
    levels = price_levels(copies.release[priced], copies.price[priced], floors, rates)
    named = frozenset(interest.releases(()))
    moments = [*(row.as_of for row in rows), *(floor.as_of for floor in floors.values()), *reported_at]
    offered, place = np.unique(copies.release, return_inverse=True)
    typical = {id: typical_price(id, levels, floors, rates) for id in releases}
    prices = {id: price for id, price in typical.items() if price is not None}
    return Market(
        owner=owner,
        since=since,
        columns=columns,
        copies=copies,
        priced=priced,
        weighed=weighed,
        unusual=_unusual(copies, priced),
        observed=tuple(row.as_of for row in rows),
        rows=tuple(rows),
        offered=offered,
        place=place,
        tariffs=tuple(costs[name].tariff for name in copies.sellers),
        free=tuple(free(costs[name].min_order) for name in copies.sellers),
        releases=described,
        sellers=by_name,
        shipping=costs,
        levels=levels,
        floors=floors,
        pool=Pool(interest.recommended, interest.wanted.keys(), interest.wanted, prices, master_of),
        rates=rates,
        links=Links(ctx.settings.discogs_site_url),
        interest=named,
        beside=criteria.must - named,
        fresh_until=ctx.settings.freshness.ends(min(moments)) if moments else None,
    )


def _rows_of_others(
    db: Database, owner: OwnerId, user: UserName, releases: Sequence[ReleaseId], since: datetime
) -> list[MarketRow]:
    """The copies of `releases` for sale, without the person's own."""
    rows = listing_columns.market_rows(db, owner, releases, since=since)
    return [row for row in rows if row.seller.casefold() != user.casefold()]


def _unusual(copies: Copies, priced: Mask) -> Ints:
    """(n,) what `unusual_prices` says of the copies whose price is known in the budget's currency."""
    found = np.full(len(copies), USUAL, dtype=np.int64)
    known = copies.take(np.flatnonzero(priced))
    found[priced] = unusual_prices(known.release, known.media, known.price)
    return found


def _shipping(
    ctx: Context, owner: OwnerId, by_name: Mapping[str, Seller], criteria: CartCriteria, rates: RateTable
) -> tuple[dict[str, SellerShipping], list[datetime]]:
    """What the sellers charge, with the orders that are open; and when what that is based on was reported."""
    found, reported_at = shipping_of(ctx, owner, by_name, criteria.destination, rates)
    ordered = criteria.open_orders
    costs = {name: with_open_order(shipping, ordered.get(name, 0)) for name, shipping in found.items()}
    return costs, reported_at


def _same(row: MarketRow, listing: Listing) -> bool:
    """Whether a copy still is what it was when the market was read, even if it was read again."""
    seen = (row.release_id, row.seller, row.price_minor, row.currency, row.media, row.sleeve, row.quantity)
    now = (listing.release_id, listing.seller, listing.price.minor, listing.price.currency.value)
    grades = (listing.media, listing.sleeve)
    return seen == (*now, *(None if grade is None else int(grade) for grade in grades), listing.quantity)


def _pressings(
    ctx: Context, owner: OwnerId, criteria: CartCriteria, interest: Interest
) -> tuple[list[ReleaseId], dict[ReleaseId, Release], dict[ReleaseId, MasterId]]:
    """The releases that may be bought, with the other pressings of their masters where those will do."""
    asked = interest.releases(criteria.must)
    known = known_of(ctx, owner, asked)
    master_of = {id: release.master_id for id, release in known.items() if release.master_id is not None}
    if not criteria.any_pressing:
        return asked, known, master_of
    beside = all_pressings(ctx.db, ctx.catalogue, set(master_of.values()))
    master_of |= {id: master for master, ids in beside.items() for id in ids}
    known |= releases.releases(ctx.db, master_of.keys() - known.keys(), owner)
    return list(dict.fromkeys([*asked, *sorted(master_of)])), known, master_of


def _sellers(db: Database, owner: OwnerId, rows: Sequence[MarketRow]) -> dict[str, Seller]:
    """Every seller of the rows, with the country of a copy where their own is not known."""
    countries = {row.seller: row.ships_from for row in reversed(rows)}
    known = sellers.sellers(db, owner, countries.keys())
    found = {name: known.get(name, Seller(name)) for name in countries}
    return {
        name: replace(seller, ships_from=seller.ships_from or countries[name])
        for name, seller in found.items()
    }
