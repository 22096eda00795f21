"""The checker itself: it lets right answers pass, refuses each kind of wrong one, and shares no code."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.checker import carts, plans

Answer = dict[str, Any]
Change = Callable[[Answer], object]

LISTINGS = """listing_id,seller,release_id,price,currency,quantity,media
5,b,1,6.00,USD,1,VG+
2,b,2,4.00,EUR,2,M
3,b,3,3.00,USD,1,G
4,a,1,7.00,USD,1,NM
6,c,3,2.00,USD,1,NM
"""
SCORES = "release_id,score,group\n1,0.5,\n2,1,x\n3,0.25,x\n"
WANTS = "release_id,copies,must,group\n1,1,1,\n2,2,0,\n9,1,0,\n"
SHIPPING = """seller,ships_to,unit,from,to,cost,per_unit,currency,min_order
b,US,items,1,2,1.00,0.50,USD,
b,US,items,2,,5.00,0,USD,
a,*,value,0,,2.00,0,USD,3
"""
RATES = {"date": "2026-11-24", "source": "test", "values": {"EUR": "1.1250000000", "USD": "1"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("L", LISTINGS), ("S", SCORES), ("W", WANTS), ("P", SHIPPING)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def carts_asked(folder: Path) -> carts.Asked:
    return carts.Asked(
        folder / "L.csv", folder / "S.csv", "12.00", "USD", policies=folder / "P.csv", ships_to="US"
    )


def right_carts() -> Answer:
    first = {
        "rank": 1, "seller": "b", "listing_ids": [2, 5], "items": 2, "score_sum_micro": 1_500_000,
        "objective_micro": 3_000_000, "merchandise_minor": 1050, "shipping_minor": 150, "total_minor": 1200,
        "proof": "optimal", "bound_micro": 3_000_000,
    }  # fmt: skip
    second = first | {
        "rank": 2, "seller": "a", "listing_ids": [4], "items": 1, "score_sum_micro": 500_000,
        "objective_micro": 500_000, "merchandise_minor": 700, "shipping_minor": 200, "total_minor": 900,
        "bound_micro": 500_000,
    }  # fmt: skip
    return {
        "budget_minor": 1200, "currency": "USD", "listings": 5, "eligible": 5, "sellers": 3, "excluded": {},
        "carts": [first, second], "proof": {"status": "optimal", "gap": 0.0}, "partial": [], "rates": RATES,
    }  # fmt: skip


def plan_asked(folder: Path) -> plans.Asked:
    return plans.Asked(
        folder / "L.csv", folder / "W.csv", "cheapest", "USD", policies=folder / "P.csv", ships_to="US"
    )


def right_plan() -> Answer:
    order = {
        "seller": "b", "listing_ids": [2, 5], "quantities": [2, 1], "items": 3, "merchandise_minor": 1500,
        "shipping_minor": 500, "total_minor": 2000,
    }  # fmt: skip
    return {
        "answer": "cheapest", "currency": "USD", "orders": [order], "total_minor": 2000,
        "score_sum_micro": 2_000_000, "wanted": 3, "covered": 2, "unavailable": [9], "left_out": [],
        "proof": {"status": "optimal", "bound_minor": 2000, "gap": 0.0}, "partial": [], "rates": RATES,
    }  # fmt: skip


def put(*path: str | int, to: object) -> Change:
    """A change of one value deep inside."""

    def change(answer: Any) -> None:
        for step in path[:-1]:
            answer = answer[step]
        answer[path[-1]] = to

    return change


WRONG_CARTS: dict[str, Change] = {
    "a listing that does not exist": put("carts", 0, "listing_ids", to=[2, 77]),
    "another seller's listing": put("carts", 1, "listing_ids", to=[5]),
    "a listing twice": put("carts", 0, "listing_ids", to=[2, 2]),
    "two of a group": put("carts", 0, "listing_ids", to=[2, 3]),
    "over the budget": put("carts", 0, "listing_ids", to=[2, 3, 5]),
    "listings out of order": put("carts", 0, "listing_ids", to=[5, 2]),
    "the wrong count": put("carts", 0, "items", to=3),
    "the wrong score": put("carts", 0, "score_sum_micro", to=1_500_001),
    "the wrong objective": put("carts", 0, "objective_micro", to=1_500_000),
    "the wrong merchandise": put("carts", 0, "merchandise_minor", to=1049),
    "the wrong shipping": put("carts", 0, "shipping_minor", to=500),
    "the wrong total": put("carts", 0, "total_minor", to=1050),
    "a bound below the cart": put("carts", 0, "bound_micro", to=2_999_999),
    "proven with a bound above": put("carts", 0, "bound_micro", to=3_000_001),
    "ranks that do not count": put("carts", 1, "rank", to=3),
    "a seller without shipping": put("carts", 1, "seller", to="c"),
    "the wrong order": lambda answer: answer["carts"].reverse(),
    "a cart twice": lambda answer: answer["carts"].append(answer["carts"][1] | {"rank": 3}),
    "the wrong number of rows": put("listings", to=4),
    "the wrong number of eligible rows": put("eligible", to=4),
    "the wrong number of sellers": put("sellers", to=2),
    "another budget": put("budget_minor", to=1300),
    "a gap that is called proven": put("proof", "gap", to=0.1),
    "other rates": put("rates", "values", "EUR", to="1.2"),
}
WRONG_PLANS: dict[str, Change] = {
    "a listing that does not exist": put("orders", 0, "listing_ids", to=[2, 77]),
    "more than there are": put("orders", 0, "quantities", to=[3, 1]),
    "fewer copies than wanted": put("orders", 0, "quantities", to=[1, 1]),
    "something beyond the wants": put("orders", 0, "listing_ids", to=[2, 3]),
    "the wrong shipping": put("orders", 0, "shipping_minor", to=150),
    "the wrong total": put("total_minor", to=1999),
    "the wrong score": put("score_sum_micro", to=1),
    "a seller twice": lambda answer: answer["orders"].append(answer["orders"][0]),
    "a want too many": put("covered", to=3),
    "wants miscounted": put("wanted", to=2),
    "nothing of what nobody sells": put("unavailable", to=[]),
    "left out though bought": put("left_out", to=[2]),
    "a bound above the total": put("proof", "bound_minor", to=2001),
    "proven with a bound below": put("proof", "bound_minor", to=1999),
    "a must left out": put("orders", to=[]),
    "another answer": put("answer", to="most"),
}


def test_a_right_answer_passes(folder: Path) -> None:
    carts.check(carts_asked(folder), right_carts())
    plans.check(plan_asked(folder), right_plan())


@pytest.mark.parametrize("wrong", WRONG_CARTS)
def test_wrong_carts_are_refused(folder: Path, wrong: str) -> None:
    answer = copy.deepcopy(right_carts())
    WRONG_CARTS[wrong](answer)
    with pytest.raises((AssertionError, KeyError)):
        carts.check(carts_asked(folder), answer)


@pytest.mark.parametrize("wrong", WRONG_PLANS)
def test_wrong_plans_are_refused(folder: Path, wrong: str) -> None:
    answer = copy.deepcopy(right_plan())
    WRONG_PLANS[wrong](answer)
    with pytest.raises((AssertionError, KeyError, ValueError)):
        plans.check(plan_asked(folder), answer)


def test_the_checker_and_the_oracles_import_nothing_of_the_product() -> None:
    modules = [path for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("test_")]
    assert len(modules) > 10
    names = {name for module in modules for name in imported(module)}
    assert "tests.checker" in names
    assert [name for name in names if name.startswith(("discogs_assistant", "tests.engine"))] == []


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
