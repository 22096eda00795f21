"""What a search knew as the files of the commands `carts` and `plan`, for the independent checker."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.checker import carts, plans
from tests.pipelines.installation import Installation

from discogs_assistant.model.cart import Candidate
from discogs_assistant.model.run import Run
from discogs_assistant.model.shipping import ShippingPolicy
from discogs_assistant.pipelines.carts.answer import fresh_answer, stored_basis
from discogs_assistant.pipelines.carts.candidates import choose_wants
from discogs_assistant.pipelines.carts.search import CartSearch
from discogs_assistant.pipelines.carts.shop import criteria_of
from discogs_assistant.store.market import listings as stored_listings
from discogs_assistant.store.market import sellers


def searched(installation: Installation, run: Run) -> CartSearch:
    """The search of a finished run, done again."""
    return fresh_answer(
        installation.ctx, run, criteria_of(run), stored_basis(installation.ctx.db, run).interest
    )[0]


def write_market(installation: Installation, found: CartSearch, folder: Path) -> None:
    """L.csv, S.csv and W.csv of what was known of the candidates and wants, before any criteria."""
    since = installation.clock.now() - timedelta(hours=6)
    wants = choose_wants(found.market, found.request).candidates
    ids = list({**found.choice.candidates, **wants})
    listings = stored_listings.listings_for(installation.ctx.db, installation.owner, ids, since=since)
    known = sellers.sellers(installation.ctx.db, installation.owner, {listing.seller for listing in listings})
    copies = found.market.copies
    grams = dict(zip(copies.listing.tolist(), copies.grams.tolist(), strict=True))
    _write(
        folder / "L.csv",
        "listing_id seller release_id price currency quantity media sleeve ships_from seller_rating "
        "grams format",
        (
            [
                listing.id, listing.seller, listing.release_id, listing.price.decimal, listing.price.currency,
                listing.quantity, listing.media.short if listing.media else "",
                listing.sleeve.short if listing.sleeve is not None else "", listing.ships_from or "",
                known[listing.seller].rating, grams[listing.id], listing.format or "",
            ]
            for listing in listings
        ),
    )  # fmt: skip
    for name, rows in (("S.csv", found.choice.candidates), ("W.csv", wants)):
        _write(
            folder / name,
            "release_id score group",
            ([id, _score(row.score_micro), _group(row)] for id, row in rows.items()),
        )


def write_shipping(policies: Iterable[ShippingPolicy], folder: Path) -> None:
    """P.csv of typed policies."""
    _write(
        folder / "P.csv",
        "seller ships_to unit from to cost per_unit currency min_order",
        (
            [
                policy.seller, policy.ships_to, method.unit, band.low,
                "" if band.high is None else band.high, band.cost, band.per_unit, policy.currency,
                "" if policy.min_order is None else policy.min_order,
            ]
            for policy in policies
            for method in policy.methods
            for band in method.bands
        ),
    )  # fmt: skip


def check_carts(
    folder: Path, document: Mapping[str, Any], shown: Sequence[Mapping[str, Any]], **asked: Any
) -> None:
    """Each cart holds by the files alone, and they are in order."""
    plain = carts.Asked(
        folder / "L.csv", folder / "S.csv", document["criteria"]["budget"], document["currency"], **asked
    )
    stock = carts.stock(plain, document["rates"]["values"])
    made = [carts.check_cart(stock, cart) for cart in shown]
    assert [cart.order for cart in made] == sorted(cart.order for cart in made)


def check_plan(folder: Path, document: Mapping[str, Any], plan: Mapping[str, Any], **asked: Any) -> None:
    """The plan holds by the files alone."""
    plain = plans.Asked(folder / "L.csv", folder / "W.csv", plan["answer"], document["currency"], **asked)
    plans.check(plain, {**plan, "rates": document["rates"]})


def _group(candidate: Candidate) -> str:
    return "" if candidate.group is None else f"master {candidate.group}"


def _score(micro: int) -> str:
    return f"{micro // 10**6}.{micro % 10**6:06d}"


def _write(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows([header.split(), *rows])
