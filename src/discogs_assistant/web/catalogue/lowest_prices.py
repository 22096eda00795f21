"""The lowest price known of a record, as it stands beside recommendations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.pipelines.runtime.exchange_rates import rate_table
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import exchange_rates, listing_columns, price_floors
from discogs_assistant.store.market.listing_columns import MarketRow
from discogs_assistant.web.session import Visitor


def rates_into(visitor: Visitor, currency: Currency) -> RateTable:
    """The newest stored rates into `currency`."""
    day = visitor.now.date()
    return visitor.site.memory.recall(("rates", currency, day), lambda: _read(visitor.ctx.db, currency, day))


def _read(db: Database, currency: Currency, day: date) -> RateTable:
    held = exchange_rates.rates(db, day)
    if held is None:
        # Reading the installed rates takes longer than a page may: once only, later calls find them cached.
        return rate_table(db, currency, day)
    return RateTable.from_euro(held[0], held[1], currency, held[2])


@dataclass(frozen=True, slots=True)
class LowestPrice:
    """The lowest price in the visitor's currency, the number of copies, and when they were seen."""

    price: Money
    copies: int
    as_of: datetime


def lowest_prices(visitor: Visitor, ids: Iterable[int]) -> Mapping[int, LowestPrice]:
    """What is known for sale of each release: its listings, else the price floor that Discogs reports."""
    wanted = [ReleaseId(id) for id in ids]
    currency = visitor.chosen.currency
    floors = price_floors.stats(visitor.ctx.db, wanted, currency, visitor.since)
    found = {
        int(id): LowestPrice(floor.lowest, floor.for_sale, floor.as_of)
        for id, floor in floors.items()
        if floor.lowest is not None
    }
    return found | _of_listings(visitor, wanted)


def _of_listings(visitor: Visitor, ids: list[ReleaseId]) -> dict[int, LowestPrice]:
    copies: dict[int, list[MarketRow]] = {}
    for row in listing_columns.market_rows(visitor.ctx.db, visitor.owner, ids, since=visitor.since):
        copies.setdefault(row.release_id, []).append(row)
    rates = rates_into(visitor, visitor.chosen.currency)
    lowest = {id: _lowest(rows, rates) for id, rows in copies.items()}
    return {id: price for id, price in lowest.items() if price is not None}


def _lowest(rows: list[MarketRow], rates: RateTable) -> LowestPrice | None:
    prices = [(Money(row.price_minor, Currency(row.currency)), row.as_of) for row in rows]
    priced = [(rates.convert(price), as_of) for price, as_of in prices if price.currency in rates.values]
    if not priced:
        return None
    price, as_of = min(priced)
    return LowestPrice(price, len(priced), as_of)
