"""From a run's stored interest and the current market to the document of carts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import UserName
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.carts.candidates import CartRequest
from discogs_assistant.pipelines.carts.document import carts_document
from discogs_assistant.pipelines.carts.interest import Interest
from discogs_assistant.pipelines.carts.market import Market, MarketChangedError, read_market
from discogs_assistant.pipelines.carts.result import CartsResult
from discogs_assistant.pipelines.carts.search import CartSearch, search
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.results.documents import dumps, loads
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import interests

_READINGS = 3
"""How often a market that changes meanwhile is read."""


@dataclass(frozen=True, slots=True)
class SearchBasis:
    """What a run chose from, and what was missing when it did."""

    interest: Interest
    partial: tuple[str, ...]


def store_basis(db: Database, run: Run, interest: Interest, partial: Sequence[str]) -> SearchBasis:
    """Store it with the run, for later reads."""
    basis = SearchBasis(interest.short, tuple(partial))
    interests.save_interest(db, run.owner, run.id, dumps(basis))
    return basis


def stored_basis(db: Database, run: Run) -> SearchBasis:
    """What was stored with the run; `NotFoundError` before that."""
    document = interests.interest(db, run.owner, run.id)
    if document is None:
        raise NotFoundError("This run built no carts.", "Build carts first.")
    return loads(SearchBasis, document)


def answer(
    ctx: Context,
    run: Run,
    criteria: CartCriteria,
    market: Market,
    *,
    partial: Sequence[str] = (),
    seller: str | None = None,
    began: datetime | None = None,
) -> tuple[CartSearch, CartsResult]:
    """The search and its document; see `search` for the rest.

    `MarketChangedError` where a copy has changed since the market was read.
    """
    request = CartRequest(UserName(run.user), criteria, run.created_at.date())
    found = search(market, request, ctx.clock.now, partial=partial, seller=seller, began=began)
    return found, carts_document(ctx, found)


def fresh_answer(
    ctx: Context,
    run: Run,
    criteria: CartCriteria,
    interest: Interest,
    *,
    partial: Sequence[str] = (),
    seller: str | None = None,
) -> tuple[CartSearch, CartsResult]:
    """As `answer`, by what is known now."""
    for reading in range(_READINGS):
        began = ctx.clock.now()
        market = read_market(ctx, run.owner, UserName(run.user), criteria, interest)
        try:
            return answer(ctx, run, criteria, market, partial=partial, seller=seller, began=began)
        except MarketChangedError:
            if reading == _READINGS - 1:
                raise
    raise AssertionError
