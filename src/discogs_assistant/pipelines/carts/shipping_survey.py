"""Whose shipping policies a search asks for: the sellers that can still be in its answer, best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from discogs_assistant.engine.carts.best_carts import best_carts
from discogs_assistant.engine.plans.best_plan import best_plan
from discogs_assistant.engine.plans.rules import PlanRules, Question
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.model.run import Run
from discogs_assistant.model.shipping import ShippingProblem, ShippingSource
from discogs_assistant.pipelines.carts.candidates import CartRequest, choose
from discogs_assistant.pipelines.carts.market import Market
from discogs_assistant.pipelines.carts.plan_search import wants_for_sale
from discogs_assistant.pipelines.market.seller_policies import (
    UNKNOWN_FOR,
    ask_policies,
    may_ask,
    stale,
    unknown_sentence,
)
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import seller_shipping
from discogs_assistant.store.runs import progress, results

_CHOSEN = "sellers whose shipping is asked"
_ROUND, _MOST_ROUNDS = 20, 8
"""After each round the carts that are landed by then leave fewer sellers to be asked."""
_A_STEP = 5
_LOOKED_AT = 100
"""Sellers beyond the best hundred carts without shipping are not asked: each costs a request."""
_PLANNED_WITHIN = timedelta(seconds=3)
_BETTER = frozenset({ShippingSource.ENTERED, ShippingSource.POLICY})


def ask_shipping(
    ctx: Context, flow: Flow, run: Run, stage: int, candidates: Callable[[], Sequence[str]]
) -> None:
    """Ask Discogs what the sellers charge that `candidates` gives, best first, until it gives no others.

    After each round it is called again, as what is known by then may leave fewer. At most the setting's
    number of requests is spent. A sentence says of how many sellers shipping stays unknown.
    """
    if not may_ask(ctx, run.owner):
        return
    allowance = ctx.settings.shipping_requests
    before = 0
    for number in range(1, _MOST_ROUNDS + 1):
        choose_some = partial(_choose, ctx, run, stage, candidates, min(_ROUND, allowance - before))
        chosen: int = flow.step(f"choose sellers for their shipping, part {number}", choose_some)
        if not chosen or not _ask_round(ctx, flow, run, stage, before, before + chosen):
            break
        before += chosen
    flow.step("say whose shipping is not known", lambda: _say_what_is_missing(ctx, run))


def sellers_in_reach(ctx: Context, market: Market, request: CartRequest) -> list[str]:
    """Sellers whose shipping could be better known and whose cart could be among those shown, best first.

    Without its shipping a cart is worth at least what it is with it: where that is less than the last cart
    of sellers whose shipping is known, the seller cannot be in the answer.
    """
    choice = choose(market, request)
    criteria = request.criteria
    free = market.free if criteria.min_orders else None
    without = best_carts(choice.copies, choice.rules, free, top=max(_LOOKED_AT, criteria.top)).carts
    names = [choice.copies.sellers[cart.seller] for cart in without]
    if not criteria.include_shipping:
        return _improvable(ctx, market, names[: criteria.top])
    sure = [tariff if _is_sure(market, seller) else None for seller, tariff in enumerate(market.tariffs)]
    landed = best_carts(choice.copies, choice.rules, sure, top=criteria.top).carts
    least = landed[-1].objective_micro if len(landed) == criteria.top else -1
    in_reach = [name for name, cart in zip(names, without, strict=True) if cart.objective_micro >= least]
    return _improvable(ctx, market, in_reach)


def sellers_in_plan(ctx: Context, market: Market, request: CartRequest) -> list[str]:
    """Sellers of the cheapest plan whose shipping could be better known, the largest parcels first.

    Where shipping is not known it costs nothing there, so that no seller is left out for that.
    """
    planned = wants_for_sale(market, request)
    if planned is None:
        return []
    tariffs: list[Tariff | None] = [
        tariff if _is_sure(market, seller) else free
        for seller, (tariff, free) in enumerate(zip(market.tariffs, market.free, strict=True))
    ]
    ends = ctx.clock.now() + _PLANNED_WITHIN
    cheapest = PlanRules(Question.CHEAPEST)
    plan = best_plan(
        planned.copies, planned.wants, cheapest, tariffs, deadline=lambda: ctx.clock.now() >= ends
    )
    largest = sorted(plan.parcels, key=lambda parcel: -parcel.merchandise_minor)
    return _improvable(ctx, market, [planned.copies.sellers[parcel.seller] for parcel in largest])


def _is_sure(market: Market, seller: int) -> bool:
    return market.shipping[market.copies.sellers[seller]].several.source in _BETTER


def _improvable(ctx: Context, market: Market, names: Sequence[str]) -> list[str]:
    """Those of whom neither the person nor Discogs has said what shipping costs, if their number is known."""
    unsure = [name for name in names if market.shipping[name].several.source not in _BETTER]
    return stale(ctx, [name for name in unsure if market.sellers[name].id is not None])


def _choose(ctx: Context, run: Run, stage: int, candidates: Callable[[], Sequence[str]], room: int) -> int:
    """Add sellers to those to be asked; how many."""
    progress.advance(ctx.db, run.id, ctx.clock.now(), stage=stage)
    already = _chosen(ctx.db, run)
    new = [name for name in candidates() if name not in already][: max(0, room)]
    results.save_work(ctx.db, run.id, _CHOSEN, [*already, *new])
    return len(new)


def _ask_round(ctx: Context, flow: Flow, run: Run, stage: int, begin: int, end: int) -> bool:
    """Ask for some of the chosen; False where Discogs no longer says anything, so that others are left."""
    for start in range(begin, end, _A_STEP):
        answering: bool = flow.step(
            f"ask what shipping costs, part {start // _A_STEP + 1}",
            partial(_ask, ctx, run, stage, start, end),
        )
        if not answering:
            return False
    return True


def _ask(ctx: Context, run: Run, stage: int, start: int, end: int) -> bool:
    """Ask for a few of the chosen; False where Discogs answered for none of them, or for no more."""
    names = _chosen(ctx.db, run)[start : min(start + _A_STEP, end)]

    def report(done: int, _: int) -> None:
        progress.advance(ctx.db, run.id, ctx.clock.now(), stage=stage, done=start + done, total=end)

    read = ask_policies(ctx, run.owner, names, limit=len(names), run=run.id, report=report)
    unknown = seller_shipping.problems(ctx.db, names, ctx.clock.now() - UNKNOWN_FOR)
    refused = sum(count for (problem, _), count in unknown.items() if problem is ShippingProblem.NO_ANSWER)
    return not read.unasked and refused < len(names)


def _say_what_is_missing(ctx: Context, run: Run) -> None:
    sentence = unknown_sentence(ctx, _chosen(ctx.db, run))
    if sentence:
        progress.add_partial(ctx.db, run.id, sentence)


def _chosen(db: Database, run: Run) -> list[str]:
    return results.work(db, run.id, _CHOSEN) or []
