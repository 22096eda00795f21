"""What proves the best carts, as plain data that anybody can check against the listings.

The formula is in docs/carts.md, in the words that are used here.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd
from typing import Any

from discogs_assistant.engine.carts.best_carts import CartAnswer
from discogs_assistant.engine.carts.bounds import BITS, MU, NU, PRICE, SHIFT
from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.carts.inventory import GRAMS
from discogs_assistant.engine.carts.kernels.options import BAND, DIV, MOST_ROWS, ROWS, SELLER
from discogs_assistant.engine.carts.search import Search
from discogs_assistant.engine.carts.subproblems import Chunk

Json = dict[str, Any]


def certificate(answer: CartAnswer, copies: Copies) -> Json:
    """The bound of every seller, and what it follows from.

    `ways` are the sets of required releases, one for each choice of groups, and a band's `way` its place
    among them.
    """
    searches = answer.results.searches
    bands: dict[int, list[Json]] = {}
    for variant, search in enumerate(searches):
        for seller, band in _bands(search, variant):
            bands.setdefault(seller, []).append(band)
    promises = [search.promise() for search in searches]
    sellers = []
    for seller, name in enumerate(copies.sellers):
        promise = max((int(promise[seller]) for promise in promises), default=0)
        sellers.append({"seller": name, **_of_seller(seller, promise, bands, answer)})
    return {
        "ways": [[sorted(one_of) for one_of in search.rules.required] for search in searches],
        "sellers": sellers,
    }


def _of_seller(seller: int, promise: int, bands: Mapping[int, list[Json]], answer: CartAnswer) -> Json:
    if promise < 0:
        return {"proof": "none", "bound_micro": 0}
    if seller not in bands:
        return {"proof": "stock", "bound_micro": promise}
    own = bands[seller]
    return {"proof": "bands", "bound_micro": max(band["bound_micro"] for band in own), "bands": own}


def _bands(search: Search, variant: int) -> list[tuple[int, Json]]:
    searched = {(id(opened.chunk), opened.at): opened for opened in search.opened if opened.nodes}
    found = []
    for chunk in search.chunks:
        for at, subproblem in enumerate(chunk.subproblems):
            opened = searched.get((id(chunk), at))
            if chunk.layout.most[at] < 0:
                band: Json = {"proof": "none", "bound_micro": 0}
            elif opened is not None:
                band = {"proof": "search", "bound_micro": max(0, opened.bound), "nodes": opened.nodes}
            else:
                band = {"proof": "multipliers", **_lagrange_multipliers(chunk, at)}
            found.append((int(subproblem[SELLER]), {"band": int(subproblem[BAND]), "way": variant, **band}))
    return found


def _lagrange_multipliers(chunk: Chunk, at: int) -> Json:
    whole, unit = [int(number) for number in chunk.bounded.whole[at]], int(chunk.unit[at])
    subproblem, places = chunk.subproblems[at], 2 ** whole[BITS]
    limits = {}
    for row in range(MOST_ROWS):
        if subproblem[ROWS + 3 * row] >= 0 and whole[NU + row]:
            name = "grams" if subproblem[ROWS + 3 * row] == GRAMS else "value"
            limits[name] = _ratio(whole[NU + row] * unit, places)
    return {
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
