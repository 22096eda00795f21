"""The plan engine on public instances against a plain model of them, solved by SciPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from bench.shop_instances import Instance, read_instance
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from tests.engine.shipping.quotes import shipping

from discogs_assistant.engine.plans.best_plan import best_plan
from discogs_assistant.engine.plans.rules import PlanRules, Question

KINDS = [f"{prices}S{number}" for prices in ("Gaussian", "Uniform") for number in range(1, 6)]


def lowest_total(problem: Instance) -> int:
    """Cost and delivery of all wants: x copies of each offer, y whether the store is bought from."""
    copies, offers, stores = problem.copies, len(problem.copies), len(problem.copies.sellers)
    delivery = [shipping(tariff, items=1) or 0 for tariff in problem.tariffs if tariff is not None]
    rows = np.arange(offers)
    wanted = coo_array((np.ones(offers), (copies.release, rows)), (len(problem.wants), offers + stores))
    factors: NDArray[np.float64] = np.concatenate((np.ones(offers), -copies.quantity.astype(np.float64)))
    places = np.concatenate((rows, rows)), np.concatenate((rows, offers + copies.seller))
    linked = coo_array((factors, places), (offers, offers + stores))
    found = milp(
        np.concatenate((copies.price, delivery)),
        constraints=[
            LinearConstraint(wanted, problem.wants.copies, problem.wants.copies),
            LinearConstraint(linked, -np.inf, 0),
        ],
        bounds=Bounds(0, np.concatenate((copies.quantity, np.ones(stores)))),
        integrality=np.ones(offers + stores, dtype=np.int64),
        options={"mip_rel_gap": 0},
    )
    assert found.success
    return round(found.fun)


@pytest.mark.real
@pytest.mark.parametrize("name", KINDS)
def test_a_public_instance_costs_what_a_plain_model_says(real: Path, name: str) -> None:
    problem = read_instance(real / "carts" / "ishop-u" / f"{name}.csv")
    plan = best_plan(problem.copies, problem.wants, PlanRules(Question.CHEAPEST), problem.tariffs)
    assert len(plan.covered) == len(problem.wants)
    assert plan.total_minor == lowest_total(problem)
    assert plan.proof == "optimal"
