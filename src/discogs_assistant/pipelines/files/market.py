"""What the files of `carts` and `plan` offer to somebody with these criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Ints
from discogs_assistant.engine.carts.eligibility import UNKNOWN, ListingColumns, eligible
from discogs_assistant.engine.shipping.estimates import free
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.model.criteria import format_words
from discogs_assistant.model.money import RateTable
from discogs_assistant.model.shipping import ANYWHERE, ShippingPolicy
from discogs_assistant.pipelines.files.currency import Exchange, RatesOf
from discogs_assistant.pipelines.files.options import FileOptions
from discogs_assistant.sources.files import file_bytes
from discogs_assistant.sources.files.listings import ListingRows, read_listings
from discogs_assistant.sources.files.policies import read_policies
from discogs_assistant.sources.files.scores import ScoreRows, WantRows


@dataclass(frozen=True)
class FileMarket:
    """The copies that pass, of releases with a score, and their sellers' shipping policies.

    `listings` counts the rows read, `excluded` those that each criterion refuses. `rates` are None where
    one currency is enough. Without policies `tariffs` are None; with them a seller without one has None.
    """

    listings: int
    excluded: Mapping[str, int]
    copies: Copies
    tariffs: Sequence[Tariff | None] | None
    rates: RateTable | None

    @property
    def partial(self) -> list[str]:
        """Says how many sellers are left out because their shipping is not known."""
        unknown = sum(tariff is None for tariff in self.tariffs or ())
        if not unknown:
            return []
        of_all = f"{unknown:,} of {len(self.copies.sellers):,}"
        return [f"Sellers left out because the file of policies does not have their shipping: {of_all}."]


def read_market(
    raw: Mapping[str, Any], scores: ScoreRows | WantRows, options: FileOptions, rates_of: RatesOf
) -> FileMarket:
    """The market of the files that `raw` names."""
    listings: Path = raw["listings"]
    policies: Path | None = raw.get("policies")
    return file_market(
        read_listings(file_bytes(listings), str(listings)),
        scores,
        None if policies is None else read_policies(file_bytes(policies), str(policies)),
        options,
        rates_of,
        unknown_free=raw.get("unknown_shipping") == "free",
    )


def file_market(
    listings: ListingRows,
    scores: ScoreRows | WantRows,
    policies: Sequence[ShippingPolicy] | None,
    options: FileOptions,
    rates_of: RatesOf,
    *,
    unknown_free: bool = False,
) -> FileMarket:
    """Rates are asked for where copies or policies that matter are in another currency than the budget."""
    exchange = Exchange(options.currency, options.rates_date, rates_of)
    order = np.argsort(scores.release)
    rows, places = _scored(listings, scores.release[order])
    price = exchange.prices(listings, rows)
    passed, excluded = eligible(_columns(listings, rows, price), options.listing)
    rows, of_score, price = rows[passed], order[places[passed]], price[passed]
    used, seller = np.unique(listings.seller[rows], return_inverse=True)
    sellers = tuple(listings.sellers[place] for place in used.tolist())
    chosen = _to(policies or (), options.ships_to, sellers)
    copies = Copies(
        sellers=sellers,
        listing=listings.listing[rows],
        seller=seller.astype(np.int64),
        release=listings.release[rows],
        group=scores.group[of_score],
        price=price,
        worth=exchange.worth(listings, rows, price, chosen),
        score=scores.score[of_score],
        grams=listings.grams[rows],
        quantity=listings.quantity[rows],
        media=listings.media[rows],
        sleeve=listings.sleeve[rows],
    )
    tariffs = None if policies is None else _tariffs(sellers, chosen, exchange, unknown_free)
    return FileMarket(len(listings), excluded, copies, tariffs, exchange.used)


def _scored(listings: ListingRows, releases: Ints) -> tuple[Ints, Ints]:
    """Rows of the listings whose release is among the ascending `releases`, and their places there."""
    if not len(releases):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    places = np.minimum(np.searchsorted(releases, listings.release), len(releases) - 1)
    rows = np.flatnonzero(releases[places] == listings.release)
    return rows, places[rows]


def _columns(listings: ListingRows, rows: Ints, price: Ints) -> ListingColumns:
    return ListingColumns(
        seller=listings.seller[rows],
        sellers=listings.sellers,
        price=price,
        media=listings.media[rows],
        sleeve=listings.sleeve[rows],
        rating=listings.rating[rows],
        ratings=np.full(len(rows), UNKNOWN),
        country=listings.country[rows],
        countries=listings.countries,
        format=listings.format[rows],
        formats=tuple(map(format_words, listings.formats)),
    )


def _tariffs(
    sellers: Iterable[str],
    policies: Mapping[str, ShippingPolicy],
    exchange: Exchange,
    unknown_free: bool,
) -> list[Tariff | None]:
    unknown = free(0) if unknown_free else None
    return [exchange.tariff(policies[name]) if name in policies else unknown for name in sellers]


def _to(
    policies: Sequence[ShippingPolicy], country: str | None, sellers: Iterable[str]
) -> dict[str, ShippingPolicy]:
    """The policies of these sellers for a destination; one for it counts before one for anywhere."""
    names = frozenset(sellers)
    chosen: dict[str, ShippingPolicy] = {}
    for destination in (ANYWHERE, country):
        chosen |= {
            policy.seller: policy
            for policy in policies
            if policy.ships_to == destination and policy.seller in names
        }
    return chosen
