"""Shop: from a profile to carts."""

from __future__ import annotations

from dataclasses import replace

from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import ReleaseId, RunId, UserName
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.carts.answer import fresh_answer, store_basis, stored_basis
from discogs_assistant.pipelines.carts.candidates import CartRequest, wants_of
from discogs_assistant.pipelines.carts.interest import Interest
from discogs_assistant.pipelines.carts.market import read_market
from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.carts.plans import open_plans
from discogs_assistant.pipelines.carts.shipping_survey import ask_shipping, sellers_in_reach
from discogs_assistant.pipelines.catalogue.pressings_reading import read_pressings
from discogs_assistant.pipelines.market.gathering import gather_market
from discogs_assistant.pipelines.profiles.open_wants import open_wants
from discogs_assistant.pipelines.profiles.sync import ensure_profile
from discogs_assistant.pipelines.recommendations.candidate_search import find_candidates
from discogs_assistant.pipelines.recommendations.recommend import SCORING, learn_what_is_new, ranked
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.exchange_rates import renew_rates
from discogs_assistant.pipelines.runtime.flow import Flow, run_of
from discogs_assistant.pipelines.runtime.idempotency_keys import settle_market
from discogs_assistant.pipelines.runtime.preparation import Part
from discogs_assistant.pipelines.runtime.results import finished
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listings
from discogs_assistant.store.runs import progress, results, runs

ASKING_SHIPPING, BUILDING = 7, 8
_INTEREST, _MARKET = "interest", "market that was scored"
_MOST_RECOMMENDED = 1000
"""Recommendations a cart is looked for in: beyond them the score is a tenth of the best and less."""


def shop(ctx: Context, flow: Flow) -> None:
    """The pipeline of carts."""
    run = run_of(ctx.db, flow)
    criteria = criteria_of(run)
    ensure_profile(ctx, flow, run)
    if criteria.ratio < 1:
        find_candidates(ctx, flow, run, filters_of(criteria))
    learn_what_is_new(ctx, flow, run)
    flow.step("score what may be bought", lambda: _score(ctx, run, criteria))
    if criteria.any_pressing:
        read_pressings(ctx, flow, run, _interest(ctx.db, run))
    gather_market(ctx, flow, run, _interest(ctx.db, run), criteria)
    flow.step("renew exchange rates", lambda: renew_rates(ctx, run))
    ctx.process.preparation.wait(flow, Part.CARTS)
    ask_shipping(ctx, flow, run, ASKING_SHIPPING, lambda: _in_reach(ctx, run, criteria))
    flow.step("settle the key again", lambda: settle_market(ctx, run))
    plans: RunId | None = flow.step("build carts", lambda: _build(ctx, run, criteria))
    if plans is not None:
        flow.start(plans)


def criteria_of(run: Run) -> CartCriteria:
    """The typed criteria of a run of carts."""
    return ShopOptions.parse(run.criteria).criteria


def filters_of(criteria: CartCriteria) -> RecommendationFilters:
    """What the criteria ask of recommendations."""
    return RecommendationFilters(new_artists=criteria.new_artists, new_labels=criteria.new_labels)


def _ranked(ctx: Context, run: Run, criteria: CartCriteria) -> Interest:
    limit = _MOST_RECOMMENDED if criteria.ratio < 1 else 0
    _, found = ranked(ctx, run, filters_of(criteria), limit)
    still = open_wants(ctx, run.owner, UserName(run.user), any_pressing=criteria.any_pressing)
    return Interest(found.recommendations, {id: score for id, score in found.wants.items() if id in still})


def _score(ctx: Context, run: Run, criteria: CartCriteria) -> int:
    """List the releases that the market is asked for, those of most interest to the person first."""
    progress.advance(ctx.db, run.id, ctx.clock.now(), stage=SCORING)
    results.save_work(ctx.db, run.id, _MARKET, _market(ctx, run))
    interest = _ranked(ctx, run, criteria)
    store_basis(ctx.db, run, interest, ())
    releases = interest.releases(criteria.must)
    results.save_work(ctx.db, run.id, _INTEREST, [int(release) for release in releases])
    return len(releases)


def _market(ctx: Context, run: Run) -> str:
    """What changes when copies for sale do."""
    return str(listings.version(ctx.db, run.owner, ctx.fresh_since()))


def _interest(db: Database, run: Run) -> list[ReleaseId]:
    return [ReleaseId(id) for id in results.work(db, run.id, _INTEREST) or []]


def _in_reach(ctx: Context, run: Run, criteria: CartCriteria) -> list[str]:
    """The sellers whose shipping decides about the carts."""
    user, interest = UserName(run.user), stored_basis(ctx.db, run).interest
    market = read_market(ctx, run.owner, user, criteria, interest)
    return sellers_in_reach(ctx, market, CartRequest(user, criteria, run.created_at.date()))


def _build(ctx: Context, run: Run, criteria: CartCriteria) -> RunId | None:
    """Save the carts, and give the run of their plans; None where nothing is wanted.

    Scored again where the market has changed since, as pressings for sale are preferred.
    """
    progress.advance(ctx.db, run.id, ctx.clock.now(), stage=BUILDING)
    now = runs.run_for_worker(ctx.db, run.id) or run
    unchanged = results.work(ctx.db, run.id, _MARKET) == _market(ctx, run)
    interest = stored_basis(ctx.db, run).interest if unchanged else _ranked(ctx, run, criteria)
    basis = store_basis(ctx.db, run, interest, now.partial)
    found, result = fresh_answer(ctx, run, criteria, basis.interest, partial=basis.partial)
    for sentence in found.lasting:
        progress.add_partial(ctx.db, run.id, sentence)
    plans = open_plans(ctx, run).id if wants_of(found.market, found.request) else None
    finished.keep(ctx.db, run, replace(result, run=run.id, plans_run=plans), ctx.clock.now())
    return plans
