"""What proves the best carts, as plain data that anybody can check against the listings.

The formula is in docs/carts.md, in the words that are used here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import gcd
from typing import Literal, NotRequired, TypedDict

from discogs_assistant.engine.carts.best_carts import CartAnswer
from discogs_assistant.engine.carts.bounds import BITS, MU, NU, PRICE, SHIFT
from discogs_assistant.engine.carts.brackets import brackets_of
from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.carts.inventory import GRAMS
from discogs_assistant.engine.carts.kernels.options import BRACKET, DIV, MOST_ROWS, ROWS, SELLER
from discogs_assistant.engine.carts.search import Opened, Search
from discogs_assistant.engine.carts.subproblems import Chunk
from discogs_assistant.engine.shipping.tariffs import Bracket


class BracketTerms(TypedDict):
    """A bracket of a seller's shipping: the parcels that it holds, and what they cost.

    `cost` is that of 0 units, in minor units of the budget's currency before rounding; `least_value` is
    merchandise in minor units of the policy's currency. A pair of integers is a fraction.
    """

    unit: str
    least: int
    most: int | None
    least_value: int
    cost: list[int]
    per_unit: list[int]


class BracketBound(TypedDict):
    """The bound of a bracket (by its place), with what it follows from; a pair of integers is a fraction."""

    bracket: int
    way: int
    proof: Literal["none", "search", "multipliers"]
    bound_micro: int
    nodes: NotRequired[int]
    score_unit: NotRequired[int]
    cost_unit: NotRequired[list[int]]
    per_item: NotRequired[list[int]]
    per_cost: NotRequired[list[int]]
    per_limit: NotRequired[dict[str, list[int]]]
    most_items: NotRequired[int]


class SellerProof(TypedDict):
    """The bound of a seller, and the brackets and their bounds that it follows from."""

    seller: str
    proof: Literal["none", "stock", "brackets"]
    bound_micro: int
    brackets: NotRequired[list[BracketTerms]]
    bounds: NotRequired[list[BracketBound]]


class Certificate(TypedDict):
    """The bounds of all sellers; `ways` are the sets of required releases, one for each choice of groups."""

    ways: list[list[list[int]]]
    sellers: list[SellerProof]


def certificate(answer: CartAnswer, copies: Copies) -> Certificate:
    """The bound of every seller, and what it follows from; a bound's `way` is its place among the `ways`."""
    searches = answer.results.searches
    bounds: dict[int, list[BracketBound]] = {}
    for way, search in enumerate(searches):
        for seller, bound in _bounds(search, way):
            bounds.setdefault(seller, []).append(bound)
    promises = [search.promise() for search in searches]
    sellers: list[SellerProof] = []
    for seller, name in enumerate(copies.sellers):
        promise = max((int(promise[seller]) for promise in promises), default=0)
        if seller in bounds:
            sellers.append(_by_brackets(name, brackets_of(searches[0].tariffs, seller), bounds[seller]))
        elif promise < 0:
            sellers.append({"seller": name, "proof": "none", "bound_micro": 0})
        else:
            sellers.append({"seller": name, "proof": "stock", "bound_micro": promise})
    return {
        "ways": [
            [[int(id) for id in sorted(one_of)] for one_of in search.rules.required] for search in searches
        ],
        "sellers": sellers,
    }


def _by_brackets(seller: str, brackets: Sequence[Bracket], bounds: list[BracketBound]) -> SellerProof:
    return {
        "seller": seller,
        "proof": "brackets",
        "bound_micro": max((bound["bound_micro"] for bound in bounds), default=0),
        "brackets": [_terms(bracket) for bracket in brackets],
        "bounds": bounds,
    }


def _terms(bracket: Bracket) -> BracketTerms:
    return {
        "unit": bracket.unit.value,
        "least": bracket.low,
        "most": bracket.high,
        "least_value": bracket.least_worth,
        "cost": _ratio(bracket.base, bracket.den),
        "per_unit": _ratio(bracket.slope, bracket.den),
    }


def _bounds(search: Search, way: int) -> Iterator[tuple[int, BracketBound]]:
    """Seller and bound of each bracket of the sellers that were looked at."""
    searched = {(id(opened.chunk), opened.at): opened for opened in search.opened if opened.nodes}
    found: dict[tuple[int, int], BracketBound] = {}
    for chunk in search.chunks:
        for at, subproblem in enumerate(chunk.subproblems):
            key = int(subproblem[SELLER]), int(subproblem[BRACKET])
            found[key] = _bound(chunk, at, key[1], way, searched.get((id(chunk), at)))
    for seller in search.sellers:
        for place in range(len(brackets_of(search.tariffs, seller))):
            yield seller, found.get((seller, place), _no_cart(place, way))


def _bound(chunk: Chunk, at: int, bracket: int, way: int, searched: Opened | None) -> BracketBound:
    if chunk.layout.most[at] < 0:
        return _no_cart(bracket, way)
    if searched is not None:
        return {
            "bracket": bracket,
            "way": way,
            "proof": "search",
            "bound_micro": max(0, searched.bound),
            "nodes": searched.nodes,
        }
    return _by_multipliers(chunk, at, bracket, way)


def _no_cart(bracket: int, way: int) -> BracketBound:
    return {"bracket": bracket, "way": way, "proof": "none", "bound_micro": 0}


def _by_multipliers(chunk: Chunk, at: int, bracket: int, way: int) -> BracketBound:
    whole, unit = [int(number) for number in chunk.bounded.whole[at]], int(chunk.unit[at])
    subproblem, places = chunk.subproblems[at], 2 ** whole[BITS]
    limits = {}
    for row in range(MOST_ROWS):
        if subproblem[ROWS + 3 * row] >= 0 and whole[NU + row]:
            name = "grams" if subproblem[ROWS + 3 * row] == GRAMS else "value"
            limits[name] = _ratio(whole[NU + row] * unit, places)
    return {
        "bracket": bracket,
        "way": way,
        "proof": "multipliers",
        "bound_micro": max(0, int(chunk.bounded.bound[at])),
        "score_unit": unit,
        "cost_unit": _ratio(2 ** whole[SHIFT], int(subproblem[DIV])),
        "per_item": _ratio(whole[MU] * unit, places),
        "per_cost": _ratio(whole[PRICE] * unit, places),
        "per_limit": limits,
        "most_items": int(chunk.layout.most[at]),
    }


def _ratio(numerator: int, denominator: int) -> list[int]:
    common = gcd(numerator, denominator)
    return [numerator // common, denominator // common]
