"""Does the certificate of `carts` prove what it says? Every bound by multipliers is computed again.

The rules are those of docs/carts.md; the caller either trusts a search's bounds or solves them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd
from typing import Any

from tests.checker.cart_oracle import Demand, Offer
from tests.checker.carts import Asked, Stock
from tests.checker.shipping import Method, ShippingTerms

Json = Mapping[str, Any]
Groups = list[list[Offer]]


@dataclass(frozen=True)
class Bracket:
    """Parcels of a seller as their costs and limits.

    A copy costs its price and `per_unit` for each unit; `limit` is the most that all may cost. Numbers of
    items and the sums of grams and value have a lowest and a highest, None where there is none.
    """

    unit: str
    per_unit: Fraction
    limit: Fraction
    items: tuple[int, int | None]
    sums: Mapping[str, tuple[int | None, int | None]]

    def cost(self, offer: Offer) -> Fraction:
        """Price and share of the shipping."""
        return offer.price + self.per_unit * amount(offer, self.unit)


def amount(offer: Offer, unit: str) -> int:
    """What a copy counts in a unit."""
    return {"items": 1, "grams": offer.grams, "value": offer.worth}[unit]


def brackets(shown: Sequence[Json], terms: ShippingTerms, demand: Demand) -> list[Bracket]:
    """The brackets that the certificate shows, with what the demand adds to their limits."""
    least = terms.min_order if demand.min_orders else None
    floor_of_value = 0 if least is None else int(least * 10**terms.decimals)
    found = []
    for bracket in shown:
        per_unit, fixed = _ratio(bracket["per_unit"]), _ratio(bracket["cost"])
        limit = Fraction(
            ceil((demand.budget + Fraction(1, 2) - fixed) * per_unit.denominator) - 1, per_unit.denominator
        )
        worth = max(floor_of_value, bracket["least_value"])
        sums: dict[str, tuple[int | None, int | None]] = {"value": (worth, None)}
        items: tuple[int, int | None] = (max(1, demand.min_items), None)
        if bracket["unit"] == "items":
            items = max(bracket["least"], items[0]), bracket["most"]
        elif bracket["unit"] == "grams":
            sums["grams"] = bracket["least"], bracket["most"]
        else:
            sums["value"] = max(bracket["least"], worth), bracket["most"]
        found.append(Bracket(bracket["unit"], per_unit, limit, items, sums))
    return found


def check_brackets(shown: Sequence[Json], terms: ShippingTerms) -> None:
    """Every parcel that can be sent is in a bracket that costs no more than the parcel does.

    By value, what is free is not paid for: the bands end below it.
    """
    free_from = None if terms.free_from is None else int(terms.free_from * 10**terms.decimals)
    for method in terms.methods:
        scale = 10**terms.decimals if method.unit == "value" else 1
        for low, high, at_low, per_unit in _lines(method, scale, terms.rate):
            if free_from is not None:
                _check_free(shown, method.unit, low, high, free_from)
            below = free_from if method.unit == "value" else None
            end = high if below is None or (high is not None and high < below) else below - 1
            if free_from != 0 and (end is None or low <= end):
                _check_paid(shown, method.unit, low, end, at_low - per_unit * low, per_unit)


def _lines(
    method: Method, scale: int, rate: Fraction
) -> Iterator[tuple[int, int | None, Fraction, Fraction]]:
    """First and last unit of each band, its cost at the first, and per unit, in minor units of the budget.

    A shared edge belongs to the lower band; a band that has only that is left out.
    """
    edge: int | None = None
    for band in sorted(method.bands, key=lambda band: (band.low, band.high is None, band.high)):
        low, high = int(band.low * scale), None if band.high is None else int(band.high * scale)
        first, edge = low + 1 if edge == low else low, high
        per_unit = Fraction(band.per_unit) * rate / scale
        if high is None or first <= high:
            yield first, high, Fraction(band.cost) * rate + per_unit * (first - low), per_unit


def _check_paid(
    shown: Sequence[Json], unit: str, low: int, high: int | None, fixed: Fraction, per_unit: Fraction
) -> None:
    """Brackets cover all from `low` to `high`, and none of their lines is above this one there."""
    at: int | None = low
    while at is not None:
        [bracket] = [
            bracket
            for bracket in shown
            if bracket["unit"] == unit and not bracket["least_value"] and _holds(bracket, at)
        ]
        ends = min((end for end in (bracket["most"], high) if end is not None), default=None)
        more, slope = fixed - _ratio(bracket["cost"]), per_unit - _ratio(bracket["per_unit"])
        at_ends = slope if ends is None else more + slope * ends
        assert min(more + slope * at, at_ends) >= 0
        at = None if ends == high else (ends or 0) + 1


def _check_free(shown: Sequence[Json], unit: str, low: int, high: int | None, free_from: int) -> None:
    """One bracket in which nothing is paid holds all from `low` to `high` that is worth enough."""
    first = max(low, free_from) if unit == "value" else low
    if high is not None and high < first:
        return
    wide = [
        bracket
        for bracket in shown
        if bracket["unit"] == unit
        and _ratio(bracket["cost"]) == _ratio(bracket["per_unit"]) == 0
        and bracket["least_value"] <= free_from
        and _holds(bracket, first)
        and (bracket["most"] is None or (high is not None and high <= bracket["most"]))
    ]
    assert wide


def _holds(bracket: Json, x: int) -> bool:
    return bool(bracket["least"] <= x and (bracket["most"] is None or x <= bracket["most"]))


def groups_of(offers: Sequence[Offer], ways: Sequence[Sequence[int]]) -> tuple[Groups, list[bool]] | None:
    """A seller's copies by group and which groups must be in; None where a required one is not for sale."""
    groups: dict[int, list[Offer]] = {}
    for offer in offers:
        groups.setdefault(offer.group, []).append(offer)
    required: set[int] = set()
    for releases in ways:
        own = {offer.group for offer in offers if offer.release in releases}
        if not own:
            return None
        (group,) = own
        groups[group] = [offer for offer in groups[group] if offer.release in releases]
        required.add(group)
    if not all(groups.values()):
        return None
    return list(groups.values()), [group in required for group in groups]


