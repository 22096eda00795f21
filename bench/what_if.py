"""What-if moves of a person over a made-up market: from memory, and the first of a run."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from bench.figures import Figure, percentile
from bench.made_up_market import SEED, market
from discogs_assistant.config import Settings
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId, RunId, new_run_id
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.model.recommendation import Reason, Recommendation
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.carts.answer import store_basis
from discogs_assistant.pipelines.carts.interest import Interest
from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.carts.what_if import what_if
from discogs_assistant.pipelines.files.peak_memory import peak_mb
from discogs_assistant.pipelines.market.shipping_policies import type_in
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.options.types import Home
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.database import Database, migrate, open_database
from discogs_assistant.store.market import listings as stored_market
from discogs_assistant.store.runs import progress, results, runs
from discogs_assistant.store.schema import SHARED_OWNER

SIZES = ((200, 8_000), (5_000, 39_000))
RELEASES, RECOMMENDED = 1_500, 1_000
COUNTRIES = ("DE", "US", "FR", "GB", "JP")
MOVES: Sequence[dict[str, Any]] = (
    {"budget": "50"},
    {"budget": "101"},
    {"budget": "300"},
    {"min_media": "VG+"},
    {"min_media": "NM", "budget": "150"},
    {"min_seller_rating": "99"},
    {"ships_from": ["EU"]},
    {"exclude_seller": ["seller000001", "seller000002"]},
    {"exclude_release": [1, 2, 3]},
    {"must": [5]},
    {"include_shipping": False},
)


def measure() -> list[Figure]:
    """Figures of databases in SQLite files, shipping known of one seller in each country."""
    return [figure for size in SIZES for figure in _of_size(*size)] + [
        Figure("memory of the process", peak_mb(), "MB")
    ]


def _of_size(sellers: int, listings: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        ctx, owner, run = _finished_run(Path(folder), sellers, listings)
        what_if(ctx, owner, run, {})
        ctx.process.markets.forget(run)
        first = _milliseconds(ctx, owner, run, {})
        gc.collect()
        gc.freeze()
        times = [_milliseconds(ctx, owner, run, move) for move in MOVES for _ in range(3)]
        ctx.db.close()
    over = f"what-if over {listings:,} copies of {sellers:,} sellers"
    return [
        Figure(f"{over}: the first move of a run", first, "ms", "under 1,000 ms"),
        Figure(f"{over}: median of later moves", percentile(times, 0.5), "ms", "under 100 ms"),
        Figure(f"{over}: slowest of later moves", max(times), "ms", "under 100 ms"),
    ]


def _milliseconds(ctx: Context, owner: OwnerId, run: RunId, moves: dict[str, Any]) -> float:
    began = time.perf_counter()
    what_if(ctx, owner, run, moves)
    return 1000 * (time.perf_counter() - began)


def _finished_run(folder: Path, sellers: int, listings: int) -> tuple[Context, OwnerId, RunId]:
    db = open_database(f"sqlite:///{folder / 'assistant.db'}")
    migrate(db)
    unused = cast(Any, None)
    settings = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
    ctx = Context(settings, db, unused, SystemClock(), Catalogue(folder / "catalogue"), unused)
    owner = accounts.local_account(db, ctx.clock.now())
    _fill(db, ctx, sellers, listings)
    for place in range(len(COUNTRIES)):
        shipping = {"seller": f"seller{place:06}", "first": "6.50", "further": "1.20"}
        type_in(ctx.db, owner, shipping, Home(Currency.EUR, "DE"), ctx.clock.now())
    return ctx, owner, _search(ctx, owner)


def _fill(db: Database, ctx: Context, sellers: int, listings: int) -> None:
    now = ctx.clock.now()
    copies = market(sellers, listings, RELEASES, "recommended", SEED)
    shops = [
        Seller(name, place, Decimal(90 + place % 10), place, COUNTRIES[place % len(COUNTRIES)])
        for place, name in enumerate(copies.sellers)
    ]
    offered = [
        Listing(
            ListingId(int(copies.listing[row])),
            ReleaseId(int(copies.release[row]) + 1),
            copies.sellers[copies.seller[row]],
            Money(int(copies.price[row]), Currency.EUR),
            now,
            Origin.INVENTORY,
            Grade(int(copies.media[row])),
            SleeveGrade(int(copies.sleeve[row])),
            format="LP, Album",
            title=f"Title {copies.release[row]}",
        )
        for row in range(len(copies))
    ]
    stored_market.save_listings(db, OwnerId(SHARED_OWNER), offered, shops)
    records = [Release(ReleaseId(id), f"Title {id}") for id in range(1, RELEASES + 1)]
    releases.save_releases(db, records, now)


def _search(ctx: Context, owner: OwnerId) -> RunId:
    """A finished run whose recommendations and wants are all releases."""
    now = ctx.clock.now()
    options = {"budget": "100", "currency": "EUR", "destination": "DE", "ratio": "0.5"}
    criteria = ShopOptions.parse(options).canonical()
    asked = Run(new_run_id(), owner, RunKind.SHOP, "me", criteria, "key", RunState.QUEUED, 0, 0, 0, now)
    run = runs.open_run(ctx.db, asked, reuse_since=None)[0]
    progress.start(ctx.db, run.id, now)
    reasons = (Reason("owned", "You own others of the label", 1.0),)
    recommended = tuple(
        Recommendation(
            rank, Release(ReleaseId(rank), f"Title {rank}"), 10 / (9 + rank), reasons, False, False
        )
        for rank in range(1, RECOMMENDED + 1)
    )
    wanted = {ReleaseId(id): 1 / (id - RECOMMENDED) for id in range(RECOMMENDED + 1, RELEASES + 1)}
    store_basis(ctx.db, run, Interest(recommended, wanted), ())
    result = results.save_result(ctx.db, owner, run.id, run.kind.value, {}, now)
    progress.finish(ctx.db, run.id, now, result)
    return run.id
