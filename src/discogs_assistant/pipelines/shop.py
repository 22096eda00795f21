"""Shop: from a profile to carts."""

from __future__ import annotations

from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines import finished_runs
from discogs_assistant.pipelines.candidate_sources import find_candidates
from discogs_assistant.pipelines.cart_answer import fresh_answer, keep
from discogs_assistant.pipelines.cart_interest import Interest
from discogs_assistant.pipelines.cart_options import ShopOptions
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.exchange import renew_rates
from discogs_assistant.pipelines.flow import Flow
from discogs_assistant.pipelines.market_gathering import gather_market
from discogs_assistant.pipelines.open_wants import open_wants
from discogs_assistant.pipelines.preparation import Part
from discogs_assistant.pipelines.pressings_reading import read_pressings
from discogs_assistant.pipelines.recommend import SCORING, learn_what_is_new, ranked
from discogs_assistant.pipelines.run_keys import settle_market
from discogs_assistant.pipelines.sync import ensure_profile, run_of
from discogs_assistant.store import results, run_progress, runs

BUILDING = 7
_INTEREST = "interest"
_MOST_RECOMMENDED = 1000
"""Recommendations a cart is looked for in: beyond them the score is a tenth of the best and less."""


def shop(ctx: Context, flow: Flow) -> None:
    """The pipeline of carts."""
    run = run_of(ctx, flow)
    criteria = criteria_of(run)
    ensure_profile(ctx, flow, run)
    if criteria.ratio < 1:
        find_candidates(ctx, flow, run, filters_of(criteria))
    learn_what_is_new(ctx, flow, run)
    flow.step("score what may be bought", lambda: _score(ctx, run, criteria))
    if criteria.any_pressing:
        read_pressings(ctx, flow, run, _interest(ctx, run))
    gather_market(ctx, flow, run, _interest(ctx, run), criteria)
    flow.step("renew exchange rates", lambda: renew_rates(ctx, run))
    flow.step("settle the key anew", lambda: settle_market(ctx, run))
    ctx.preparation.wait(flow, Part.CARTS, Part.PLANS)
    flow.step("build carts", lambda: _build(ctx, run, criteria))


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
    """Lay out which releases the market is asked for, the dearest to the person first."""
    run_progress.advance(ctx.db, run.id, ctx.clock.now(), stage=SCORING)
    interest = _ranked(ctx, run, criteria).releases(criteria.must)
    results.save_work(ctx.db, run.id, _INTEREST, [int(release) for release in interest])
    return len(interest)


def _interest(ctx: Context, run: Run) -> list[ReleaseId]:
    return [ReleaseId(id) for id in results.work(ctx.db, run.id, _INTEREST) or []]


def _build(ctx: Context, run: Run, criteria: CartCriteria) -> int:
    """Score anew, since of pressings those for sale are preferred, and keep what was chosen from."""
    run_progress.advance(ctx.db, run.id, ctx.clock.now(), stage=BUILDING)
    now = runs.run_for_worker(ctx.db, run.id) or run
    basis = keep(ctx, run, _ranked(ctx, run, criteria), now.partial)
    found, result = fresh_answer(ctx, run, criteria, basis.interest, partial=basis.partial, planned=True)
    for sentence in found.lasting:
        run_progress.add_partial(ctx.db, run.id, sentence)
    return finished_runs.keep(ctx, run, result)
