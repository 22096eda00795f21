"""Why there is no cart at all, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.money import Currency, Money


def why_no_cart(
    copies: Copies,
    rules: Rules,
    tariffs: Sequence[Tariff | None] | None,
    names: Mapping[ReleaseId, str],
    currency: Currency,
    *,
    prices: bool = True,
) -> str:
    """The reason that keeps even the nearest seller from an allowed cart.

    `names` gives the title of a required release; a seller without a tariff sells none.
    Without `prices` the sentence does not mention what copies cost, so that it stays true.
    """
    if tariffs is not None:
        copies = copies.take(np.array([tariff is not None for tariff in tariffs], dtype=bool)[copies.seller])
    if not len(copies):
        return "No copy for sale of any candidate meets your criteria."
    has = np.array([_has(copies, one_of) for one_of in rules.required]).reshape(-1, len(copies.sellers))
    absent = [one_of for one_of, sellers in zip(rules.required, has, strict=True) if not sellers.any()]
    if absent:
        return f"No copy of {_names(absent, names)} that meets your criteria is known to be for sale."
    complete: Mask = np.asarray(has.all(axis=0))
    if not complete.any():
        counts = has.sum(axis=0)
        most = int(counts.argmax())
        return (
            f"No seller has all {len(rules.required)} required records; "
            f"{copies.sellers[most]} has {counts[most]} of them."
        )
    return _too_dear(copies, rules, tariffs, complete, currency, prices)


def _too_dear(
    copies: Copies,
    rules: Rules,
    tariffs: Sequence[Tariff | None] | None,
    complete: Mask,
    currency: Currency,
    prices: bool,
) -> str:
    budget = Money(rules.budget_minor, currency)
    cheapest = sum(
        (_cheapest(copies, one_of) for one_of in rules.required), start=np.zeros(len(complete), int)
    )
    cost_of_required = int(cheapest[complete].min())
    if rules.required and cost_of_required > rules.budget_minor:
        if not prices:
            return f"The required records cost more than your budget of {budget} at every seller."
        return (
            f"The required records cost at least {Money(cost_of_required, currency)} at one seller, "
            f"{Money(cost_of_required - rules.budget_minor, currency)} over your budget of {budget}."
        )
    with_it = ", the required ones included," if rules.required else ""
    least = f"{rules.min_items} records" if rules.min_items > 1 else "a record"
    shipping = ", shipping included" if _paid(tariffs) else ""
    enough = ", or none that reaches the minimum order" if rules.min_orders else ""
    return f"No seller has {least}{with_it} for {budget} or less{shipping}{enough}."


def _paid(tariffs: Sequence[Tariff | None] | None) -> bool:
    methods = (method for tariff in tariffs or () if tariff is not None for method in tariff.methods)
    return any(step.num or step.slope for method in methods for step in method.steps)


def _has(copies: Copies, one_of: frozenset[ReleaseId]) -> Mask:
    """(m,) which sellers have one of these releases."""
    found = np.zeros(len(copies.sellers), dtype=bool)
    found[copies.seller[_among(copies, one_of)]] = True
    return found


def _cheapest(copies: Copies, one_of: frozenset[ReleaseId]) -> Ints:
    """(m,) the lowest price of these releases at each seller; far above all prices where there is none."""
    lowest = np.full(len(copies.sellers), 2**40, dtype=np.int64)
    rows = _among(copies, one_of)
    np.minimum.at(lowest, copies.seller[rows], copies.price[rows])
    return lowest


def _among(copies: Copies, one_of: frozenset[ReleaseId]) -> Mask:
    return np.isin(copies.release, list(one_of))


def _names(absent: Sequence[frozenset[ReleaseId]], names: Mapping[ReleaseId, str]) -> str:
    listed = [_name(min(one_of), names) for one_of in absent]
    return listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + " or " + listed[-1]


def _name(release: ReleaseId, names: Mapping[ReleaseId, str]) -> str:
    return f"“{names[release]}”" if release in names else f"release {release}"
