"""Who may do what: each route × (anonymous, owner, another person, operator), by cookie and by token.

The routes are those of the router: one without an expected answer fails. Everybody asks with ids of what is
the owner's in the address and in the form; what the owner has is the same afterwards, and nobody else learns
of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.store.accounts.exports import whole_export
from tests.web.every_route import Route, every_route, filled_in
from tests.web.fakes import USER, Instance
from tests.web.people import ANONYMOUS, ANOTHER, OPERATOR, OWNER, PEOPLE, HostedInstance

from discogs_assistant.model.run import RunKind

DOOR = "led to the sign-in"
Answer = int | str
Answers = tuple[Answer, Answer, Answer, Answer]
"""Of the anonymous, the owner, another person and an operator."""


def _all(answer: Answer) -> Answers:
    return answer, answer, answer, answer


def _people(answer: Answer, stranger: Answer = DOOR) -> Answers:
    """Everybody who is signed in does it with what is their own."""
    return stranger, answer, answer, answer


def _owner(answer: Answer, stranger: Answer = DOOR) -> Answers:
    """What is the owner's is to anybody else as if it were not there."""
    return stranger, answer, 404, 404


def _table(*rows: tuple[str, Answers]) -> dict[Route, Answers]:
    found: dict[Route, Answers] = {}
    for routes, answers in rows:
        for line in routes.strip().splitlines():
            method, path = line.split()
            assert (method, path) not in found, line
            found[method, path] = answers
    return found


EXPECTED = _table(
    ("GET /api/openapi.json \n GET /health \n GET /about \n GET /static/{name}", _all(200)),
    ("GET /ready", _all(503)),
    ("GET /metrics", _all(404)),
    ("GET /api/operator", (401, 403, 403, 200)),
    ("GET /operator \n GET /operator/now", (DOOR, 403, 403, 200)),
    # The API: a run is its owner's alone, and a collector's records are those that the asker has of them.
    ("POST /api/users/{user}/sync \n POST /api/users/{user}/recommendations", _people(202, 401)),
    ("POST /api/users/{user}/carts \n GET /api/search", _people(422, 401)),
    ("GET /api/releases/{id}", _people(200, 401)),
    ("GET /api/users/{user}/like/{id}", _people(409, 401)),
    ("PUT /api/users/{user}/wants/{id} \n DELETE /api/users/{user}/wants/{id}", _people(403, 401)),
    ("GET /api/users/{user}/taste \n GET /api/runs/{run}", _owner(200, 401)),
    ("GET /api/users/{user}/recommendations.csv", _owner(200, 401)),
    ("GET /api/users/{user}/recommendations.atom", _owner(200, 401)),
    # By a secret that nobody was given; anyone who has one reads that feed, see test_feeds.
    ("GET /feed/{secret}/recommendations.atom", _all(404)),
    ("GET /api/runs/{run}/result \n GET /api/runs/{run}/what-if", _owner(200, 401)),
    ("GET /api/runs/{run}/events", _owner(200, 401)),
    ("DELETE /api/runs/{run}", _owner(204, 401)),
    # Pages of a run.
    ("GET /carts/{run} \n GET /carts/{run}.csv \n GET /carts/{run}/cart/{place}", _owner(200)),
    ("GET /carts/{run}/print \n GET /carts/{run}/plan \n GET /carts/{run}/plan/print", _owner(200)),
    ("GET /carts/{run}/plan.csv \n GET /carts/{run}/plan.json \n GET /carts/{run}/text", _owner(200)),
    ("GET /runs/{run} \n GET /runs/{run}/progress \n GET /runs/{run}/log", _owner(200)),
    ("GET /runs/{run}/stream", _owner(200)),
    ("GET /runs/{run}/next \n POST /runs/{run}/cancel \n POST /runs/{run}/again", _owner(303)),
    ("POST /carts/{run}/search \n POST /carts/{run}/check \n POST /carts/{run}/again", _owner(303)),
    ("POST /carts/{run}/bought", _owner(422)),
    ("GET /carts/checks/{run} \n GET /plans/{run}", _owner(404)),
    ("POST /carts/{run}/plan", _owner(303)),
    # Pages of a person: each sees and changes their own.
    ("GET / \n GET /profile \n GET /profile/export \n GET /profile/delete", _people(200)),
    # Each has asked for the owner's records by now, and forgets what is their own of them.
    ("GET /profile/forget", _people(200)),
    ("POST /profile/forget", _people(303)),
    ("GET /recommendations \n GET /taste \n GET /market \n GET /shop \n GET /shop/count", _people(200)),
    ("GET /shipping \n GET /sellers \n GET /settings \n GET /settings/tokens", _people(200)),
    ("GET /sign-in/consent", _people(200)),
    ("GET /recommendations.csv \n GET /recommendations.atom", _owner(200)),
    ("GET /recommendations/like/{id}", _people(409)),
    ("POST /start \n POST /start/demo \n POST /profile/sync \n POST /recommendations", _people(303)),
    ("POST /recommendations/feedback \n POST /market/favourites", _people(303)),
    ("POST /market/favourites/remove \n POST /market/refresh \n POST /shop", _people(303)),
    ("POST /profile/not-bought \n POST /sellers/favourites \n POST /release/{id}/feedback", _people(303)),
    ("POST /settings \n POST /settings/tokens/withdraw \n POST /sign-in/consent", _people(303)),
    ("POST /profile/files \n POST /market/files \n POST /shipping \n POST /shipping/order", _people(422)),
    ("POST /release/{id}/wantlist", _people(422)),
    ("POST /settings/tokens", _people(201)),
    ("POST /shipping/forget", _people(404)),
    # The made-up world is begun in local mode, and a personal token is kept there, alone.
    ("GET /start/made-up \n POST /start/made-up", _people(404)),
    ("POST /settings/token \n POST /settings/token/forget", _people(409)),
    # Records are everybody's who is signed in; these numbers are in no catalogue.
    ("GET /search \n GET /search/suggestions \n GET /release/{id} \n GET /release/{id}/why", _people(200)),
    ("GET /artist/{id} \n GET /label/{id} \n GET /master/{id}", _people(404)),
    # Coming in and going out; Discogs is not there to be asked, and nobody comes back from it.
    ("GET /sign-in", (200, 303, 303, 303)),
    ("POST /sign-in", _all(409)),
    ("GET /sign-in/back", _all(401)),
    ("POST /sign-out/everywhere \n POST /profile/delete", _people(DOOR)),
    ("POST /sign-out", _all(DOOR)),
)
PUBLIC = {route for route, answers in EXPECTED.items() if answers[0] not in (DOOR, 401)}
LAST = (("POST", "/profile/forget"), ("POST", "/profile/delete"))
"""After these the person's records, or the person, are no more."""
PRIVATE = (
    *("Two labels could not be looked up", "One of three sellers could not be reached", "Because you own"),
    *("Plays fine", "It fits"),
)
"""Words that stand in the owner's answers alone."""
FORM = {
    **{"user": USER, "seller": "plattenkiste", "release": "21", "act": "love", "back": "/", "cart": "1"},
    **{"budget": "50", "currency": "EUR", "ships_to": "DE", "name": "x", "next": "/"},
}


