"""Carts and plans on files, with a clock and rates passed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from discogs_assistant.model.money import Currency, RateTable
from discogs_assistant.pipelines.files.carts import CartsOfFiles, carts_on_files
from discogs_assistant.pipelines.files.plans import plan_on_files
from discogs_assistant.pipelines.runtime.results.documents import printed

DAY = date(2026, 11, 24)


@dataclass
class SteppingClock:
    """A quarter of a second later each time it is looked at."""

    at: datetime = datetime(2026, 11, 24, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=250)
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Rates:
    """One euro buys two dollars, a pound four; what was asked for is kept."""

    asked: list[tuple[Currency, date | None]] = field(default_factory=list)

    def __call__(self, target: Currency, day: date | None) -> RateTable:
        self.asked.append((target, day))
        per_euro = {Currency.EUR: Decimal(1), Currency.USD: Decimal(2), Currency.GBP: Decimal("0.5")}
        return RateTable.from_euro(day or DAY, "test", target, per_euro)


@pytest.fixture
def rates() -> Rates:
    return Rates()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Any]:
    texts = {
        "listings": "listing_id,seller,release_id,price,currency\n"
        "1,a,1,3.00,USD\n2,b,1,1.00,EUR\n3,b,9,1.00,GBP\n",
        "scores": "release_id,score\n1,1\n",
        "wants": "release_id\n1\n",
        "policies": "seller,ships_to,unit,from,to,cost,per_unit,currency,min_order\n"
        "b,*,value,0,1,1.00,0,EUR,\nb,*,value,1,,9.00,0,EUR,\na,*,items,1,,1.00,0,USD,\n",
    }
    paths = {name: tmp_path / f"{name}.csv" for name in texts}
    for name, path in paths.items():
        path.write_text(texts[name], encoding="utf-8")
    return {**paths, "policies": None, "currency": "USD", "budget": "10"}


def carts(files: dict[str, Any], rates: Rates, **options: object) -> CartsOfFiles:
    usual = {"top": 20, "per_seller": 1, "min_items": 1, "min_orders": False}
    return carts_on_files(files | usual | options, SteppingClock(), rates)


def test_loading_and_solving_are_timed_by_the_clock(files: dict[str, Any], rates: Rates) -> None:
    found = carts(files, rates)
    assert (found.load_ms, found.solve_ms) == (250.0, 250.0)
    plan = plan_on_files(files | {"answer": "cheapest"}, SteppingClock(), rates)
    assert plan.load_ms == 250.0
    assert plan.solve_ms % 250.0 == 0.0 < plan.solve_ms


def test_the_deadline_counts_from_the_start(files: dict[str, Any], rates: Rates) -> None:
    plan = plan_on_files(files | {"answer": "cheapest", "deadline": "0.3"}, SteppingClock(), rates)
    assert plan.proof.status in {"optimal", "within"}
    assert plan.covered == 1


def test_rates_are_asked_for_once_and_for_the_day_that_was_named(files: dict[str, Any], rates: Rates) -> None:
    found = carts(files, rates, rates_date="2020-02-29")
    assert rates.asked == [(Currency.USD, date(2020, 2, 29))]
    assert printed(found)["rates"] == {
        "date": "2020-02-29",
        "source": "test",
        "values": {"EUR": "2.0000000000", "GBP": "4.0000000000", "USD": "1"},
    }
    assert [(cart.seller, cart.total_minor) for cart in found.carts] == [("b", 200), ("a", 300)]


def test_rows_that_do_not_count_need_no_rates(files: dict[str, Any], rates: Rates) -> None:
    files["scores"].write_text("release_id,score\n2,1\n", encoding="utf-8")
    found = carts(files, rates)
    assert ("rates" in printed(found), found.carts, rates.asked) == (False, (), [])


def test_a_copy_in_the_policys_currency_is_worth_its_own_price(files: dict[str, Any], rates: Rates) -> None:
    """1.00 EUR lies at the edge of the lower band, whatever the rate."""
    found = carts(files, rates, policies=files["listings"].with_name("policies.csv"), ships_to="US")
    assert [(cart.seller, cart.shipping_minor) for cart in found.carts] == [("a", 100), ("b", 200)]
