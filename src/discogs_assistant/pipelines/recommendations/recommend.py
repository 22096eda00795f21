"""Recommend: from a profile to a ranked list with reasons."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from discogs_assistant.engine.recommendations.ranking import Recommended, left_for
from discogs_assistant.engine.recommendations.ranking import recommend as rank
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.training_data import content_alone
from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.model.recommendation import RecommendationFilters, RecommendationResult
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.profiles.sync import ensure_profile
from discogs_assistant.pipelines.recommendations.candidate_search import find_candidates
from discogs_assistant.pipelines.recommendations.for_sale import OnSale, on_sale
from discogs_assistant.pipelines.recommendations.list_inputs import basis_of
from discogs_assistant.pipelines.recommendations.model_training import ensure_model, served
from discogs_assistant.pipelines.recommendations.novelty_traits import save_traits
from discogs_assistant.pipelines.recommendations.options import RecommendOptions
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow, run_of
from discogs_assistant.pipelines.runtime.preparation import Part
from discogs_assistant.pipelines.runtime.results import finished
from discogs_assistant.pipelines.runtime.results.fields import described
from discogs_assistant.store.market import listings
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.runs import progress, runs

SCORING = 5


def recommend(ctx: Context, flow: Flow) -> None:
    """The pipeline of recommendations."""
    run = run_of(ctx.db, flow)
    options = options_of(run)
    ensure_profile(ctx, flow, run)
    find_candidates(ctx, flow, run, options.filters)
    learn_what_is_new(ctx, flow, run)
    flow.step("score and write reasons", lambda: _keep(ctx, run, options))


def options_of(run: Run) -> RecommendOptions:
    """The typed options of a run of recommendations."""
    return RecommendOptions.parse(run.criteria)


def learn_what_is_new(ctx: Context, flow: Flow, run: Run) -> None:
    """The step that trains a model, if none exists for the current data."""

    def work() -> str:
        user = UserName(run.user)
        return ensure_model(ctx, run.owner, user, basis_of(ctx, run.owner, user))

    ctx.process.preparation.wait(flow, Part.LISTS)
    flow.step("learn what goes with what", work)


def ranked(
    ctx: Context,
    run: Run,
    filters: RecommendationFilters,
    limit: int,
) -> tuple[Learned, Recommended]:
    """The list for the run's user from all that is known now, pressings that are for sale preferred."""
    learned, found, _ = _ranked(ctx, run, filters, limit)
    return learned, found


def _ranked(
    ctx: Context, run: Run, filters: RecommendationFilters, limit: int
) -> tuple[Learned, Recommended, OnSale | None]:
    """As `ranked`, and what was known to be for sale if the filters need it."""
    user = UserName(run.user)
    basis = basis_of(ctx, run.owner, user)
    model = served(ctx.settings, run.owner, user, basis) or Learned(
        "content", content_alone(basis.own_training_data())
    )
    learned = model.knowing(basis.records)
    sale = _sale(ctx, run, left_for(basis.taste, basis.pool), filters)
    found = rank(
        learned,
        basis.taste,
        basis.pool,
        filters,
        limit=limit,
        prefer=_offered(ctx, run, [release.id for release in basis.pool]),
        passed_over=feedback.passed_over(ctx.db, run.owner, user),
        among=sale.within if sale else None,
    )
    return learned, found, sale


def _keep(ctx: Context, run: Run, options: RecommendOptions) -> int:
    progress.advance(ctx.db, run.id, ctx.clock.now(), stage=SCORING)
    learned, found, sale = _ranked(ctx, run, options.filters, options.top)
    for_sale = [sale.sentence(options.filters)] if sale else []
    for sentence in [*for_sale, *_what_would_help(ctx, run, options.filters, learned, found)]:
        progress.add_partial(ctx.db, run.id, sentence)
    now = runs.run_for_worker(ctx.db, run.id) or run
    result = RecommendationResult(
        user=UserName(run.user),
        model=learned.name,
        made_at=ctx.clock.now(),
        collectors=learned.collectors,
        recommendations=tuple(
            replace(recommendation, release=described(recommendation.release))
            for recommendation in found.recommendations
        ),
        partial=now.partial,
    )
    save_traits(
        ctx.db, run, learned, [recommendation.release.item_key for recommendation in found.recommendations]
    )
    return finished.keep(ctx.db, run, result, ctx.clock.now())


_NOTHING_FOR_NOBODY = "Nothing was found to recommend. Own or want a few records on Discogs first."
_NOTHING = "Nothing was found to recommend: too little is known about records like yours."
_NOTHING_PASSES = "Nothing was found that passes your filters: use fewer filters."
_NO_RECORDS = (
    "You have no records here yet, so these are well known ones, a few of each style. Love three of them, or "
    "want three records on Discogs, and the next list is yours."
)
_ALONE = (
    "Few records are known here. A dump of Discogs' catalogue adds many more, with the people on them: "
    "the settings say how to import one."
)
_FEW = 20


def _what_would_help(
    ctx: Context, run: Run, filters: RecommendationFilters, learned: Learned, found: Recommended
) -> list[str]:
    """Sentences for the corners: no records, nothing found, one person without a catalogue."""
    listed = len(found.recommendations)
    state = profiles.profile(ctx.db, run.owner, UserName(run.user))
    if state is not None and (state.collection or state.wantlist):
        sentences = [] if listed else [_NOTHING_PASSES if filters.narrow else _NOTHING]
    else:
        sentences = [_NO_RECORDS if listed else _NOTHING_FOR_NOBODY]
    if listed < _FEW and not learned.collectors and ctx.catalogue.serving() is None:
        sentences.append(_ALONE)
    return sentences


def _sale(
    ctx: Context, run: Run, releases: Collection[Release], filters: RecommendationFilters
) -> OnSale | None:
    if not filters.for_sale:
        return None
    now, ids = ctx.clock.now(), {release.id for release in releases}
    return on_sale(ctx.db, run.owner, ids, filters, since=ctx.fresh_since(), now=now)


def _offered(ctx: Context, run: Run, ids: Collection[ReleaseId]) -> frozenset[ReleaseId]:
    return listings.releases_for_sale(ctx.db, run.owner, ids, since=ctx.fresh_since())
