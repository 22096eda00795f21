"""Public instances of the Internet shopping optimisation problem, as copies, wants and tariffs.

Ornelas et al., Mathematics 10 (2022) 2513: quantities of products, a delivery price per store, prices and
availability by store and product.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.plans.rules import Wants
from discogs_assistant.engine.shipping.tariffs import Step, Tariff, single_method
from discogs_assistant.model.grade import UNGRADED
from discogs_assistant.model.shipping import ShippingUnit


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance by its file's name; money in minor units."""

    name: str
    copies: Copies
    wants: Wants
    tariffs: list[Tariff | None]


def read_instance(path: Path) -> Instance:
    """The instance in a file of the authors' format."""
    blocks = _blocks(path.read_text(encoding="utf-8"))
    _, quantities, deliveries, prices, stock = blocks
    stores, count = len(deliveries), len(quantities)
    offers = [
        (store, product, _minor(prices[store][product]), int(stock[store][product]))
        for store in range(stores)
        for product in range(count)
        if Decimal(prices[store][product]) > 0 and int(stock[store][product]) > 0
    ]
    seller, release, price, quantity = np.array(offers, dtype=np.int64).T
    ungraded = np.full(len(offers), UNGRADED)
    copies = Copies(
        sellers=tuple(f"store{store:04}" for store in range(stores)),
        listing=np.arange(len(offers), dtype=np.int64),
        seller=seller,
        release=release,
        group=release,
        price=price,
        worth=price,
        score=np.zeros(len(offers), dtype=np.int64),
        grams=np.full(len(offers), 230),
        quantity=quantity,
        media=ungraded,
        sleeve=ungraded,
    )
    products = np.array([row[0] for row in quantities], dtype=np.int64)
    wants = Wants(
        release=products,
        score=np.full(count, 10**6),
        required=np.zeros(count, dtype=np.bool_),
        copies=np.array([row[1] for row in quantities], dtype=np.int64),
        group=products,
    )
    return Instance(path.stem, copies, wants, [_delivery(row[1]) for row in deliveries])


def _blocks(text: str) -> list[list[list[str]]]:
    """The rows below each line that begins with #."""
    blocks: list[list[list[str]]] = []
    for line in text.splitlines():
        if line.startswith("#"):
            blocks.append([])
        elif line.strip():
            blocks[-1].append([cell for cell in line.strip().rstrip(",").split(",")])
    return blocks


def _delivery(cost: str) -> Tariff:
    return single_method(ShippingUnit.ITEMS, (Step(1, None, 1, _minor(cost), 0),))


def _minor(amount: str) -> int:
    return int(Decimal(amount) * 100)
