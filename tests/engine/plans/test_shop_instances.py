"""The thirty public instances of the Internet shopping problem, each proven.

`make test` has some of each size.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.durations import LONG
from tests.engine.shipping.quotes import shipping

from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.carts.proof_status import Proof
from discogs_assistant.engine.plans.best_plan import best_plan
from discogs_assistant.engine.plans.rules import PlanRules, Wants
from discogs_assistant.engine.shipping.tariffs import Step, Tariff, single_method
from discogs_assistant.model.shipping import ShippingUnit

NAMES = [f"{kind}{size}{n}.csv" for kind in ("Gaussian", "Uniform") for size in "SML" for n in range(1, 6)]

pytestmark = pytest.mark.real


def read(path: Path) -> tuple[Copies, Wants, list[Tariff]]:
    """Stores as sellers, products as releases; a delivery price whatever the number of items."""
    parts: list[list[list[str]]] = []
    for line in path.read_text(encoding="utf-8").split():
        if line.startswith("#"):
            parts.append([])
        elif "," in line and parts:
            parts[-1].append([cell for cell in line.split(",") if cell])
    _, needs, deliveries, prices, stocks = (part for part in parts if part)
    price = np.array([[round(float(cell) * 100) for cell in row] for row in prices])
    stock = np.array([[int(cell) for cell in row] for row in stocks])
    seller, release = np.nonzero((stock > 0) & (price > 0))
    count = len(seller)
    zeros = np.zeros(count, dtype=np.int64)
    paid = price[seller, release].astype(np.int64)
    copies = Copies(
        sellers=tuple(f"store{number:04}" for number in range(len(price))),
        listing=np.arange(count),
        seller=seller,
        release=release,
        group=release,
        price=paid,
        worth=paid,
        score=zeros,
        grams=zeros + 230,
        quantity=stock[seller, release].astype(np.int64),
        media=zeros,
        sleeve=zeros,
    )
    number = np.arange(len(needs))
    wants = Wants(
        release=number,
        score=np.ones(len(needs), dtype=np.int64),
        required=np.zeros(len(needs), dtype=np.bool_),
        copies=np.array([int(row[1]) for row in needs]),
        group=number,
    )
    tariffs = [
        single_method(ShippingUnit.ITEMS, (Step(1, None, 1, round(float(row[1]) * 100), 0),))
        for row in deliveries
    ]
    return copies, wants, tariffs


@pytest.mark.parametrize("name", NAMES if LONG else NAMES[::4])
def test_a_public_instance_is_proven(real: Path, name: str) -> None:
    copies, wants, tariffs = read(real / "carts" / "ishop-u" / name)
    found = best_plan(copies, wants, PlanRules(), tariffs)
    assert found.proof is Proof.OPTIMAL
    assert found.bound == found.total_minor
    assert len(found.covered) + len(found.unavailable) == len(wants)
    bought = np.zeros(len(wants), dtype=np.int64)
    assert found.parcels
    for parcel in found.parcels:
        rows, counts = list(parcel.rows), np.array(parcel.quantities)
        assert (counts <= copies.quantity[rows]).all()
        assert parcel.merchandise_minor == (copies.price[rows] * counts).sum()
        assert parcel.shipping_minor == shipping(tariffs[parcel.seller], items=1)
        bought[copies.release[rows]] += counts
    assert (bought == np.where(np.isin(np.arange(len(wants)), found.covered), wants.copies, 0)).all()
