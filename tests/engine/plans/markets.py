"""Markets for plans that are too large for brute force, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.plans.rules import Wants
from discogs_assistant.engine.shipping.tariffs import Step, Tariff, single_method
from discogs_assistant.model.shipping import ShippingUnit

KINDS = ("linear", "foreign", "items", "grams", "value", "floors")


@dataclass(frozen=True)
class PlanMarket:
    """What `best_plan` reads."""

    copies: Copies
    wants: Wants
    tariffs: list[Tariff | None]


def plan_market(seed: int, kind: str, wants: int, sellers: int, listings: int) -> PlanMarket:
    """Log-normal prices; some wants of two copies, some of one group, some without a score."""
    dice = np.random.default_rng(seed)
    release = dice.integers(0, wants, listings)
    price = 100 * np.maximum(1, np.round(dice.lognormal(2.5, 0.5, listings))).astype(np.int64) - 1
    if kind == "foreign":
        price = np.round(price * 1.0837).astype(np.int64)
    copies = Copies(
        sellers=tuple(f"s{number:05}" for number in range(sellers)),
        listing=dice.permutation(listings).astype(np.int64) + 1,
        seller=dice.integers(0, sellers, listings),
        release=release,
        group=release,
        price=price,
        worth=price,
        score=np.zeros(listings, dtype=np.int64),
        grams=dice.choice(np.array([60, 230, 230, 460]), listings),
        quantity=dice.integers(1, 4, listings),
        media=np.zeros(listings, dtype=np.int64),
        sleeve=np.zeros(listings, dtype=np.int64),
    )
    number = np.arange(wants)
    asked = Wants(
        release=number,
        score=dice.integers(0, 10**6, wants) * (dice.random(wants) > 0.1),
        required=np.zeros(wants, dtype=np.bool_),
        copies=1 + (dice.random(wants) < 0.15).astype(np.int64),
        group=np.where(dice.random(wants) < 0.2, number // 3 * 3, number),
    )
    return PlanMarket(copies, asked, [_tariff(dice, kind) for _ in range(sellers)])


def _tariff(dice: np.random.Generator, kind: str) -> Tariff:
    first, more, edge = (int(number) for number in dice.integers((300, 30, 2), (1500, 300, 6)))
    den = 10_000 if kind == "foreign" else 1
    scale = 10_837 if kind == "foreign" else 1
    steps = {
        "items": (Step(1, edge, 1, first, 0), Step(edge + 1, None, edge, first + more, more)),
        "grams": (Step(0, 500, 0, first, 0), Step(501, None, 500, first + more, 1)),
        "value": (Step(0, 1000 * edge - 1, 0, first, 0), Step(1000 * edge, None, 0, 0, 0)),
    }.get(kind, (Step(1, None, 1, first * scale, more * scale),))
    unit = {"grams": ShippingUnit.GRAMS, "value": ShippingUnit.VALUE}.get(kind, ShippingUnit.ITEMS)
    floor = 1000 * edge if kind == "floors" else 0
    return single_method(unit, steps, den=den, min_order=floor)
