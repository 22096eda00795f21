"""What proves the best carts, as plain data that anybody can check against the listings.

The formula is in docs/carts.md, in the words that are used here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import gcd
from typing import Literal, NotRequired, TypedDict

from discogs_assistant.engine.carts.best_carts import CartAnswer
from discogs_assistant.engine.carts.bounds import BITS, MU, NU, PRICE, SHIFT
from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.carts.inventory import GRAMS
from discogs_assistant.engine.carts.kernels.options import BAND, DIV, MOST_ROWS, ROWS, SELLER
from discogs_assistant.engine.carts.search import Opened, Search
from discogs_assistant.engine.carts.subproblems import Chunk


class BandProof(TypedDict):
    """The bound of a band of a seller's shipping, with what it follows from; a pair of integers is a
    fraction."""

    band: int
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
    """The bound of a seller, and the bands that it follows from."""

    seller: str
    proof: Literal["none", "stock", "bands"]
    bound_micro: int
    bands: NotRequired[list[BandProof]]


class Certificate(TypedDict):
    """The bounds of all sellers; `ways` are the sets of required releases, one for each choice of groups."""

    ways: list[list[list[int]]]
    sellers: list[SellerProof]


def certificate(answer: CartAnswer, copies: Copies) -> Certificate:
    """The bound of every seller, and what it follows from; a band's `way` is its place among the `ways`."""
    searches = answer.results.searches
    bands: dict[int, list[BandProof]] = {}
    for way, search in enumerate(searches):
        for seller, band in _bands(search, way):
            bands.setdefault(seller, []).append(band)
    promises = [search.promise() for search in searches]
    sellers = []
    for seller, name in enumerate(copies.sellers):
        promise = max((int(promise[seller]) for promise in promises), default=0)
        sellers.append(_of_seller(name, promise, bands.get(seller)))
    return {
        "ways": [
            [[int(id) for id in sorted(one_of)] for one_of in search.rules.required] for search in searches
        ],
        "sellers": sellers,
    }


def _of_seller(seller: str, promise: int, bands: Sequence[BandProof] | None) -> SellerProof:
    if promise < 0:
        return {"seller": seller, "proof": "none", "bound_micro": 0}
    if bands is None:
        return {"seller": seller, "proof": "stock", "bound_micro": promise}
    highest = max(band["bound_micro"] for band in bands)
    return {"seller": seller, "proof": "bands", "bound_micro": highest, "bands": list(bands)}


def _bands(search: Search, way: int) -> Iterator[tuple[int, BandProof]]:
    """Seller and proof of each subproblem that was bounded."""
    searched = {(id(opened.chunk), opened.at): opened for opened in search.opened if opened.nodes}
    for chunk in search.chunks:
        for at, subproblem in enumerate(chunk.subproblems):
            opened = searched.get((id(chunk), at))
            yield int(subproblem[SELLER]), _band(chunk, at, int(subproblem[BAND]), way, opened)


def _band(chunk: Chunk, at: int, band: int, way: int, searched: Opened | None) -> BandProof:
    if chunk.layout.most[at] < 0:
        return {"band": band, "way": way, "proof": "none", "bound_micro": 0}
    if searched is not None:
        bound = max(0, searched.bound)
        return {"band": band, "way": way, "proof": "search", "bound_micro": bound, "nodes": searched.nodes}
    return _by_multipliers(chunk, at, band, way)


def _by_multipliers(chunk: Chunk, at: int, band: int, way: int) -> BandProof:
    whole, unit = [int(number) for number in chunk.bounded.whole[at]], int(chunk.unit[at])
    subproblem, places = chunk.subproblems[at], 2 ** whole[BITS]
    limits = {}
    for row in range(MOST_ROWS):
        if subproblem[ROWS + 3 * row] >= 0 and whole[NU + row]:
            name = "grams" if subproblem[ROWS + 3 * row] == GRAMS else "value"
            limits[name] = _ratio(whole[NU + row] * unit, places)
    return {
        "band": band,
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
