"""Shipping policies from Discogs' JSON: what is clear is read, and everything else is unknown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.discogs.fakes import Bench, Script, ok, said

from discogs_assistant.errors import RateLimitedError, SignInNeededError, UnreachableError
from discogs_assistant.model.money import Currency
from discogs_assistant.model.shipping import (
    ANYWHERE,
    ShippingPolicy,
    ShippingProblem,
    ShippingReport,
    ShippingSource,
    ShippingUnit,
)
from discogs_assistant.sources.discogs.wire_shipping import read_shipping

NOW = datetime(2026, 11, 24, tzinfo=UTC)
RANGES = [
    {"price": Decimal("9.8"), "max": 999},
    {"price": Decimal("11.8"), "max": 1999},
    {"price": Decimal("47.6"), "max": 0},
]
METHOD: dict[str, Any] = {"name": "Standard - DHL", "range_type": "weight", "ranges": RANGES}
POLICY: dict[str, Any] = {
    "id": 1,
    "countries": ["Netherlands", "Germany"],
    "methods": [METHOD],
    "free_shipping": False,
    "free_shipping_min_order_val": None,
}
ANSWER: dict[str, Any] = {"seller_uid": 908656, "currency": "EUR", "policies": [POLICY]}


def read(answer: object) -> ShippingReport:
    return read_shipping(answer, "shop", 908656, NOW)


def policy(**changes: Any) -> dict[str, Any]:
    return {**ANSWER, "policies": [{**POLICY, **changes}]}


def method(**changes: Any) -> dict[str, Any]:
    return policy(methods=[{**METHOD, **changes}])


def ranges(*pairs: tuple[Any, Any]) -> dict[str, Any]:
    return method(ranges=[{"price": price, "max": end} for price, end in pairs])


def to(report: ShippingReport, ships_to: str) -> ShippingPolicy | None:
    return next((policy for policy in report.policies if policy.ships_to == ships_to), None)


def bands(report: ShippingReport, place: int = 0) -> list[tuple[int, int | None, str]]:
    found = report.policies[0].methods[place].bands
    return [(int(band.low), None if band.high is None else int(band.high), str(band.cost)) for band in found]


def test_a_policy_by_weight_is_read_for_each_of_its_countries() -> None:
    report = read(ANSWER)
    assert report.problem is None
    assert [policy.ships_to for policy in report.policies] == ["DE", "NL", ANYWHERE]
    first = report.policies[0]
    assert (first.seller, first.currency, first.source) == ("shop", Currency.EUR, ShippingSource.POLICY)
    assert (first.methods[0].name, first.methods[0].unit) == ("Standard - DHL", ShippingUnit.GRAMS)
    assert (first.free_from, first.min_order, first.reported_at) == (None, None, NOW)
    assert bands(report) == [(1, 999, "9.8"), (1000, 1999, "11.8"), (2000, None, "47.6")]


def test_a_policy_by_quantity_counts_records() -> None:
    report = read(method(range_type="quantity", ranges=[{"price": 5, "max": 2}, {"price": 7, "max": 0}]))
    assert report.policies[0].methods[0].unit is ShippingUnit.ITEMS
    assert bands(report) == [(1, 2, "5"), (3, None, "7")]


def test_a_method_may_end_and_another_go_on() -> None:
    short = {**METHOD, "ranges": [{"price": 4, "max": 500}]}
    report = read(policy(methods=[short, METHOD]))
    assert bands(report) == [(1, 500, "4")]
    assert bands(report, 1)[-1] == (2000, None, "47.6")


@pytest.mark.parametrize(
    ("flag", "minimum", "free_from"),
    [(True, None, Decimal(0)), (True, 80, Decimal(80)), (False, 80, None), (None, None, None)],
)
def test_shipping_may_be_free_from_a_value_on(
    flag: bool | None, minimum: int | None, free_from: Decimal | None
) -> None:
    report = read(policy(free_shipping=flag, free_shipping_min_order_val=minimum))
    assert report.policies[0].free_from == free_from


def test_nothing_is_sent_to_a_country_that_no_policy_names() -> None:
    other = to(read(ANSWER), ANYWHERE)
    assert other is not None
    assert other.blocked


def test_a_country_whose_name_is_not_known_may_be_any() -> None:
    report = read(policy(countries=["Germany", "Atlantis"]))
    assert [policy.ships_to for policy in report.policies] == ["DE"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("UK", "GB"), ("Great Britain", "GB"), ("Czechia", "CZ"), ("Czech Republic", "CZ"), ("USA", "US")],
)
def test_countries_are_known_by_their_other_names(name: str, code: str) -> None:
    assert [policy.ships_to for policy in read(policy(countries=[name])).policies] == [code, ANYWHERE]


def test_of_two_different_policies_for_a_country_none_is_known() -> None:
    cheaper = {
        **POLICY,
        "countries": ["Germany"],
        "methods": [{**METHOD, "ranges": [{"price": 1, "max": 0}]}],
    }
    report = read({**ANSWER, "policies": [POLICY, cheaper]})
    assert [policy.ships_to for policy in report.policies] == ["NL"]


def test_a_country_may_be_named_twice_with_the_same_terms() -> None:
    report = read({**ANSWER, "policies": [POLICY, {**POLICY, "id": 2, "countries": ["Germany", "Germany"]}]})
    assert [policy.ships_to for policy in report.policies] == ["DE", "NL", ANYWHERE]


def test_a_policy_without_methods_leaves_its_countries_unknown() -> None:
    report = read({**ANSWER, "policies": [POLICY, {**POLICY, "countries": ["France"], "methods": []}]})
    assert [policy.ships_to for policy in report.policies] == ["DE", "NL"]


@pytest.mark.parametrize("policies", [[], [{"id": 1}], [{**POLICY, "countries": []}]])
def test_a_seller_who_names_no_country_has_stated_nothing(policies: list[Any]) -> None:
    report = read({**ANSWER, "policies": policies})
    assert (report.policies, report.problem) == ((), ShippingProblem.NONE_STATED)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "policies",
        {},
        {"seller_uid": 908656, "currency": "EUR"},
        {**ANSWER, "seller_uid": 1},
        {**ANSWER, "currency": "DKK"},
        {**ANSWER, "currency": None},
        {**ANSWER, "policies": {"items": []}},
        {**ANSWER, "policies": ["Germany"]},
        policy(countries="Germany"),
        policy(countries=[1]),
        policy(methods=METHOD),
        policy(free_shipping="yes"),
        policy(free_shipping=True, free_shipping_min_order_val="80"),
        policy(free_shipping=True, free_shipping_min_order_val=-1),
        method(range_type="volume"),
        method(range_type=None),
        method(ranges=[]),
        method(ranges=None),
        method(name=5),
        ranges((-1, 0)),
        ranges((10**7, 0)),
        ranges((True, 0)),
        ranges(("9.80", 0)),
        ranges((float("nan"), 0)),
        ranges((float("inf"), 0)),
        ranges((None, 0)),
        ranges((1, "999")),
        ranges((1, True)),
        ranges((1, None)),
        ranges((1, -5)),
        ranges((1, Decimal("9.5"))),
        ranges((1, 10**12)),
        ranges((1, 999), (2, 999)),
        ranges((1, 999), (2, 500)),
        ranges((1, 0), (2, 999)),
        ranges((1, 0), (2, 0)),
        ranges(*((1, end) for end in range(1, 10_001))),
        policy(countries=["Germany"] * 2_000),
    ],
)
def test_an_odd_answer_is_unknown_and_says_where_it_is_odd(answer: object) -> None:
    report = read(answer)
    assert (report.policies, report.problem) == ((), ShippingProblem.UNREADABLE)
    assert report.detail is not None
    assert report.detail.startswith("Discogs answered in an unexpected way: ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def mixed(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly what fits, at times anything."""
    return st.one_of(good, good, good, JSON)


