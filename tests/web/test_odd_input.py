"""Whatever is sent to an address, the answer is a page or a sentence, and never a server error."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web.fakes import NASTY, Instance

from discogs_assistant.model.run import RunKind

ODD = (
    "\0",
    "\x7f\x1b[31m",
    "\u202eodd",
    "9" * 5000,
    "-1",
    "1e400",
    "NaN",
    NASTY,
    "../../etc/passwd",
    "'; DROP TABLE run; --",
    "{{ 7 * 7 }}",
    "%00%ff",
    "é" * 300,
)
ODD_ALONE = ("\0", "9" * 5000, "NaN", NASTY)
FIELDS = (
    *(
        "user",
        "token",
        "seller",
        "release",
        "act",
        "back",
        "run",
        "page",
        "view",
        "said",
        "done",
        "from",
        "cart",
    ),
    *("budget", "currency", "ships_from", "formats", "must", "ratio", "genres", "year_from", "country"),
    *("exclude_seller", "exclude_release", "min_media", "include_shipping"),
)
ALONE = ("user", "run", "page", "from", "cart", "year_from", "budget", "must", "ships_from")
PAGES = (
    *("/", "/profile", "/recommendations", "/recommendations.csv", "/market", "/shop", "/shop/count"),
    *("/settings", "/about", "/carts/{run}", "/carts/{run}.csv", "/carts/{run}/text", "/runs/{run}"),
    *("/carts/{run}/print", "/carts/{run}/cart/1", "/api/runs/{run}/what-if"),
    *("/recommendations.atom", "/recommendations/like/11", "/release/21", "/profile/forget"),
    *("/api/users/digger/recommendations.atom", "/api/users/digger/recommendations.csv"),
)
FORMS = (
    *("/start", "/start/demo", "/start/made-up", "/profile/sync", "/profile/files", "/settings"),
    *("/settings/token", "/recommendations", "/recommendations/feedback", "/market/favourites"),
    *("/market/favourites/remove", "/market/refresh", "/market/files", "/shop", "/carts/{run}/check"),
    *("/carts/{run}/search", "/carts/{run}/again", "/runs/{run}/cancel", "/runs/{run}/again"),
    *("/release/21/feedback", "/release/21/wantlist", "/profile/forget"),
)

OF_A_RUN = [page for page in (*PAGES, *FORMS) if "{run}" in page]


def address(instance: Instance, pattern: str, run: str | None = None) -> str:
    """The pattern with a run, or with the one that built carts."""
    return pattern.format(run=run or instance.newest_run(RunKind.SHOP))


@pytest.mark.parametrize("pattern", PAGES)
def test_odd_fields_in_an_address_are_no_server_error(full_instance: Instance, pattern: str) -> None:
    browser = full_instance.browser()
    for params in [dict.fromkeys(ALONE, value) for value in ODD] + [
        {name: value} for name in ALONE for value in ODD_ALONE
    ]:
        answer = browser.get(address(full_instance, pattern), params=params)
        assert answer.status_code < 500, params
        assert NASTY not in answer.text


@pytest.mark.parametrize("pattern", FORMS)
def test_odd_fields_in_a_form_are_no_server_error(full_instance: Instance, pattern: str) -> None:
    browser = full_instance.browser()
    for value in ODD:
        answer = browser.post(address(full_instance, pattern), data=dict.fromkeys(FIELDS, value))
        assert answer.status_code < 500, value
        assert NASTY not in answer.text
    for name in ("user", "seller"):
        for value in ODD_ALONE:
            assert browser.post(address(full_instance, pattern), data={name: value}).status_code < 500, (
                name,
                value,
            )


@pytest.mark.parametrize("run", ["%00", "x" * 22, "a" * 3000, "%F0%9F%92%BF", "..%2f..", "'"])
def test_an_odd_run_is_not_found(full_instance: Instance, run: str) -> None:
    browser = full_instance.browser()
    assert len(OF_A_RUN) > 10
    for pattern in OF_A_RUN:
        place = address(full_instance, pattern, run)
        for answer in (browser.get(place), browser.post(place, data={})):
            assert answer.status_code in {404, 405}, pattern


@pytest.mark.parametrize("kind", RunKind)
def test_a_run_of_any_kind_is_no_server_error(full_instance: Instance, kind: RunKind) -> None:
    options: dict[RunKind, dict[str, Any]] = {
        RunKind.MARKET: {"sellers": ["x"]},
        RunKind.CHECK: {"carts": full_instance.newest_run(RunKind.SHOP), "cart": "1"},
        RunKind.PLANS: {"carts": full_instance.newest_run(RunKind.SHOP)},
    }
    browser, run = full_instance.browser(), full_instance.open_run(kind, options.get(kind)).id
    assert len(OF_A_RUN) > 10
    for pattern in OF_A_RUN:
        place = address(full_instance, pattern, run)
        assert browser.get(place).status_code < 500, pattern
        assert browser.post(place, data={"budget": "7"}).status_code < 500, pattern


@given(
    body=st.binary(max_size=300), media=st.sampled_from(["application/json", "text/plain", "image/png", ""])
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_no_server_error(instance: Instance, body: bytes, media: str) -> None:
    program = instance.program()
    for path in ("/api/users/digger/carts", "/shop", "/market/files"):
        assert program.post(path, content=body, headers={"Content-Type": media}).status_code < 500