def in_order() -> list[Route]:
    return [*(route for route in EXPECTED if route not in LAST), *LAST]


def ask(where: HostedInstance, client: TestClient, route: Route) -> Any:
    """Ask as a browser's form or a program's JSON would, with ids of what is the owner's."""
    method, pattern = route
    ids = dict(where.ids)
    if pattern.endswith("/cancel") or route == ("DELETE", "/api/runs/{run}"):
        ids["run"] = where.instance.open_run(RunKind.SYNC).id
    sent: dict[str, Any] = {}
    if method == "POST":
        sent = {"json": {}} if pattern.startswith("/api/") else {"data": {**FORM, "run": ids["run"]}}
    if pattern.endswith("/text"):
        sent = {"params": {"cart": "1"}}
    elif method == "GET" and not pattern.endswith(("/sign-in", "/what-if")):
        sent = {"params": {"user": USER}}
    return client.request(method, filled_in(pattern, ids), **sent)


def outcome(answer: Any) -> Answer:
    led = answer.headers.get("location", "").partition("?")[0]
    return DOOR if answer.status_code == 303 and led == "/sign-in" else int(answer.status_code)


def belongings(where: HostedInstance) -> Any:
    """All that is the owner's, but for the runs that the test itself opens and what tells of sign-ins."""
    found = whole_export(where.instance.db, where.owners[OWNER])
    kept = {name: rows for name, rows in found.items() if name not in ("session", "api_token")}
    return {**kept, "run": [row for row in kept["run"] if row["state"] != "queued"]}