RANGE = mixed(
    st.fixed_dictionaries(
        {"price": mixed(st.decimals(-5, 10**7, places=2)), "max": mixed(st.integers(-5, 5000))}
    )
)
ODD_METHOD = mixed(
    st.fixed_dictionaries(
        {
            "name": mixed(st.text(max_size=8)),
            "range_type": mixed(st.sampled_from(["weight", "quantity", "volume"])),
            "ranges": mixed(st.lists(RANGE, max_size=5)),
        }
    )
)
NAMES = st.sampled_from(["Germany", "France", "UK", "Atlantis", "Czechia", ""])
ODD_POLICY = mixed(
    st.fixed_dictionaries(
        {
            "countries": mixed(st.lists(mixed(NAMES), max_size=4)),
            "methods": mixed(st.lists(ODD_METHOD, max_size=3)),
            "free_shipping": mixed(st.booleans()),
            "free_shipping_min_order_val": mixed(st.none() | st.integers(-5, 500)),
        }
    )
)
ODD_ANSWER = mixed(
    st.fixed_dictionaries(
        {
            "seller_uid": mixed(st.just(908656)),
            "currency": mixed(st.sampled_from(["EUR", "JPY", "XXX"])),
            "policies": mixed(st.lists(ODD_POLICY, max_size=4)),
        }
    )
)


