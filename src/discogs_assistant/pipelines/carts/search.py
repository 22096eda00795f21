"""A search for carts over a market in memory: from the request to the finished answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from discogs_assistant.engine.carts.best_carts import CartAnswer, FoundCart, best_carts
from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.engine.carts.free_shipping import FreeShipping, free_shipping_by
from discogs_assistant.engine.carts.left_out import LeftOut, left_out
from discogs_assistant.engine.carts.named_answers import named_answers
from discogs_assistant.engine.carts.no_cart import why_no_cart
from discogs_assistant.engine.carts.prices import ENOUGH_COPIES
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.pipelines.carts.candidates import CartRequest, EligibleCopies, choose, usual
from discogs_assistant.pipelines.carts.market import Market

NO_LISTINGS = (
    "No known seller has these records. On the market page, name sellers to read, or upload saved sell pages."
)
ONLY_UNKNOWN = (
    "No cart of a seller with known or estimated shipping fits; carts of the other sellers are "
    "listed separately."
)
_MOST_LEFT_OUT = 8


@dataclass(frozen=True, slots=True)
class Answers:
    """The carts in order, and the named ones. `unknown` are those of sellers whose shipping is not known.

    It is None where no sellers are listed separately for that.
    """

    carts: CartAnswer
    unknown: CartAnswer | None
    named: Mapping[str, FoundCart]

    @property
    def apart(self) -> tuple[FoundCart, ...]:
        """The carts of unknown shipping."""
        return () if self.unknown is None else self.unknown.carts

    @property
    def shown(self) -> list[FoundCart]:
        """Every cart that is shown."""
        return [*self.carts.carts, *self.apart, *self.named.values()]


@dataclass(frozen=True)
class CartSearch:
    """A finished search; `beside` is what each cart leaves out, `to_free` what it misses to free shipping.

    `partial` may state what copies cost, `lasting` says the same without prices.
    """

    request: CartRequest
    made_at: datetime
    market: Market
    choice: EligibleCopies
    answers: Answers
    beside: Mapping[FoundCart, tuple[LeftOut, ...]]
    to_free: Mapping[FoundCart, FreeShipping | None]
    partial: Sequence[str]
    lasting: Sequence[str]
    load_ms: float = 0.0
    solve_ms: float = 0.0

    @property
    def rows_beside(self) -> set[int]:
        """What the carts that are shown leave out, or would be free of shipping with."""
        to_free = {free.row for free in self.to_free.values() if free is not None and free.row is not None}
        return to_free | {copy.row for cart in self.answers.shown for copy in self.beside[cart]}


def search(
    market: Market,
    request: CartRequest,
    clock: Callable[[], datetime],
    *,
    partial: Sequence[str] = (),
    seller: str | None = None,
    began: datetime | None = None,
) -> CartSearch:
    """The best carts by what `market` knows; `partial` is said with them. With `seller`, that one's alone.

    `began` is when the market began to be read, where that was for this search.
    """
    began = began or clock()
    choice = choose(market, request, seller)
    loaded = clock()
    answers = _solve(market, request.criteria, choice)
    shown = set(answers.shown)
    beside = {cart: _beside(choice, cart, request.criteria) for cart in shown}
    to_free = {cart: free_shipping_by(choice.copies, cart, choice.tariff(cart.seller)) for cart in shown}
    solved = clock()
    return CartSearch(
        request=request,
        made_at=solved,
        market=market,
        choice=choice,
        answers=answers,
        beside=beside,
        to_free=to_free,
        partial=[*partial, *_missing(market, request.criteria, choice, answers)],
        lasting=[*partial, *_missing(market, request.criteria, choice, answers, prices=False)],
        load_ms=(loaded - began) / timedelta(milliseconds=1),
        solve_ms=(solved - loaded) / timedelta(milliseconds=1),
    )


def _solve(market: Market, criteria: CartCriteria, choice: EligibleCopies) -> Answers:
    def best(tariffs: Sequence[Tariff | None] | None) -> CartAnswer:
        return best_carts(
            choice.copies, choice.rules, tariffs, top=criteria.top, per_seller=criteria.per_seller
        )

    near = _near(market, choice.rows, criteria.destination)
    carts = best(choice.tariffs)
    first = next(iter(carts.carts), None)
    return Answers(
        carts=carts,
        unknown=None if choice.others is None else best(choice.others),
        named=named_answers(
            choice.copies,
            choice.rules,
            choice.tariffs,
            near,
            usual=usual(market, criteria)[choice.rows],
            saved=_saved(market, choice),
            best=first,
        ),
    )


def _beside(choice: EligibleCopies, cart: FoundCart, criteria: CartCriteria) -> tuple[LeftOut, ...]:
    tariff = choice.tariff(cart.seller)
    return left_out(choice.copies, cart, tariff, criteria.budget, most=_MOST_LEFT_OUT)


def _saved(market: Market, choice: EligibleCopies) -> Ints:
    """(r,) how far each eligible copy is below the usual price of its record, as far as that is known."""
    usually = {
        id: level.median.minor
        for id, level in market.levels.items()
        if level.median is not None and level.copies >= ENOUGH_COPIES
    }
    releases, prices = choice.copies.release.tolist(), choice.copies.price.tolist()
    pairs = zip(releases, prices, strict=True)
    return np.array([max(0, usually.get(id, 0) - price) for id, price in pairs], dtype=np.int64)


def _near(market: Market, rows: Ints, destination: str | None) -> Mask:
    """(r,) which of `rows` ship from the person's own country."""
    home = np.array([*(code == destination for code in market.columns.countries), False], dtype=bool)
    return np.asarray(home[market.columns.country[rows]])


def _missing(
    market: Market, criteria: CartCriteria, choice: EligibleCopies, answers: Answers, *, prices: bool = True
) -> list[str]:
    if not len(market.copies):
        return [NO_LISTINGS]
    if answers.carts.carts:
        return []
    if answers.apart:
        return [ONLY_UNKNOWN]
    names = {id: f"{release.artist_text} – {release.title}" for id, release in market.releases.items()}
    held = [choice.tariff(seller) for seller in range(len(choice.copies.sellers))]
    tariffs = None if choice.tariffs is None else held
    currency = criteria.budget.currency
    return [why_no_cart(choice.copies, choice.rules, tariffs, names, currency, prices=prices)]
