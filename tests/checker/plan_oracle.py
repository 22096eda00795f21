"""Every allowed plan of a few wants, one by one: what the plan engine's answers are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from tests.checker.shipping import FREE, ShippingTerms


@dataclass(frozen=True)
class Copy:
    """A listing; `price` in minor units of the budget's currency, `worth` in those of the shipping's."""

    listing: int
    seller: str
    release: int
    price: int
    worth: int
    quantity: int = 1
    grams: int = 230


@dataclass(frozen=True)
class Want:
    """A row of wants; wants of a group exclude each other, None is a group of its own."""

    release: int
    score: int = 1_000_000
    must: bool = False
    copies: int = 1
    group: int | None = None


@dataclass(frozen=True)
class Limits:
    """What binds a plan; minimum orders always do."""

    budget: int | None = None
    max_sellers: int | None = None
    premium: Fraction = Fraction(1, 20)


Bought = tuple[tuple[Copy, int], ...]


@dataclass(frozen=True)
class Outcome:
    """An allowed plan: `bought` by want, totals in minor units of the budget's currency."""

    covered: frozenset[int]
    bought: Bought
    parcels: int
    total: int
    score: int


def outcome(
    bought: Bought, wants: Sequence[Want], limits: Limits, shipping_terms: Mapping[str, ShippingTerms] | None
) -> Outcome | None:
    """What is bought as a plan, where each parcel may be sent and the limits hold."""
    covered = frozenset(copy.release for copy, _ in bought)
    if any(want.must and want.release not in covered for want in wants):
        return None
    parcels: dict[str, list[tuple[Copy, int]]] = {}
    for copy, count in bought:
        parcels.setdefault(copy.seller, []).append((copy, count))
    if limits.max_sellers is not None and len(parcels) > limits.max_sellers:
        return None
    total = 0
    for seller, lines in parcels.items():
        cost = parcel_cost(lines, FREE if shipping_terms is None else shipping_terms[seller])
        if cost is None:
            return None
        total += cost
    if limits.budget is not None and total > limits.budget:
        return None
    score = sum(want.score for want in wants if want.release in covered)
    return Outcome(covered, bought, len(parcels), total, score)


def parcel_cost(lines: Sequence[tuple[Copy, int]], terms: ShippingTerms) -> int | None:
    """Merchandise and shipping; None where it is below the minimum order or in no band."""
    worth = sum(copy.worth * count for copy, count in lines)
    items = sum(count for _, count in lines)
    shipping = terms.cost(items, sum(copy.grams * count for copy, count in lines), worth)
    if shipping is None or not terms.enough(worth):
        return None
    return shipping + sum(copy.price * count for copy, count in lines)


def all_plans(
    copies: Sequence[Copy],
    wants: Sequence[Want],
    limits: Limits,
    shipping_terms: Mapping[str, ShippingTerms] | None,
) -> Iterator[Outcome]:
    """Every allowed plan, the empty one among them; `shipping_terms` leaves out sellers not in it."""
    offered = [copy for copy in copies if shipping_terms is None or copy.seller in shipping_terms]
    for ways in product(*(_ways_of_group(group, offered) for group in _groups(wants))):
        found = outcome(tuple(line for way in ways for line in way), wants, limits, shipping_terms)
        if found is not None:
            yield found


def cheapest(plans: Iterable[Outcome]) -> tuple[int, int] | None:
    """Wants covered and total; None where required releases cannot be had."""
    return min(((-len(plan.covered), plan.total) for plan in plans), default=None)


def most(plans: Iterable[Outcome]) -> tuple[int, int] | None:
    """Score and total."""
    return min(((-plan.score, plan.total) for plan in plans), default=None)


def fewest(plans: Iterable[Outcome], premium: Fraction) -> tuple[int, int, int] | None:
    """Wants covered, parcels and total."""
    known = list(plans)
    base = cheapest(known)
    if base is None:
        return None
    limit = int(base[1] * (1 + premium))
    within = (
        (plan.parcels, plan.total) for plan in known if -len(plan.covered) == base[0] and plan.total <= limit
    )
    return (base[0], *min(within))


def unavailable(copies: Sequence[Copy], wants: Sequence[Want]) -> set[int]:
    """Wants that the copies do not offer often enough."""
    return {
        want.release
        for want in wants
        if sum(copy.quantity for copy in copies if copy.release == want.release) < want.copies
    }


def _groups(wants: Sequence[Want]) -> list[list[Want]]:
    groups: dict[tuple[str, int], list[Want]] = {}
    for want in wants:
        key = ("alone", want.release) if want.group is None else ("group", want.group)
        groups.setdefault(key, []).append(want)
    return list(groups.values())


def _ways_of_group(group: Sequence[Want], copies: Sequence[Copy]) -> list[Bought]:
    return [(), *(way for want in group for way in _ways(want, copies))]


def _ways(want: Want, copies: Sequence[Copy]) -> Iterator[Bought]:
    offered = [copy for copy in copies if copy.release == want.release]
    for counts in product(*(range(min(copy.quantity, want.copies) + 1) for copy in offered)):
        if sum(counts) == want.copies:
            yield tuple((copy, count) for copy, count in zip(offered, counts, strict=True) if count)
