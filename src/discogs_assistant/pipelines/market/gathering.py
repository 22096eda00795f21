"""Who sells the candidates: old inventories, then pages and price floors of what no seller offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from discogs_assistant.model.criteria import CartCriteria, ListingCriteria
from discogs_assistant.model.ids import OwnerId, ReleaseId
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.market import Coverage, ReleaseRequest
from discogs_assistant.model.money import Currency
from discogs_assistant.model.ports import MarketSource, answering
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.market.inventory_reading import EVERYBODY
from discogs_assistant.pipelines.market.seller_survey import deadline, survey_sellers
from discogs_assistant.pipelines.runtime.batched_requests import Asking, ask_for, save_requests
from discogs_assistant.pipelines.runtime.circuit_breaker import met_before
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listings, price_floors, sellers
from discogs_assistant.store.runs import progress, results

STAGE = 6
_SELLERS = "sellers to ask"
_MET_WITHIN = timedelta(days=30)
"""An older listing no longer hints at what its seller has."""
_FRESH = 0.5
"""Part of the age limit after which a stock is read again, so that the answer can be shown for a while."""


def gather_market(
    ctx: Context, flow: Flow, run: Run, interest: Sequence[ReleaseId], criteria: CartCriteria
) -> None:
    """Update the market of the releases of `interest`, the nearest first.

    It ends at the setting's deadline or allowance of requests; sentences say what is missing.
    """
    flow.step("choose sellers", lambda: _choose_sellers(ctx, run, interest, criteria))
    names: list[str] = results.work(ctx.db, run.id, _SELLERS) or []
    ends = deadline(ctx, flow, ctx.settings.market_deadline)
    allowance = ctx.settings.market_requests
    currency = criteria.budget.currency
    afterwards: int = flow.step(
        "count what no seller has so far", lambda: _rest(ctx, run, interest, currency) if names else 0
    )
    survey = survey_sellers(
        ctx, flow, names, stage=STAGE, ends=ends, allowance=allowance, afterwards=afterwards
    )
    flow.step("say what is missing of the market", lambda: _tell(ctx.db, run, survey.sentences()))
    if survey.answered or not names:
        left = max(0, allowance - survey.requests)
        _ask_for_the_rest(ctx, flow, run, interest, currency, left, ends, survey.requests)


def stale_sellers(
    ctx: Context, owner: OwnerId, interest: Sequence[ReleaseId], criteria: CartCriteria
) -> list[str]:
    """Favourites, then the sellers met, those with the most of `interest` first, whose inventory is old.

    Sellers known to fail the criteria are not read.
    """
    now = ctx.clock.now()
    met = [match.seller.name for match in listings.seller_matches(ctx.db, owner, interest, now - _MET_WITHIN)]
    liked = sellers.favourites(ctx.db, owner)
    place = {name: at for at, name in enumerate(met)}
    names = sorted(liked, key=lambda name: place.get(name, len(met))) + [n for n in met if n not in liked]
    known = sellers.sellers(ctx.db, owner, names)
    states = sellers.inventory_states(ctx.db, names)
    fresh = now - ctx.settings.max_data_age * _FRESH
    return [
        name
        for name in names
        if (name not in states or states[name].read_at < fresh)
        and _may_do(known.get(name, Seller(name)), criteria.listing)
    ]


def _may_do(seller: Seller, wanted: ListingCriteria) -> bool:
    """False where what is known of the seller fails the criteria."""
    low = wanted.min_seller_rating
    return (
        seller.name not in wanted.exclude_sellers
        and (low is None or seller.rating is None or seller.rating >= low)
        and not (wanted.ships_from and seller.ships_from and seller.ships_from not in wanted.ships_from)
    )


def _choose_sellers(ctx: Context, run: Run, interest: Sequence[ReleaseId], criteria: CartCriteria) -> int:
    progress.advance(ctx.db, run.id, ctx.clock.now(), stage=STAGE)
    useless = met_before(ctx.db, run.id) is not None
    return save_requests(
        ctx.db, run, _SELLERS, [] if useless else stale_sellers(ctx, run.owner, interest, criteria)
    )


def _tell(db: Database, run: Run, sentences: Sequence[str]) -> None:
    for sentence in sentences:
        progress.add_partial(db, run.id, sentence)


def _ask_for_the_rest(
    ctx: Context,
    flow: Flow,
    run: Run,
    interest: Sequence[ReleaseId],
    currency: Currency,
    left: int,
    ends: datetime,
    before: int,
) -> None:
    """What the sources of releases know of what is still unknown, one source after the other."""
    for source in answering(ctx.sources.market, ReleaseRequest):
        coverage = source.covers(ReleaseRequest(tuple(interest), currency, run.owner, run.id))
        if coverage is None:
            continue
        choose = partial(_choose_releases, ctx, run, coverage, currency, left)
        count: int = flow.step(f"choose {coverage.name}", choose)
        asking = Asking(coverage.name, STAGE, coverage.missing, before + count, before, ends)
        ask_for(ctx, flow, run, asking, count, partial(_read_release, ctx, run, source, currency))
        left, before = left - count, before + count


def _rest(ctx: Context, run: Run, interest: Sequence[ReleaseId], currency: Currency) -> int:
    """How many releases the sources of releases would be asked for now; sellers may have some of them."""
    request = ReleaseRequest(tuple(interest), currency, run.owner, run.id)
    coverages = [source.covers(request) for source in answering(ctx.sources.market, ReleaseRequest)]
    return sum(len(_unknown(ctx, run, coverage, currency)) for coverage in coverages if coverage)


def _choose_releases(ctx: Context, run: Run, coverage: Coverage, currency: Currency, left: int) -> int:
    return save_requests(ctx.db, run, coverage.name, _unknown(ctx, run, coverage, currency)[:left])


def _unknown(ctx: Context, run: Run, coverage: Coverage, currency: Currency) -> list[int]:
    """The first covered that have no known copy, nor a known price where the source only has prices."""
    since = ctx.fresh_since()
    known = set(listings.releases_for_sale(ctx.db, run.owner, coverage.releases, since=since))
    if not coverage.copies:
        known |= price_floors.stats(ctx.db, coverage.releases, currency, since).keys()
    return [int(release) for release in coverage.releases if release not in known][: coverage.most]


def _read_release(
    ctx: Context, run: Run, source: MarketSource[ReleaseRequest], currency: Currency, id: int
) -> None:
    request = ReleaseRequest((ReleaseId(id),), currency, run.owner, run.id)
    for batch in source.read(request):
        listings.save_listings(ctx.db, EVERYBODY, batch.listings, batch.sellers)
        price_floors.save_stats(ctx.db, batch.floors)
        for sentence in batch.problems:
            progress.log(ctx.db, run.id, ctx.clock.now(), sentence)
