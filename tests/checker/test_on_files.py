"""The commands `carts` and `plan` on made-up files of every form, checked from the files alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from tests.checker import carts, certificate, plans
from tests.checker.cart_oracle import carts_of_each, ranking
from tests.checker.dice import Dice, dice
from tests.checker.made_files import BYTES, carts_asked, plan_asked
from tests.checker.plan_oracle import all_plans, cheapest, fewest, most
from tests.cli.running import run

from discogs_assistant.cli import market_options
from discogs_assistant.model.money import Currency, RateTable

EXAMPLES = 120
PER_EURO = {Currency.EUR: Decimal(1), Currency.USD: Decimal("1.0917"), Currency.JPY: Decimal("163.41")}


@pytest.fixture(autouse=True, scope="module")
def rates() -> Iterator[None]:
    """The same rates on every day, from memory."""

    def rates_of(target: Currency, day: date | None) -> RateTable:
        return RateTable.from_euro(day or date(2026, 11, 24), "test", target, PER_EURO)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(market_options, "rates_of", rates_of)
        yield


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
@given(dice(BYTES))
def test_carts_of_files_are_right_and_the_best(thrown: Dice) -> None:
    with TemporaryDirectory() as folder:
        asked = carts_asked(thrown, Path(folder))
        proof = Path(folder) / "proof.json"
        answer = run("carts", *asked.options(), "--certificate", proof, "--json").document
        stock = carts.check(asked, answer)
        certificate.check(asked, stock, answer, json.loads(proof.read_text(encoding="utf-8")))
    offers = [offer for of_seller in stock.offers.values() for offer in of_seller]
    expected = ranking(carts_of_each(offers, stock.demand, stock.shipping_terms))[: asked.top]
    shown = [(cart["objective_micro"], cart["total_minor"], cart["seller"]) for cart in answer["carts"]]
    assert shown == expected
    assert answer["proof"] == {"status": "optimal", "gap": 0.0}


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
@given(dice(BYTES))
def test_plans_of_files_are_right_and_the_best(thrown: Dice) -> None:
    with TemporaryDirectory() as folder:
        asked = plan_asked(thrown, Path(folder))
        done = run("plan", *asked.options(), "--json")
        target = Currency(asked.currency)
        values = market_options.rates_of(target, None).values
        found = plans.market(asked, {str(name): str(rate) for name, rate in values.items()})
        everything = list(all_plans(found.copies, found.wants, found.limits, found.shipping_terms))
        if everything:
            plans.check(asked, done.document)
    if not everything:
        assert done.status == 2
        assert any(str(want.release) in done.err for want in found.wants if want.must)
        return
    best = {
        "cheapest": cheapest(everything),
        "most": most(everything),
        "fewest": fewest(everything, found.limits.premium),
    }[asked.answer]
    assert reached(done.document) == best
    assert done.document["proof"]["status"] == "optimal"


def reached(answer: dict[str, Any]) -> tuple[int, ...]:
    covered, score, total = answer["covered"], answer["score_sum_micro"], answer["total_minor"]
    return {
        "cheapest": (-covered, total),
        "most": (-score, total),
        "fewest": (-covered, len(answer["orders"]), total),
    }[answer["answer"]]
