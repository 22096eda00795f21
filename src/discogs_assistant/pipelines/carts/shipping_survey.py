"""Whose shipping policies a search asks for: the sellers that can still be in its answer, best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from discogs_assistant.engine.carts.best_carts import best_carts
from discogs_assistant.engine.plans.best_plan import best_plan
from discogs_assistant.engine.plans.rules import PlanRules, Question
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.run import Run
from discogs_assistant.model.shipping import ShippingSource
from discogs_assistant.pipelines.carts.candidates import CartRequest, choose
from discogs_assistant.pipelines.carts.market import Market
from discogs_assistant.pipelines.carts.plan_search import wants_for_sale
from discogs_assistant.pipelines.market.seller_policies import ask_policies, may_ask, stale, unknown_sentence
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import progress, results

_CHOSEN = "sellers whose shipping is asked"
_ROUND, _MOST_ROUNDS = 20, 8
"""After each round the carts that are landed by then leave fewer sellers to be asked."""
_A_STEP = 5
_LOOKED_AT = 100
"""Sellers beyond the best hundred carts without shipping are not asked: each costs a request."""
_PLANNED_WITHIN = timedelta(seconds=3)
_CERTAIN = frozenset({ShippingSource.ENTERED, ShippingSource.POLICY})


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
        if before == allowance:
            break
        choose_some = partial(_choose, ctx, run, stage, candidates, min(_ROUND, allowance - before))
        chosen: int = flow.step(f"choose sellers for their shipping, part {number}", choose_some)
        if not chosen or not _ask_round(ctx, flow, run, stage, before, before + chosen):
            break
        before += chosen
    flow.step("say whose shipping is not known", lambda: _say_what_is_missing(ctx, run))


def sellers_in_reach(ctx: Context, market: Market, request: CartRequest) -> list[str]:
    """Sellers whose shipping could be better known and whose cart could be among those shown, best first.

    A cart without its shipping is worth at least what it is with it. Where that is less than the last of the
    carts of sellers whose shipping is known, the seller cannot be in the answer.
    """
    choice = choose(market, request)
    criteria = request.criteria
    free = market.free if criteria.min_orders else None
    without = best_carts(choice.copies, choice.rules, free, top=max(_LOOKED_AT, criteria.top)).carts
    names = [choice.copies.sellers[cart.seller] for cart in without]
    if not criteria.include_shipping:
        return _worth_asking(ctx, market, names[: criteria.top])
    certain = _certain_tariffs(market, [None] * len(market.tariffs))
    landed = best_carts(choice.copies, choice.rules, certain, top=criteria.top).carts
    least = landed[-1].objective_micro if len(landed) == criteria.top else -1
    in_reach = [name for name, cart in zip(names, without, strict=True) if cart.objective_micro >= least]
    return _worth_asking(ctx, market, in_reach)


def sellers_in_plan(ctx: Context, market: Market, request: CartRequest) -> list[str]:
    """Sellers of the cheapest plan whose shipping could be better known, the largest parcels first.

    Where shipping is not known it costs nothing there, so that no seller is left out for that.
    """
    planned = wants_for_sale(market, request)
    if planned is None:
        return []
    tariffs, ends = _certain_tariffs(market, market.free), ctx.clock.now() + _PLANNED_WITHIN
    cheapest = PlanRules(Question.CHEAPEST)
    try:
        plan = best_plan(
            planned.copies, planned.wants, cheapest, tariffs, deadline=lambda: ctx.clock.now() >= ends
        )
    except BadInputError:  # required records that nobody has: the plans themselves say so
        return []
    largest = sorted(plan.parcels, key=lambda parcel: -parcel.merchandise_minor)
    return _worth_asking(ctx, market, [planned.copies.sellers[parcel.seller] for parcel in largest])


def _certain_tariffs(market: Market, others: Sequence[Tariff | None]) -> list[Tariff | None]:
    """By seller the tariff where it is certain, and that of `others` where it is not."""
    names = market.copies.sellers
    return [
        tariff if _is_certain(market, name) else other
        for name, tariff, other in zip(names, market.tariffs, others, strict=True)
    ]


def _is_certain(market: Market, name: str) -> bool:
    """Whether the person or Discogs has said what the seller charges."""
    return market.shipping[name].several.source in _CERTAIN


def _worth_asking(ctx: Context, market: Market, names: Sequence[str]) -> list[str]:
    """Those who may be asked by their number, and of whom it is not known."""
    uncertain = [name for name in names if not _is_certain(market, name)]
    return stale(ctx, [name for name in uncertain if market.sellers[name].id is not None])


def _choose(ctx: Context, run: Run, stage: int, candidates: Callable[[], Sequence[str]], room: int) -> int:
    """Add sellers to those to be asked; how many."""
    progress.advance(ctx.db, run.id, ctx.clock.now(), stage=stage)
    already = _chosen(ctx.db, run)
    new = [name for name in candidates() if name not in already][:room]
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
    if read.stopped:
        progress.add_partial(ctx.db, run.id, read.stopped)
    return not read.unasked and read.unanswered < len(names)


def _say_what_is_missing(ctx: Context, run: Run) -> None:
    sentence = unknown_sentence(ctx, _chosen(ctx.db, run))
    if sentence:
        progress.add_partial(ctx.db, run.id, sentence)


def _chosen(db: Database, run: Run) -> list[str]:
    return results.work(db, run.id, _CHOSEN) or []
