"""What Discogs reported of sellers' shipping, and when it has to be asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.store.fakes import HOUR, NOW, REPORT

from discogs_assistant.model.shipping import (
    ANYWHERE,
    Band,
    ShippingMethod,
    ShippingPolicy,
    ShippingProblem,
    ShippingReport,
    ShippingUnit,
)
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import seller_shipping

HOME = REPORT.policies[0]
BY_ITEMS = ShippingMethod("Parcel", ShippingUnit.ITEMS, (Band(Decimal(1), None, Decimal("8.5"), Decimal(0)),))
FRANCE = replace(HOME, ships_to="FR", methods=(BY_ITEMS,), free_from=None)
NOWHERE_ELSE = replace(HOME, ships_to=ANYWHERE, methods=(), free_from=None)
WHOLE = replace(REPORT, policies=(HOME, FRANCE, replace(FRANCE, ships_to="IT"), NOWHERE_ELSE))
UNKNOWN = ShippingReport("seller-2", 9, NOW, (), ShippingProblem.NO_ANSWER, "403")


def to(db: Database, destination: str) -> dict[str, ShippingPolicy]:
    return seller_shipping.policies_to(db, destination, NOW - HOUR)


@pytest.mark.parametrize("report", [WHOLE, REPORT, UNKNOWN, replace(UNKNOWN, detail=None)])
def test_a_report_comes_back_as_it_was_stored(db: Database, report: ShippingReport) -> None:
    seller_shipping.save_report(db, report)
    assert seller_shipping.report(db, report.seller) == report


def test_a_seller_of_whom_nothing_was_reported_has_no_report(db: Database) -> None:
    assert seller_shipping.report(db, "seller-1") is None


def test_of_two_reports_the_newer_one_stays(db: Database) -> None:
    older = replace(UNKNOWN, seller="seller-1", reported_at=NOW - HOUR)
    for report in (WHOLE, older):
        seller_shipping.save_report(db, report)
    assert seller_shipping.report(db, "seller-1") == WHOLE
    newer = replace(older, reported_at=NOW + HOUR)
    seller_shipping.save_report(db, newer)
    assert seller_shipping.report(db, "seller-1") == newer


def test_the_policy_for_a_country_counts_before_that_for_all_others(db: Database) -> None:
    seller_shipping.save_report(db, WHOLE)
    assert to(db, "DE") == {"seller-1": HOME}
    assert to(db, "IT") == {"seller-1": replace(FRANCE, ships_to="IT")}
    assert to(db, "US") == {"seller-1": replace(NOWHERE_ELSE, ships_to="US")}
    assert to(db, "US")["seller-1"].blocked


def test_a_country_that_no_policy_is_for_is_unknown(db: Database) -> None:
    seller_shipping.save_report(db, REPORT)
    assert to(db, "US") == {}


def test_policies_are_shown_within_the_age_limit(db: Database) -> None:
    seller_shipping.save_report(db, replace(WHOLE, reported_at=NOW - HOUR))
    seller_shipping.save_report(db, UNKNOWN)
    older = replace(WHOLE, seller="old", reported_at=NOW - HOUR - timedelta(seconds=1))
    seller_shipping.save_report(db, older)
    assert to(db, "DE").keys() == {"seller-1"}


def test_sellers_without_policies_are_counted_by_the_reason(db: Database) -> None:
    for name, report in (("a", UNKNOWN), ("b", UNKNOWN), ("c", replace(UNKNOWN, detail="404")), ("d", WHOLE)):
        seller_shipping.save_report(db, replace(report, seller=name))
    seller_shipping.save_report(db, replace(UNKNOWN, seller="e", reported_at=NOW - 2 * HOUR))
    found = seller_shipping.problems(db, ["a", "b", "c", "d", "e", "f"], NOW - HOUR)
    assert found == {(ShippingProblem.NO_ANSWER, "403"): 2, (ShippingProblem.NO_ANSWER, "404"): 1}


def test_known_shipping_is_asked_for_after_the_age_limit_and_unknown_after_a_day(db: Database) -> None:
    day = timedelta(days=1)
    for name, report, age in (
        ("fresh", WHOLE, HOUR),
        ("old", WHOLE, 7 * HOUR),
        ("unknown", UNKNOWN, 7 * HOUR),
        ("unknown for long", UNKNOWN, day + HOUR),
    ):
        seller_shipping.save_report(db, replace(report, seller=name, reported_at=NOW - age))
    names = ["unknown for long", "new", "unknown", "old", "fresh"]
    stale = seller_shipping.stale_sellers(db, names, known_since=NOW - 6 * HOUR, unknown_since=NOW - day)
    assert stale == ["unknown for long", "new", "old"]
