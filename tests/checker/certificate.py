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
from tests.checker.shipping import ShippingTerms

Json = Mapping[str, Any]
Groups = list[list[Offer]]


@dataclass(frozen=True)
class Band:
    """A band of a seller's shipping as its costs and limits.

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


def bands(terms: ShippingTerms, demand: Demand) -> list[Band]:
    """The bands by ascending lower edge; a shared edge belongs to the lower one."""
    scale = 10**terms.decimals if terms.unit == "value" else 1
    least = terms.min_order if demand.min_orders else None
    floor_of_value = None if least is None else int(least * 10**terms.decimals)
    found: list[Band] = []
    edge: int | None = None
    for band in sorted(
        terms.bands, key=lambda band: (band.low, band.low if band.high is None else band.high)
    ):
        low, high = int(band.low * scale), None if band.high is None else int(band.high * scale)
        first, edge = low + 1 if edge == low else low, high
        per_unit = Fraction(band.per_unit) * terms.rate / scale
        fixed = Fraction(band.cost) * terms.rate - per_unit * low
        limit = Fraction(
            ceil((demand.budget + Fraction(1, 2) - fixed) * per_unit.denominator) - 1, per_unit.denominator
        )
        sums: dict[str, tuple[int | None, int | None]] = {"value": (floor_of_value, None)}
        if terms.unit == "grams":
            sums["grams"] = (first, high)
        if terms.unit == "value":
            sums["value"] = (max(first, floor_of_value or 0), high)
        items: tuple[int, int | None] = (max(1, demand.min_items), None)
        if terms.unit == "items":
            items = max(first, *items[:1]), high
        found.append(Band(terms.unit, per_unit, limit, items, sums))
    return found


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


def undominated(band: Band, groups: Groups) -> Groups:
    """Without copies for which another one of the group can stand in; of equal ones the first stays."""
    limits = _limits_that_bind(band, [offer for group in groups for offer in group])

    def stands_in(other: Offer, offer: Offer) -> bool:
        return (
            band.cost(other) <= band.cost(offer)
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


def _limits_that_bind(band: Band, offers: Sequence[Offer]) -> list[tuple[str, tuple[int | None, int | None]]]:
    """Limits of sums without those that no cart of these copies can break."""
    found = []
    for unit, (low, high) in band.sums.items():
        amounts = [amount(offer, unit) for offer in offers]
        lowest = None if low is None or low <= band.items[0] * min(amounts) else low
        highest = None if high is None or sum(amounts) <= high else high
        found.append((unit, (lowest, highest)))
    return found


def affordable(band: Band, groups: Groups, required: Sequence[bool]) -> tuple[Groups, list[bool]] | None:
    """Without copies too dear for any cart; None where a group that must be in has no other."""
    own = [_least(band, group, needed) for group, needed in zip(groups, required, strict=True)]
    kept = [
        [offer for offer in group if sum(own) - least + band.cost(offer) <= band.limit]
        for group, least in zip(groups, own, strict=True)
    ]
    if any(needed and not group for group, needed in zip(kept, required, strict=True)):
        return None
    left = [(group, needed) for group, needed in zip(kept, required, strict=True) if group]
    return [group for group, _ in left], [needed for _, needed in left]


def _least(band: Band, group: Sequence[Offer], needed: bool) -> Fraction:
    cheapest = min(map(band.cost, group))
    return cheapest if needed else min(cheapest, Fraction(0))


def most_items(band: Band, groups: Groups, required: Sequence[bool]) -> int:
    """How many copies fit into the limit, the cheapest of each group, those that must be in first; or −1."""
    cheapest = [min(map(band.cost, group)) for group in groups]
    needed = sum(required)
    spent = sum((cost for cost, is_in in zip(cheapest, required, strict=True) if is_in), Fraction(0))
    most = needed if spent <= band.limit else -1
    others = sorted(cost for cost, is_in in zip(cheapest, required, strict=True) if not is_in)
    for number, cost in enumerate(others, needed + 1):
        spent += cost
        if spent <= band.limit:
            most = number
    highest = band.items[1]
    return most if highest is None else min(most, highest)


def bound(band: Band, groups: Groups, required: Sequence[bool], proof: Json) -> int:
    """What no cart of the band is worth more than, by the multipliers."""
    unit = proof["score_unit"]
    cost_unit, per_item, per_cost = (_ratio(proof[name]) for name in ("cost_unit", "per_item", "per_cost"))
    per_limit = {name: _ratio(ratio) for name, ratio in proof["per_limit"].items()}
    scores = [offer.score for group in groups for offer in group]
    assert per_cost >= 0
    assert gcd(*scores) % unit == 0
    power = cost_unit * band.per_unit.denominator
    assert power.denominator == 1
    assert power.numerator.bit_count() == 1

    def value(offer: Offer) -> Fraction:
        limited = sum((ratio * amount(offer, name) for name, ratio in per_limit.items()), Fraction(0))
        return offer.score + per_item - per_cost * floor(band.cost(offer) / cost_unit) - limited

    total = per_cost * floor(band.limit / cost_unit)
    for name, ratio in per_limit.items():
        limit = band.sums[name][1 if ratio > 0 else 0]
        assert limit is not None
        total += ratio * limit
    for group, needed in zip(groups, required, strict=True):
        best = max(map(value, group))
        total += best if needed else max(best, Fraction(0))
    best_score = max(scores)
    return max(
        (
            items * min(unit * floor((total - per_item * items) / unit), items * best_score)
            for items in range(band.items[0], proof["most_items"] + 1)
        ),
        default=0,
    )


def _ratio(pair: Sequence[int]) -> Fraction:
    return Fraction(pair[0], pair[1])


def check(asked: Asked, market: Stock, answer: Json, certificate: Json) -> None:
    """Fails by assertion where the certificate does not prove that no cart is missing from the answer."""
    by_name = {seller["seller"]: seller for seller in certificate["sellers"]}
    assert by_name.keys() == market.offers.keys()
    _check_ways(market, certificate["ways"])
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


def _check_ways(market: Stock, ways: Sequence[Sequence[Sequence[int]]]) -> None:
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
        expected *= len({groups.get(release) for release in one_of})
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
    expected = {
        (way, number): (ways[way], band)
        for way in range(len(ways))
        if ways[way] in possible
        for number, band in enumerate(bands(market.shipping_terms[name], market.demand))
    }
    shown = {(band["way"], band["band"]): band for band in proof["bands"]}
    assert shown.keys() == expected.keys()
    for key, (releases, band) in expected.items():
        found = groups_of(offers, releases)
        assert found is not None
        _check_band(band, *found, shown[key])
    assert proof["bound_micro"] == max(band["bound_micro"] for band in proof["bands"])


def _copies(offers: Sequence[Offer], way: Sequence[Sequence[int]]) -> int:
    found = groups_of(offers, way)
    assert found is not None
    return sum(map(len, found[0]))


def _stock(offers: Sequence[Offer], way: Sequence[Sequence[int]]) -> int:
    found = groups_of(offers, way)
    assert found is not None
    best = [max(offer.score for offer in group) for group in found[0]]
    return len(best) * sum(best)


def _check_band(band: Band, groups: Groups, required: Sequence[bool], proof: Json) -> None:
    left = affordable(band, undominated(band, groups), required)
    most = -1 if left is None or not left[0] else most_items(band, *left)
    if proof["proof"] == "none":
        assert most < band.items[0]
        assert proof["bound_micro"] == 0
    elif proof["proof"] == "multipliers":
        assert left is not None
        assert proof["most_items"] == most
        assert proof["bound_micro"] == max(0, bound(band, *left, proof))
    else:
        assert proof["proof"] == "search"
        assert proof["nodes"] > 0


def searched(market: Stock, certificate: Json) -> Iterator[tuple[str, int]]:
    """Sellers of whose bands one was searched, with the bound that the certificate claims."""
    for seller in certificate["sellers"]:
        if any(band["proof"] == "search" for band in seller.get("bands", ())):
            yield seller["seller"], seller["bound_micro"]