def undominated(bracket: Bracket, groups: Groups) -> Groups:
    """Without copies for which another one of the group can stand in; of equal ones the first stays."""
    limits = _limits_that_bind(bracket, [offer for group in groups for offer in group])

    def stands_in(other: Offer, offer: Offer) -> bool:
        return (
            bracket.cost(other) <= bracket.cost(offer)
            and other.score >= offer.score
            and all(
                amount(other, unit) >= amount(offer, unit) for unit, (low, _) in limits if low is not None
            )
            and all(
                amount(other, unit) <= amount(offer, unit) for unit, (_, high) in limits if high is not None
            )
        )

    return [
        [
            offer
            for place, offer in enumerate(group)
            if not any(
                stands_in(other, offer) and (at < place or not stands_in(offer, other))
                for at, other in enumerate(group)
                if at != place
            )
        ]
        for group in groups
    ]


def _limits_that_bind(
    bracket: Bracket, offers: Sequence[Offer]
) -> list[tuple[str, tuple[int | None, int | None]]]:
    """Limits of sums without those that no cart of these copies can break."""
    found = []
    for unit, (low, high) in bracket.sums.items():
        amounts = [amount(offer, unit) for offer in offers]
        lowest = None if low is None or low <= bracket.items[0] * min(amounts) else low
        highest = None if high is None or sum(amounts) <= high else high
        found.append((unit, (lowest, highest)))
    return found


