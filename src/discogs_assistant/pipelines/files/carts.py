"""The use case `carts`: the best carts of what is in files, as the document that the command prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from discogs_assistant.engine.carts.best_carts import CartAnswer, FoundCart, best_carts
from discogs_assistant.engine.carts.certificate import certificate
from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.carts.proof_status import Proof, percent
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.money import Currency
from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.carts.result import SearchProof
from discogs_assistant.pipelines.files.currency import RatesOf
from discogs_assistant.pipelines.files.market import FileMarket, read_market
from discogs_assistant.pipelines.files.options import CartFileOptions
from discogs_assistant.pipelines.runtime.results.fields import RatesIfNeeded
from discogs_assistant.sources.files import file_bytes, write_json
from discogs_assistant.sources.files.scores import read_scores


@dataclass(frozen=True, slots=True, kw_only=True)
class CartOfFiles:
    """One seller's cart."""

    rank: int
    seller: str
    listing_ids: tuple[int, ...]
    items: int
    score_sum_micro: int
    objective_micro: int
    merchandise_minor: int
    shipping_minor: int
    total_minor: int
    proof: Proof
    bound_micro: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CartsOfFiles:
    """The document of cli.md's `carts`; `rates` where one currency is not enough."""

    budget_minor: int
    currency: Currency
    listings: int
    eligible: int
    sellers: int
    excluded: Mapping[str, int]
    carts: tuple[CartOfFiles, ...]
    proof: SearchProof
    rates: RatesIfNeeded
    partial: tuple[str, ...]
    load_ms: float
    solve_ms: float


def carts_on_files(raw: Mapping[str, Any], clock: Clock, rates_of: RatesOf) -> CartsOfFiles:
    """The best cart of each seller.

    `raw` holds the files as paths and the options of `CartFileOptions`. What proves the answer is written
    into the file `certificate`, where one is named. `BadInputError` for what is wrong with options or files.
    """
    began = clock.now()
    options = CartFileOptions.of(raw)
    budget = options.budget
    if budget is None:
        raise BadInputError("--budget is missing.", "Say what you want to spend, such as 100.00.")
    must = [ReleaseId(release) for release in options.must]
    rules = Rules(
        budget_minor=budget.minor,
        min_items=options.min_items,
        required=tuple(frozenset({release}) for release in must),
        min_orders=options.min_orders,
    )
    path: Path = raw["scores"]
    market = read_market(raw, read_scores(file_bytes(path), str(path)), options, rates_of)
    loaded = clock.now()
    answer = best_carts(market.copies, rules, market.tariffs, top=options.top, per_seller=options.per_seller)
    solved = clock.now()
    if raw.get("certificate") is not None:
        write_json(raw["certificate"], certificate(answer, market.copies))
    return CartsOfFiles(
        budget_minor=budget.minor,
        currency=options.currency,
        listings=market.listings,
        eligible=len(market.copies),
        sellers=len(market.copies.sellers),
        excluded=dict(market.excluded),
        carts=tuple(_cart(rank, cart, market.copies) for rank, cart in enumerate(answer.carts, 1)),
        proof=SearchProof("optimal" if answer.optimal else "within", answer.gap),
        rates=market.rates,
        partial=(*market.partial, *_missing(must, market), *_unproven(answer)),
        load_ms=round((loaded - began) / timedelta(milliseconds=1), 1),
        solve_ms=round((solved - loaded) / timedelta(milliseconds=1), 1),
    )


def _cart(rank: int, cart: FoundCart, copies: Copies) -> CartOfFiles:
    return CartOfFiles(
        rank=rank,
        seller=copies.sellers[cart.seller],
        listing_ids=tuple(copies.listing[list(cart.rows)].tolist()),
        items=len(cart.rows),
        score_sum_micro=cart.score_micro,
        objective_micro=cart.objective_micro,
        merchandise_minor=cart.merchandise_minor,
        shipping_minor=cart.shipping_minor,
        total_minor=cart.total_minor,
        proof=cart.proof,
        bound_micro=cart.bound_micro,
    )


def _missing(must: Sequence[ReleaseId], market: FileMarket) -> list[str]:
    offered = set(market.copies.release.tolist())
    return [
        f"Release {release} is required, and no copy of it meets the criteria."
        for release in must
        if release not in offered
    ]


def _unproven(answer: CartAnswer) -> list[str]:
    if answer.optimal:
        return []
    return [f"Not every cart is proven: a better one may score up to {percent(answer.gap)} higher."]
