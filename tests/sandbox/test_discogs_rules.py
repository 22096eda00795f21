"""A request that breaks Discogs' rules fails here as it does there."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.sandbox.sandbox_client import open_app, visit

from discogs_sandbox.oauth import APP_KEY, APP_SECRET
from discogs_sandbox.world.world import World, token_of


def test_an_empty_user_agent_is_refused(anyone: TestClient, world: World) -> None:
    answer = anyone.get(f"/users/{world.demo_user}", headers={"User-Agent": ""})
    assert answer.status_code == 403
    assert "User-Agent" in answer.json()["message"]


@pytest.mark.parametrize(
    "header",
    [
        "Discogs token=wrong",
        "Bearer {token}",
        "{token}",
        "Token {token}",
        "Discogs {token}",
        "OAuth token={token}",
    ],
)
def test_a_wrong_token_or_one_in_the_wrong_place_is_401(
    anyone: TestClient, world: World, header: str
) -> None:
    value = header.format(token=token_of(world.demo_user))
    answer = anyone.get("/oauth/identity", headers={"Authorization": value})
    assert answer.status_code == 401


def test_a_wrong_token_is_401_where_none_is_needed(anyone: TestClient, world: World) -> None:
    headers = {"Authorization": "Discogs token=wrong"}
    assert anyone.get(f"/users/{world.demo_user}", headers=headers).status_code == 401


def test_a_token_may_be_in_the_query(anyone: TestClient, world: World) -> None:
    answer = anyone.get("/oauth/identity", params={"token": token_of(world.demo_user)})
    assert answer.json()["username"] == world.demo_user


def test_key_and_secret_allow_the_search_but_are_no_user(anyone: TestClient) -> None:
    headers = {"Authorization": f"Discogs key={APP_KEY}, secret={APP_SECRET}"}
    assert anyone.get("/database/search", headers=headers).status_code == 200
    assert anyone.get("/oauth/identity", headers=headers).status_code == 401


def test_a_token_never_shows_in_page_addresses(anyone: TestClient, world: World) -> None:
    token = token_of(world.demo_user)
    params: dict[str, Any] = {"token": token, "per_page": 2}
    assert token not in anyone.get(f"/users/{world.demo_user}/wants", params=params).text


@pytest.mark.parametrize(
    "path", ["/releases/1", "/users/x/inventory", "/database/search", "/marketplace/stats/1"]
)
def test_a_wrong_method_is_405(anyone: TestClient, path: str) -> None:
    answer = anyone.post(path)
    assert answer.status_code == 405
    assert answer.json()["message"]


def test_pages_are_silently_limited_to_100(world: World) -> None:
    account = max(
        world.collectors, key=lambda collector: 0 if collector.private_collection else len(collector.items)
    )
    path = f"/users/{account.name}/collection/folders/0/releases"
    frame = visit(open_app(world)).get(path, params={"per_page": 500}).json()
    assert frame["pagination"]["per_page"] == 100
    assert len(frame["releases"]) == min(100, len(account.items))


def test_a_page_past_the_last_is_404(anyone: TestClient, world: World) -> None:
    assert anyone.get(f"/users/{world.demo_user}/wants", params={"page": 1000}).status_code == 404


@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "", "٣", "9" * 40])
def test_a_page_that_is_not_a_number_is_422(anyone: TestClient, world: World, value: str) -> None:
    assert anyone.get(f"/users/{world.demo_user}/wants", params={"page": value}).status_code == 422


def test_an_unknown_sort_is_422(anyone: TestClient, world: World) -> None:
    params = {"sort": "colour"}
    assert anyone.get(f"/users/{world.demo_user}/wants", params=params).status_code == 422


def test_errors_come_in_two_shapes(anyone: TestClient, world: World) -> None:
    wrong = anyone.get(f"/users/{world.demo_user}/wants", params={"sort": "colour"}).json()
    assert wrong.keys() == {"message", "detail"}
    assert [detail["loc"] for detail in wrong["detail"]] == [["query", "sort"]]
    assert "sort must be one of" in wrong["detail"][0]["msg"]
    assert anyone.get("/releases/1").json().keys() == {"message"}


def test_unknown_parameters_are_ignored(anyone: TestClient, world: World) -> None:
    path = f"/users/{world.demo_user}/wants"
    assert anyone.get(path, params={"shape": "round"}).json()["wants"] == anyone.get(path).json()["wants"]


def test_pages_sorted_by_date_added_make_the_whole_list(anyone: TestClient, world: World) -> None:
    path = f"/users/{world.demo_user}/collection/folders/0/releases"
    seen: list[int] = []
    params: dict[str, Any] = {"sort": "added", "sort_order": "desc", "per_page": 30}
    for page in range(1, anyone.get(path, params=params).json()["pagination"]["pages"] + 1):
        releases = anyone.get(path, params={**params, "page": page}).json()["releases"]
        seen += [item["instance_id"] for item in releases]
    items = world.account(world.demo_user).items
    newest_first = sorted(items, key=lambda item: item.added, reverse=True)
    assert sorted(seen) == sorted(item.instance for item in items)
    assert seen[0] == newest_first[0].instance


def test_links_lead_to_the_address_of_the_request(world: World) -> None:
    client = visit(open_app(world))
    client.base_url = "http://made-up.test:1234"
    links = client.get(f"/users/{world.demo_user}/wants", params={"per_page": 2}).json()
    assert links["pagination"]["urls"]["next"].startswith("http://made-up.test:1234/users/")
    assert "sandbox.invalid" not in str(links)


def test_search_needs_sign_in(anyone: TestClient, owner: TestClient) -> None:
    assert anyone.get("/database/search", params={"q": "a"}).status_code == 401
    assert owner.get("/database/search", params={"q": "a"}).status_code == 200


@pytest.mark.parametrize("kind", ["release", "master"])
def test_a_search_by_style_finds_all_and_only_those(owner: TestClient, world: World, kind: str) -> None:
    style = next(style for work in world.works for style in work.styles)
    found = owner.get("/database/search", params={"style": style, "type": kind, "per_page": 100}).json()
    releases = [release for release in world.releases.values() if style in world.work_of(release).styles]
    masters = {release.master for release in releases if release.master}
    assert found["pagination"]["items"] == {"release": len(releases), "master": len(masters)}[kind]
    assert found["results"]
    assert [result for result in found["results"] if style not in result["style"]] == []


def test_only_signed_in_visitors_get_links_to_pictures(world: World) -> None:
    app = open_app(world)
    path = f"/users/{world.demo_user}/wants"
    hidden = [want["basic_information"]["cover_image"] for want in visit(app).get(path).json()["wants"]]
    shown = visit(app, world.demo_user).get(path).json()["wants"]
    assert set(hidden) == {""}
    assert shown
    assert all(want["basic_information"]["cover_image"] for want in shown)