def affordable(
    bracket: Bracket, groups: Groups, required: Sequence[bool]
) -> tuple[Groups, list[bool]] | None:
    """Without copies too dear for any cart; None where a group that must be in has no other."""
    own = [_least(bracket, group, needed) for group, needed in zip(groups, required, strict=True)]
    kept = [
        [offer for offer in group if sum(own) - least + bracket.cost(offer) <= bracket.limit]
        for group, least in zip(groups, own, strict=True)
    ]
    if any(needed and not group for group, needed in zip(kept, required, strict=True)):
        return None
    left = [(group, needed) for group, needed in zip(kept, required, strict=True) if group]
    return [group for group, _ in left], [needed for _, needed in left]


def _least(bracket: Bracket, group: Sequence[Offer], needed: bool) -> Fraction:
    cheapest = min(map(bracket.cost, group))
    return cheapest if needed else min(cheapest, Fraction(0))


def most_items(bracket: Bracket, groups: Groups, required: Sequence[bool]) -> int:
    """How many copies fit into the limit, the cheapest of each group, those that must be in first; or −1."""
    cheapest = [min(map(bracket.cost, group)) for group in groups]
    needed = sum(required)
    spent = sum((cost for cost, is_in in zip(cheapest, required, strict=True) if is_in), Fraction(0))
    most = needed if spent <= bracket.limit else -1
    others = sorted(cost for cost, is_in in zip(cheapest, required, strict=True) if not is_in)
    for number, cost in enumerate(others, needed + 1):
        spent += cost
        if spent <= bracket.limit:
            most = number
    highest = bracket.items[1]
    return most if highest is None else min(most, highest)


def bound(bracket: Bracket, groups: Groups, required: Sequence[bool], proof: Json) -> int:
    """What no cart of the bracket is worth more than, by the multipliers."""
    unit = proof["score_unit"]
    cost_unit, per_item, per_cost = (_ratio(proof[name]) for name in ("cost_unit", "per_item", "per_cost"))
    per_limit = {name: _ratio(ratio) for name, ratio in proof["per_limit"].items()}
    scores = [offer.score for group in groups for offer in group]
    assert per_cost >= 0
    assert gcd(*scores) % unit == 0
    power = cost_unit * bracket.per_unit.denominator
    assert power.denominator == 1
    assert power.numerator.bit_count() == 1

    def value(offer: Offer) -> Fraction:
        limited = sum((ratio * amount(offer, name) for name, ratio in per_limit.items()), Fraction(0))
        return offer.score + per_item - per_cost * floor(bracket.cost(offer) / cost_unit) - limited

    total = per_cost * floor(bracket.limit / cost_unit)
    for name, ratio in per_limit.items():
        limit = bracket.sums[name][1 if ratio > 0 else 0]
        assert limit is not None
        total += ratio * limit
    for group, needed in zip(groups, required, strict=True):
        best = max(map(value, group))
        total += best if needed else max(best, Fraction(0))
    best_score = max(scores)
    return max(
        (
            items * min(unit * floor((total - per_item * items) / unit), items * best_score)
            for items in range(bracket.items[0], proof["most_items"] + 1)
        ),
        default=0,
    )


def _ratio(pair: Sequence[int]) -> Fraction:
    return Fraction(pair[0], pair[1])


def check(asked: Asked, market: Stock, answer: Json, certificate: Json) -> None:
    """Fails by assertion where the certificate does not prove that no cart is missing from the answer."""
    by_name = {seller["seller"]: seller for seller in certificate["sellers"]}
    assert by_name.keys() == market.offers.keys()
    check_ways(market, certificate["ways"])
    for name, proof in by_name.items():
        if name in market.shipping_terms:
            check_seller(market, name, proof, certificate["ways"])
        else:
            assert proof["proof"] == "none"
    carts = answer["carts"]
    last = carts[-1]["objective_micro"] if len(carts) >= asked.top else 0
    first: dict[str, Json] = {}
    for cart in carts:
        first.setdefault(cart["seller"], cart)
    for name, proof in by_name.items():
        if name in first:
            assert first[name]["objective_micro"] <= proof["bound_micro"] <= first[name]["bound_micro"]
        elif answer["proof"]["status"] == "optimal":
            assert proof["bound_micro"] <= last