@given(ODD_ANSWER)
def test_whatever_the_answer_is_each_price_is_clear_or_nothing_is_known(answer: object) -> None:
    report = read(answer)
    assert (report.problem is None) == bool(report.policies)
    destinations = [policy.ships_to for policy in report.policies]
    assert len(set(destinations)) == len(destinations)
    bands = [band for policy in report.policies for method in policy.methods for band in method.bands]
    assert [band for band in bands if not 0 <= band.cost <= 10**6 or band.per_unit] == []
    assert [band for band in bands if band.high is not None and band.high < band.low] == []
    blocked = [policy.ships_to for policy in report.policies if policy.blocked]
    assert blocked in ([], [ANYWHERE])


def bench(*answers: httpx2.Response | Exception, token: str | None = "t") -> tuple[Bench, Script]:
    script = Script(answers)
    return Bench(script, token), script


def test_the_policies_of_a_seller_are_asked_for_once_without_a_country() -> None:
    asking, script = bench(ok(json.loads(json.dumps(ANSWER, default=float))))
    report = asking.client.shipping("shop", 908656)
    assert bands(report) == [(1, 999, "9.8"), (1000, 1999, "11.8"), (2000, None, "47.6")]
    (request,) = script.requests
    assert request.url.path == "/v3/marketplace/shipping/policies"
    assert dict(request.url.params) == {"seller_id": "908656"}
    assert request.headers["Authorization"] == "Discogs token=t"


@pytest.mark.parametrize("status", [401, 403, 404, 410, 422, 500, 503, 301])
def test_a_refusal_is_a_report_after_one_request(status: int) -> None:
    asking, script = bench(said(status))
    report = asking.client.shipping("shop", 8)
    assert (report.problem, report.detail) == (ShippingProblem.NO_ANSWER, str(status))
    assert (report.seller, report.number, report.reported_at) == ("shop", 8, asking.clock.now())
    assert len(script.requests) == 1


def test_a_page_in_place_of_json_is_unreadable() -> None:
    asking, _ = bench(httpx2.Response(200, content=b"<html>"))
    assert asking.client.shipping("shop", 8).problem is ShippingProblem.UNREADABLE


def test_without_a_token_nothing_is_asked() -> None:
    asking, script = bench(ok({}), token=None)
    with pytest.raises(SignInNeededError):
        asking.client.shipping("shop", 8)
    assert script.requests == []


@pytest.mark.parametrize(
    ("answer", "error"), [(said(429), RateLimitedError), (httpx2.ReadTimeout("so"), UnreachableError)]
)
def test_what_says_nothing_of_the_seller_is_an_error(answer: Any, error: type[Exception]) -> None:
    asking, _ = bench(answer)
    with pytest.raises(error):
        asking.client.shipping("shop", 8)