def test_every_route_has_an_expected_answer(instance: Instance) -> None:
    routes = set(every_route(instance.program().app))
    assert routes - EXPECTED.keys() == set(), "say in EXPECTED who may use these"
    assert EXPECTED.keys() - routes == set(), "these are no more"


@pytest.mark.parametrize("role", PEOPLE)
def test_each_person_is_answered_as_expected(hosted_instance: HostedInstance, role: str) -> None:
    before, wrong, column = belongings(hosted_instance), {}, PEOPLE.index(role)
    browser = hosted_instance.browser(role)
    for route in in_order():
        if role != ANONYMOUS:
            # The one before may have signed out; and each is asked by somebody who did not.
            browser.cookies.set("session", hosted_instance.session(role))
        answer = ask(hosted_instance, browser, route)
        if outcome(answer) != EXPECTED[route][column]:
            wrong[route] = outcome(answer)
        if role != OWNER:
            leaks = [words for words in PRIVATE if words in answer.text]
            assert not leaks, (route, leaks)
            assert belongings(hosted_instance) == before, f"{route} changed what is the owner's"
    assert wrong == {}


@pytest.mark.parametrize("role", PEOPLE)
def test_a_programs_token_opens_the_api_as_its_person_and_no_page(
    hosted_instance: HostedInstance, role: str
) -> None:
    before, column = belongings(hosted_instance), PEOPLE.index(role)
    program, wrong = hosted_instance.program(role), {}
    assert len(EXPECTED) > 50
    for route, answers in EXPECTED.items():
        answer = ask(hosted_instance, program, route)
        if route[1].startswith("/api/"):
            if outcome(answer) != answers[column]:
                wrong[route] = outcome(answer)
        elif route not in PUBLIC and outcome(answer) not in (DOOR, 401, 403):
            wrong[route] = outcome(answer)
        if role != OWNER:
            assert not [words for words in PRIVATE if words in answer.text], route
    assert wrong == {}
    if role != OWNER:
        assert belongings(hosted_instance) == before


def test_an_operator_may_see_no_more_of_a_person_than_anybody_else() -> None:
    of_operators = {("GET", "/operator"), ("GET", "/operator/now"), ("GET", "/api/operator")}
    differs = {route for route, (_, _, another, operator) in EXPECTED.items() if another != operator}
    assert differs == of_operators


@pytest.mark.parametrize("secret", ["", "x", "a" * 43, "é" * 20, "a" * 5000, "' OR 1=1 --", "\x00"])
def test_a_made_up_session_is_nobodys(hosted_instance: HostedInstance, secret: str) -> None:
    browser = hosted_instance.browser(ANONYMOUS)
    cookie = f"session={secret}".encode()
    answer = browser.get("/profile", headers=[(b"cookie", cookie)])
    assert outcome(answer) == DOOR


def test_a_session_that_was_ended_opens_nothing(hosted_instance: HostedInstance) -> None:
    browser = hosted_instance.browser(OWNER)
    kept = browser.cookies["session"]
    assert browser.get("/profile").status_code == 200
    browser.post("/sign-out", data={})
    browser.cookies.set("session", kept)
    assert outcome(browser.get("/profile")) == DOOR


def test_a_withdrawn_token_opens_nothing(hosted_instance: HostedInstance) -> None:
    program = hosted_instance.program(ANOTHER)
    assert program.get("/api/releases/21").status_code == 200
    hosted_instance.browser(ANOTHER).post("/settings/tokens/withdraw", data={"name": "a program"})
    assert program.get("/api/releases/21").status_code == 401


def test_who_is_no_operator_sees_that_on_a_page_of_ours(hosted_instance: HostedInstance) -> None:
    page = hosted_instance.browser(ANOTHER).get("/operator")
    assert page.status_code == 403
    assert "Only the operators of this installation" in page.text
    assert 'href="/operator"' not in hosted_instance.browser(ANOTHER).get("/").text
    assert 'href="/operator"' in hosted_instance.browser(OPERATOR).get("/").text


def test_the_table_would_notice_a_hole(hosted_instance: HostedInstance) -> None:
    """What the checks above rest on: the owner's answers do hold the private words."""
    browser = hosted_instance.browser(OWNER)
    seen: Mapping[str, bool] = {
        words: any(
            words in ask(hosted_instance, browser, route).text for route in EXPECTED if route[0] == "GET"
        )
        for words in PRIVATE
    }
    assert all(seen.values()), seen