def check_ways(market: Stock, ways: Sequence[Sequence[Sequence[int]]]) -> None:
    """Every way asks for what must be in, and each choice of groups is one of them."""
    groups = {offer.release: offer.group for offers in market.offers.values() for offer in offers}
    choices: set[tuple[int | None, ...]] = set()
    for way in ways:
        assert len(way) == len(market.demand.must)
        for releases, asked in zip(way, market.demand.must, strict=True):
            assert set(releases) <= asked
            assert len({groups.get(release) for release in releases}) == 1
        choices.add(tuple(groups.get(releases[0]) for releases in way))
    expected = 1
    for one_of in market.demand.must:
        expected *= max(1, len({groups[release] for release in one_of if release in groups}))
    assert len(choices) == len(ways) == expected


def check_seller(market: Stock, name: str, proof: Json, ways: Sequence[Sequence[Sequence[int]]]) -> None:
    """A seller's bound from its copies."""
    offers = market.offers[name]
    possible = [way for way in ways if groups_of(offers, way) is not None]
    if proof["proof"] == "none":
        assert all(_copies(offers, way) < max(1, market.demand.min_items) for way in possible)
        assert proof["bound_micro"] == 0
        return
    if proof["proof"] == "stock":
        assert proof["bound_micro"] <= len(offers) * sum(offer.score for offer in offers)
        assert proof["bound_micro"] >= max(_stock(offers, way) for way in possible)
        return
    assert proof["proof"] == "brackets"
    check_brackets(proof["brackets"], market.shipping_terms[name])
    expected = {
        (way, number): (ways[way], bracket)
        for way in range(len(ways))
        if ways[way] in possible
        for number, bracket in enumerate(
            brackets(proof["brackets"], market.shipping_terms[name], market.demand)
        )
    }
    shown = {(bound["way"], bound["bracket"]): bound for bound in proof["bounds"]}
    assert shown.keys() == expected.keys()
    for key, (releases, bracket) in expected.items():
        found = groups_of(offers, releases)
        assert found is not None
        _check_bound(bracket, *found, shown[key])
    assert proof["bound_micro"] == max((bound["bound_micro"] for bound in proof["bounds"]), default=0)


def _copies(offers: Sequence[Offer], way: Sequence[Sequence[int]]) -> int:
    found = groups_of(offers, way)
    assert found is not None
    return sum(map(len, found[0]))


def _stock(offers: Sequence[Offer], way: Sequence[Sequence[int]]) -> int:
    found = groups_of(offers, way)
    assert found is not None
    best = [max(offer.score for offer in group) for group in found[0]]
    return len(best) * sum(best)


def _check_bound(bracket: Bracket, groups: Groups, required: Sequence[bool], proof: Json) -> None:
    left = affordable(bracket, undominated(bracket, groups), required)
    most = -1 if left is None or not left[0] else most_items(bracket, *left)
    if proof["proof"] == "none":
        assert most < bracket.items[0] or _out_of_reach(bracket, groups)
        assert proof["bound_micro"] == 0
    elif proof["proof"] == "multipliers":
        assert left is not None
        assert proof["most_items"] == most
        assert proof["bound_micro"] == max(0, bound(bracket, *left, proof))
    else:
        assert proof["proof"] == "search"
        assert proof["nodes"] > 0


def _out_of_reach(bracket: Bracket, groups: Groups) -> bool:
    """Whether all copies together do not reach a lowest sum."""
    offers = [offer for group in groups for offer in group]
    return any(
        sum(amount(offer, unit) for offer in offers) < (low or 0) for unit, (low, _) in bracket.sums.items()
    )


def searched(market: Stock, certificate: Json) -> Iterator[tuple[str, int]]:
    """Sellers of whose brackets one was searched, with the bound that the certificate claims."""
    for seller in certificate["sellers"]:
        if any(bound["proof"] == "search" for bound in seller.get("bounds", ())):
            yield seller["seller"], seller["bound_micro"]
