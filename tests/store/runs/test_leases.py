"""What the processes of an instance share: leases of workers, and exchange rates."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

from tests.store.fakes import HOUR, NOW

from discogs_assistant.model.money import Currency
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import exchange_rates
from discogs_assistant.store.runs import leases


def test_a_worker_lives_while_it_renews(db: Database) -> None:
    leases.renew(db, "a", NOW)
    leases.renew(db, "b", NOW - HOUR)
    assert leases.live(db, NOW) == ["a"]
    leases.renew(db, "b", NOW)
    assert leases.live(db, NOW) == ["a", "b"]


def test_nothing_is_known_of_a_worker_that_ended(db: Database) -> None:
    leases.renew(db, "a", NOW)
    leases.release(db, "a")
    assert leases.workers(db) == []


def test_a_dead_worker_is_taken_over_by_one(db: Database) -> None:
    leases.renew(db, "gone", NOW - HOUR)
    barrier = threading.Barrier(4)
    won: list[bool] = []

    def take() -> None:
        barrier.wait(10)
        won.append(leases.claim_dead(db, "gone", NOW, NOW))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(won) == [False, False, False, True]


def test_a_living_worker_is_not_taken_over(db: Database) -> None:
    leases.renew(db, "a", NOW)
    assert not leases.claim_dead(db, "a", NOW, NOW)


def test_a_claimed_worker_is_not_live_and_falls_due_again_when_its_taker_dies(db: Database) -> None:
    leases.renew(db, "gone", NOW - HOUR)
    assert leases.claim_dead(db, "gone", NOW, NOW)
    assert leases.live(db, NOW) == []
    assert leases.claim_dead(db, "gone", NOW + HOUR, NOW + HOUR)


def test_a_worker_that_was_only_asleep_lives_on(db: Database) -> None:
    leases.renew(db, "asleep", NOW - HOUR)
    leases.claim_dead(db, "asleep", NOW, NOW)
    leases.renew(db, "asleep", NOW)
    assert leases.live(db, NOW) == ["asleep"]


def test_rates_are_those_of_the_newest_day_not_after(db: Database) -> None:
    first = {Currency.EUR: Decimal(1), Currency.USD: Decimal("1.0823"), Currency.JPY: Decimal("161.50")}
    second = {Currency.EUR: Decimal(1), Currency.USD: Decimal("1.09")}
    exchange_rates.save_rates(db, date(2026, 2, 27), "ECB", first)
    exchange_rates.save_rates(db, date(2026, 3, 2), "ECB", second)
    assert exchange_rates.rates(db, date(2026, 3, 1)) == (date(2026, 2, 27), "ECB", first)
    assert exchange_rates.rates(db, date(2026, 3, 2)) == (date(2026, 3, 2), "ECB", second)
    assert exchange_rates.rates(db, date(2026, 2, 26)) is None


def test_a_rate_keeps_its_digits(db: Database) -> None:
    exchange_rates.save_rates(db, date(2026, 3, 2), "ECB", {Currency.USD: Decimal("1.0900")})
    found = exchange_rates.rates(db, date(2026, 3, 2))
    assert found is not None
    assert str(found[2][Currency.USD]) == "1.0900"
