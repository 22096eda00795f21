"""Discogs' terms let its data be shown for six hours: 5 h 59 min is shown, 6 h 01 min is not, anywhere.

The places are those of the router. A route that answers to GET and stands neither in `SHOWS` nor in
`SHOWS_NOTHING` fails, and so does one of `SHOWS` that does not show what it is said to while that is young.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.store.fakes import NOW
from tests.web.every_route import every_route, filled_in
from tests.web.fakes import USER, Instance, check_of, make_copy, make_record

from discogs_assistant.bootstrap.session import Session
from discogs_assistant.bootstrap.wiring import App
from discogs_assistant.model.ids import ListingId, ReleaseId, RunId
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.release import MarketStats, Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.answer import fresh_answer, store_basis
from discogs_assistant.pipelines.carts.interest import Interest
from discogs_assistant.pipelines.carts.result import CheckedCopy
from discogs_assistant.pipelines.carts.shop import criteria_of
from discogs_assistant.pipelines.runtime.results.documents import printed
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.market import exchange_rates, listings, price_floors
from discogs_assistant.store.runs import runs

PRICE, FLOOR, COVER, WORDS, HANDED = "137.41", "91.73", "the-cover-link", "marked words", "64.27"
MARKS = {
    PRICE: (PRICE, "13741"),
    FLOOR: (FLOOR, "9173"),
    COVER: (COVER,),
    WORDS: (WORDS,),
    HANDED: (HANDED, "6427"),
}
"""What must not be seen any more, and how it may be written."""
YOUNG, OLD = timedelta(hours=5, minutes=59), timedelta(hours=6, minutes=1)

SHOWS: dict[str, set[str]] = {
    "/": {COVER},
    "/profile": {COVER},
    "/profile/export": {PRICE, WORDS, HANDED},
    "/recommendations": {COVER, FLOOR},
    "/recommendations.csv": set(),
    "/api/users/{user}/recommendations.csv": set(),
    "/recommendations/like/{id}": {COVER},
    "/release/{id}": {PRICE, COVER},
    "/sellers": set(),
    "/market": set(),
    "/carts/{run}": {PRICE, COVER, WORDS},
    "/carts/{run}.csv": {PRICE},
    "/carts/{run}/cart/{place}": {PRICE, COVER, WORDS},
    "/carts/{run}/print": {PRICE},
    "/carts/{run}/text": {PRICE},
    "/carts/{run}/plan": {PRICE},
    "/carts/{run}/plan.csv": {PRICE},
    "/carts/{run}/plan.json": {PRICE},
    "/carts/{run}/plan/print": {PRICE},
    "/carts/checks/{check}": {PRICE},
    "/api/runs/{run}/result": {PRICE, WORDS},
    "/api/runs/{run}/what-if": {PRICE},
    "/shop/count": set(),
}
"""Where restricted data stands, and what of it is seen there while it is young."""
WITHOUT_A_CART: dict[str, set[str]] = {"dear": {PRICE, FLOOR}, "unsold": {FLOOR}}
"""What is seen of a search that found none: what must be in is over the budget, or nobody has anything."""
SHOW_WITHOUT_A_CART = ("/carts/{run}", "/api/runs/{run}/result", "/profile/export")
SHOWS_NOTHING = {
    *("/about", "/settings", "/shop", "/start/made-up", "/health", "/ready", "/metrics", "/api/openapi.json"),
    *(
        "/sign-in",
        "/sign-in/back",
        "/sign-in/consent",
        "/settings/tokens",
        "/operator",
        "/operator/now",
        "/api/operator",
    ),
    *(
        "/static/{name}",
        "/profile/delete",
        "/profile/forget",
        "/recommendations.atom",
        "/api/users/{user}/recommendations.atom",
        "/feed/{secret}/recommendations.atom",
        "/taste",
        "/shipping",
        "/search",
    ),
    *("/search/suggestions", "/artist/{id}", "/label/{id}", "/master/{id}", "/release/{id}/why"),
    *("/runs/{run}", "/runs/{run}/progress", "/runs/{run}/log", "/runs/{run}/next", "/runs/{run}/stream"),
    *("/api/runs/{run}", "/api/runs/{run}/events", "/api/users/{user}/like/{id}", "/api/users/{user}/taste"),
    *("/api/releases/{id}", "/api/search", "/plans/{run}"),
}


def record(id: int) -> Release:
    return make_record(id, thumb=f"https://i.discogs.com/{COVER}-{id}.jpg")


def copies(seller: str, *ids: int, cents: int = 13741) -> list[Listing]:
    return [make_copy(100 + id, record(id), seller, cents, comments=f"{WORDS} {id}") for id in ids]


@pytest.fixture
def restricted_ids(instance: Instance) -> dict[str, str]:
    """Ids of releases, runs and sellers whose restricted data is from NOW."""
    records = {id: record(id) for id in range(1, 31)}
    instance.be(USER, currency=Currency.EUR, country="DE")
    instance.know_records([records[id] for id in range(1, 11)], [records[id] for id in range(11, 21)])
    releases.save_releases(instance.db, list(records.values()), NOW)
    instance.recommend([records[id] for id in range(21, 31)])
    floors = [MarketStats(records[id].id, Money(9173, Currency.EUR), 3, False, NOW) for id in range(24, 31)]
    price_floors.save_stats(instance.db, floors)
    exchange_rates.save_rates(instance.db, NOW.date(), "ECB", {Currency.EUR: 1})  # type: ignore[dict-item]
    handed = replace(make_copy(900, records[27], "hander", 6427), origin=Origin.FILE)
    listings.save_listings(instance.db, instance.owner, [handed], [Seller("hander")])
    sellers = [Seller("plattenkiste", ships_from="DE"), Seller("second", ships_from="DE")]
    run = instance.carts(
        [copies("plattenkiste", 11, 13, 22), copies("second", 15, 17)], sellers, budget="2000"
    )
    return {
        "run": run,
        "dear": without_a_cart(instance, 11, must=["11"]),
        "unsold": without_a_cart(instance),
        "check": checked(instance, run),
        "id": "11",
        "place": "1",
        "user": USER,
        "secret": "dsf_nobodys",
        "name": "style.css",
    }


def without_a_cart(instance: Instance, *wants: int, **options: Any) -> str:
    """A finished search for `wants`, and for a record of which a floor alone is known."""
    run = instance.open_run(RunKind.SHOP, {"budget": "100", "currency": "EUR", **options})
    wanted = {ReleaseId(id): 0.5 for id in (25, *wants)}
    basis = store_basis(instance.ctx.db, run, Interest((), wanted), [])
    _, found = fresh_answer(instance.ctx, run, criteria_of(run), basis.interest)
    assert found.carts == ()
    return instance.finish(run, found)


def checked(instance: Instance, run: str) -> str:
    """A finished check of the first cart: its document is that of carts, made at NOW."""
    price = Money(13741, Currency.EUR)
    copy = CheckedCopy(
        listing_id=ListingId(111), release_id=ReleaseId(11), state="same", was=price, now=price
    )
    found = check_of(instance.carts_found(RunId(run)), run, copy)
    return instance.finish(instance.open_run(RunKind.CHECK, {"carts": run, "cart": "1"}), found)


def seen(text: str) -> set[str]:
    return {mark for mark, forms in MARKS.items() if any(_stands(form, text) for form in forms)}


def _stands(form: str, text: str) -> bool:
    # A number within a longer one is another: an id, a time, a size.
    return form in text and bool(re.search(rf"(?<!\d){re.escape(form)}(?!\d)", text))


def get(browser: TestClient, pattern: str, ids: dict[str, str]) -> str:
    more = {"/carts/{run}/text": {"cart": "1"}, "/api/runs/{run}/what-if": {"min_items": "1"}}
    address = {"/recommendations/like/{id}": "/recommendations/like/21"}.get(pattern) or filled_in(
        pattern.replace("checks/{run}", "checks/{check}"), ids
    )
    answer = browser.get(address, params=more.get(pattern))
    assert answer.status_code < 500 or pattern == "/ready", pattern
    # The figures of /metrics are sizes and seconds, which may be any; its labels are what could tell.
    return re.sub(r" [^ ]+$", "", answer.text, flags=re.M) if pattern == "/metrics" else answer.text


def places(app: Any) -> list[str]:
    found = [path for method, path in every_route(app) if method == "GET"]
    return [path.replace("checks/{run}", "checks/{check}") for path in found]


def test_every_route_that_answers_is_in_one_of_the_two_lists(instance: Instance) -> None:
    found = set(places(instance.program().app))
    assert found == SHOWS.keys() | SHOWS_NOTHING
    assert not SHOWS.keys() & SHOWS_NOTHING


def test_what_is_young_is_shown_where_it_belongs(instance: Instance, restricted_ids: dict[str, str]) -> None:
    instance.clock.moment = NOW + YOUNG
    browser = instance.browser()
    missing = {place: marks - seen(get(browser, place, restricted_ids)) for place, marks in SHOWS.items()}
    missing |= {
        f"{place} of {search}": marks
        - seen(get(browser, place, {**restricted_ids, "run": restricted_ids[search]}))
        for place in SHOW_WITHOUT_A_CART
        for search, marks in WITHOUT_A_CART.items()
    }
    assert {place: marks for place, marks in missing.items() if marks} == {}


@pytest.mark.parametrize("search", ["run", *WITHOUT_A_CART])
def test_what_is_old_is_shown_nowhere(
    instance: Instance, restricted_ids: dict[str, str], search: str
) -> None:
    browser, ids = instance.browser(), {**restricted_ids, "run": restricted_ids[search]}
    everywhere = [*SHOWS, *SHOWS_NOTHING]
    for moment in (NOW + YOUNG, NOW + OLD):
        # The first round leaves in memory what the second must not show.
        instance.clock.moment = moment
        leaks = {place: seen(get(browser, place, ids)) for place in everywhere}
    assert {place: marks for place, marks in leaks.items() if marks} == {}


@pytest.mark.parametrize(("age", "shown"), [(YOUNG, True), (OLD, False)])
def test_results_of_programs_and_commands_keep_the_same_clock(
    instance: Instance,
    restricted_ids: dict[str, str],
    age: timedelta,
    shown: bool,
) -> None:
    instance.clock.moment = NOW + age
    program = instance.program()
    marks = {"run": PRICE, "check": PRICE, "dear": PRICE, "unsold": FLOOR}
    for run, mark in marks.items():
        answer = program.get(f"/api/runs/{restricted_ids[run]}/result")
        assert (mark in seen(answer.text)) is shown
        assert ("The prices have expired" in answer.text) is not shown
    session = Session(App(instance.ctx, instance.queue, instance.owner, None))  # type: ignore[arg-type]
    for id in marks:
        found = runs.run(instance.db, instance.owner, RunId(restricted_ids[id]))
        assert found is not None
        assert bool(seen(json.dumps(printed(session._result(found))))) is shown


def test_an_export_says_what_it_leaves_out(instance: Instance, restricted_ids: dict[str, str]) -> None:
    browser = instance.browser()
    instance.clock.moment = NOW + YOUNG
    assert browser.get("/profile/export").json()["partial"] == []
    instance.clock.moment = NOW + OLD
    exported = browser.get("/profile/export").json()
    assert exported["listing"] == []
    assert "uploaded longer ago" in exported["partial"][0]
    assert len(exported["result"]) == 7
