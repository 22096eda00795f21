"""What if: a finished search answered again with other criteria, from the market in memory."""

from __future__ import annotations

from collections.abc import Mapping

from discogs_assistant.errors import InvalidFieldsError, NotFoundError
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.carts.answer import answer, stored_basis
from discogs_assistant.pipelines.carts.market import Market, MarketChangedError, read_market
from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.carts.result import CartsResult
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.runs import find
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.market import listing_columns

OVERRIDABLE = (
    *("budget", "min_media", "min_sleeve", "min_seller_rating", "min_seller_ratings", "include_shipping"),
    *("min_orders", "min_items", "max_price"),
    *("exclude_seller", "exclude_release", "must", "ships_from", "formats"),
)
"""The options of `shop` that can be overridden; each other one needs a search of its own."""


def what_if(ctx: Context, owner: OwnerId, run_id: RunId, overrides: Mapping[str, object]) -> CartsResult:
    """The document of a finished run, as if it had been requested with `overrides` in place of its options.

    `overrides` are options of `shop` by name, lists as a whole. `InvalidFieldsError` for a wrong override,
    `NotFoundError` for an unknown run.
    """
    run = find(ctx.db, owner, run_id)
    if run.kind is not RunKind.SHOP or run.state is not RunState.DONE:
        raise NotFoundError("This run built no carts.", "Build carts first.")
    criteria = with_overrides(run, overrides).criteria
    try:
        return _answer(ctx, run, criteria)
    except MarketChangedError:
        ctx.process.markets.forget(run.id)
        return _answer(ctx, run, criteria)


def with_overrides(run: Run, overrides: Mapping[str, object]) -> ShopOptions:
    """The run's options with `overrides` in their place; `NotFoundError` for a run that builds no carts."""
    if run.kind is not RunKind.SHOP:
        raise NotFoundError("This run built no carts.", "Build carts first.")
    beyond = {str(name): "This needs a search of its own." for name in overrides if name not in OVERRIDABLE}
    if beyond:
        raise InvalidFieldsError(beyond)
    return ShopOptions.parse({**run.criteria, **overrides})


def _answer(ctx: Context, run: Run, criteria: CartCriteria) -> CartsResult:
    market, partial = market_of(ctx, run, criteria)
    return answer(ctx, run, criteria, market, partial=partial)[1]


def market_of(ctx: Context, run: Run, criteria: CartCriteria) -> tuple[Market, tuple[str, ...]]:
    """The run's market and what it missed, from memory while that holds and may be shown."""
    now = ctx.clock.now()
    home = accounts.preferences(ctx.db, run.owner).country
    mark = (listing_columns.market_mark(ctx.db, run.owner), now.date(), home)

    def read() -> tuple[Market, tuple[str, ...]]:
        basis = stored_basis(ctx.db, run)
        market = read_market(ctx, run.owner, UserName(run.user), criteria, basis.interest)
        return market, basis.partial

    remembered = ctx.process.markets.recall(run.id, mark, read)
    if remembered[0].serves(criteria, now):
        return remembered
    ctx.process.markets.forget(run.id)
    return ctx.process.markets.recall(run.id, mark, read)
