"""Plans over several sellers: a run of their own, started with the carts, that shows answers as they come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from discogs_assistant.errors import ConflictError
from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.carts.candidates import CartRequest
from discogs_assistant.pipelines.carts.market import Market, MarketChangedError
from discogs_assistant.pipelines.carts.plan_document import plans_document
from discogs_assistant.pipelines.carts.plan_search import Plans, search_plans
from discogs_assistant.pipelines.carts.plans_result import PlansResult
from discogs_assistant.pipelines.carts.shipping_survey import ask_shipping, sellers_in_plan
from discogs_assistant.pipelines.carts.what_if import market_of, with_overrides
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow, run_of
from discogs_assistant.pipelines.runtime.idempotency_keys import key_of
from discogs_assistant.pipelines.runtime.options.kinds import PlansOptions
from discogs_assistant.pipelines.runtime.preparation import Part
from discogs_assistant.pipelines.runtime.results import finished
from discogs_assistant.pipelines.runtime.results.documents import dumps, loads
from discogs_assistant.pipelines.runtime.waiting import WorkerStoppingError, raise_if_cancelled
from discogs_assistant.store.runs import progress, results
from discogs_assistant.store.runs import runs as stored_runs

_ASKING_SHIPPING = 1
_SO_FAR = "plans so far"
_SAVED_EVERY = timedelta(seconds=1)
_READINGS = 3
"""How often a market that changes meanwhile is read."""


def open_plans(ctx: Context, carts: Run) -> Run:
    """The run that plans for these carts, which waits for `Flow.start`; one under way is shared."""
    return runs.open_apart(ctx, carts.owner, RunKind.PLANS, UserName(carts.user), _options(carts.id, {}))


def request_plans(
    ctx: Context, queue: runs.RunQueue, carts: Run, changes: Mapping[str, object]
) -> runs.RunRequest:
    """A run that plans with `changes` of the carts' options; `InvalidFieldsError` for wrong ones."""
    with_overrides(carts, changes)
    options = _options(carts.id, changes)
    return runs.request(ctx, queue, carts.owner, RunKind.PLANS, carts.user, options)


def plans_run(ctx: Context, carts: Run, changes: Mapping[str, object]) -> Run | None:
    """The newest run that plans for these carts with these changes; None where there is none."""
    options = PlansOptions.parse(_options(carts.id, changes)).canonical()
    key = key_of(ctx, carts.owner, RunKind.PLANS, UserName(carts.user), options)
    return stored_runs.newest_of_key(ctx.db, carts.owner, RunKind.PLANS, key)


def plans_so_far(ctx: Context, owner: OwnerId, run_id: RunId) -> PlansResult | None:
    """What a run under way, or an ended one, has found; None before its first answer."""
    found = finished.finished_as(ctx.db, owner, run_id, PlansResult)
    if found is not None:
        return found
    runs.find(ctx.db, owner, run_id)
    stored = results.work(ctx.db, run_id, _SO_FAR)
    return None if stored is None else loads(PlansResult, stored)


def find_plans(ctx: Context, flow: Flow) -> None:
    """The pipeline of plans."""
    run = run_of(ctx.db, flow)
    ctx.process.preparation.wait(flow, Part.PLANS)
    ask_shipping(ctx, flow, run, _ASKING_SHIPPING, lambda: _in_plan(ctx, run))
    flow.step("find plans", lambda: _find(ctx, flow, run))


def _options(carts: RunId, changes: Mapping[str, object]) -> dict[str, object]:
    return {"carts": carts, **({"changes": dict(changes)} if changes else {})}


def _find(ctx: Context, flow: Flow, run: Run) -> int:
    """Look again from the start where the market changes meanwhile, since the answers belong together."""
    for reading in range(_READINGS):
        try:
            return _find_once(ctx, flow, run)
        except MarketChangedError:
            if reading == _READINGS - 1:
                raise
    raise AssertionError


def _find_once(ctx: Context, flow: Flow, run: Run) -> int:
    carts, market, request, partial = _asked(ctx, run)
    found, saved_at = None, None
    progress.advance(ctx.db, run.id, ctx.clock.now(), stage=_ASKING_SHIPPING + 1)
    for plans in search_plans(market, request, ctx.clock.now, flow.stopping.is_set):
        if flow.stopping.is_set():
            raise WorkerStoppingError
        raise_if_cancelled(ctx.db, run.id)
        progress.advance(ctx.db, run.id, ctx.clock.now(), stage=_stage(plans))
        found, now = plans, ctx.clock.now()
        # Pictures of the curve come fast, and a document of each would take longer than they do.
        if saved_at is None or not plans.curve or now - saved_at >= _SAVED_EVERY:
            document = plans_document(ctx, carts.id, market, request, plans, partial)
            results.save_work(ctx.db, run.id, _SO_FAR, dumps(document))
            saved_at = now
    if found is None:
        raise ConflictError("Nothing is wanted, so there is nothing to plan.", "Build carts with your wants.")
    document = plans_document(ctx, carts.id, market, request, found, partial)
    return finished.keep(ctx.db, run, document, ctx.clock.now())


def _in_plan(ctx: Context, run: Run) -> list[str]:
    """The sellers whose shipping decides about the plans."""
    _, market, request, _ = _asked(ctx, run)
    return sellers_in_plan(ctx, market, request)


def _asked(ctx: Context, run: Run) -> tuple[Run, Market, CartRequest, tuple[str, ...]]:
    """The carts that are planned for, their market, what is asked of it, and what it misses."""
    options = PlansOptions.parse(run.criteria)
    carts = runs.find(ctx.db, run.owner, options.carts)
    criteria = with_overrides(carts, options.changes or {}).criteria
    market, partial = market_of(ctx, carts, criteria)
    return carts, market, CartRequest(UserName(run.user), criteria, carts.created_at.date()), partial


def _stage(plans: Plans) -> int:
    """The stage that follows what is known."""
    last = _ASKING_SHIPPING + 5
    if plans.marginals or plans.entries or plans.curve:
        return last
    return min(last - 1, _ASKING_SHIPPING + len(plans.answers) + 1)
