"""Profiles, collections and wantlists: what is private, who is gone, what only owners see."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.sandbox.sandbox_client import open_app, small_world, visit

from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.world import World

COLLECTION = "/users/{}/collection/folders/0/releases"


@pytest.fixture(scope="module")
def private_world() -> World:
    """A world whose second collector hides everything."""
    world = small_world(8)
    account = world.collectors[1]
    account.private_collection = account.private_wantlist = True
    return world


def everything(client: TestClient, path: str, key: str) -> list[dict[str, Any]]:
    pages = client.get(path, params={"per_page": 100}).json()["pagination"]["pages"]
    found: list[dict[str, Any]] = []
    for page in range(1, pages + 1):
        found += client.get(path, params={"per_page": 100, "page": page}).json()[key]
    return found


def hidden(world: World) -> Account:
    return world.collectors[1]


def test_counts_of_what_is_private_are_absent(private_world: World) -> None:
    profile = visit(open_app(private_world)).get(f"/users/{hidden(private_world).name}").json()
    assert not {"num_collection", "num_wantlist", "email"} & profile.keys()


def test_what_is_private_is_403_for_everybody_else(private_world: World) -> None:
    app, name = open_app(private_world), hidden(private_world).name
    for client in (visit(app), visit(app, private_world.demo_user)):
        assert client.get(COLLECTION.format(name)).status_code == 403
        assert client.get(f"/users/{name}/wants").status_code == 403
        assert client.get(f"/users/{name}/collection/folders").status_code == 403


def test_the_owner_sees_what_is_private(private_world: World) -> None:
    account = hidden(private_world)
    client = visit(open_app(private_world), account.name)
    profile = client.get(f"/users/{account.name}").json()
    assert profile["num_collection"] == len(account.items)
    assert len(everything(client, COLLECTION.format(account.name), "releases")) == len(account.items)
    assert len(everything(client, f"/users/{account.name}/wants", "wants")) == len(account.wants)


@pytest.mark.parametrize("path", ["", "/wants", "/inventory", "/collection/folders/0/releases"])
def test_a_user_who_is_gone_is_404(anyone: TestClient, world: World, path: str) -> None:
    for name in (*world.vanished, "nobody"):
        answer = anyone.get(f"/users/{name}{path}")
        assert answer.status_code == 404
        assert answer.json() == {"message": "User does not exist or may have been deleted."}


def test_names_are_found_whatever_their_case(anyone: TestClient, world: World) -> None:
    assert anyone.get(f"/users/{world.demo_user.upper()}").json()["username"] == world.demo_user


def test_folders_and_notes_are_for_the_owner(anyone: TestClient, owner: TestClient, world: World) -> None:
    path = COLLECTION.format(world.demo_user)
    public = everything(anyone, path, "releases")
    assert public
    assert [item for item in public if {"notes", "folder_id"} & item.keys()] == []
    own = everything(owner, path, "releases")
    assert all("folder_id" in item for item in own)
    assert {note["field_id"] for item in own for note in item.get("notes", ())} == {1, 2, 3}


def test_other_folders_are_for_the_owner(anyone: TestClient, owner: TestClient, world: World) -> None:
    path = f"/users/{world.demo_user}/collection/folders"
    assert [folder["id"] for folder in anyone.get(path).json()["folders"]] == [0]
    assert [folder["id"] for folder in owner.get(path).json()["folders"]][:2] == [0, 1]
    assert anyone.get(f"{path}/1/releases").status_code == 401
    stranger = visit(open_app(world), world.collectors[2].name)
    assert stranger.get(f"{path}/1/releases").status_code == 403
    assert owner.get(f"{path}/99/releases").status_code == 404


def test_folder_counts_add_up(owner: TestClient, world: World) -> None:
    folders = owner.get(f"/users/{world.demo_user}/collection/folders").json()["folders"]
    assert folders[0]["count"] == sum(folder["count"] for folder in folders[1:])


def test_without_a_master_a_collection_has_0_and_the_release_has_no_field(
    anyone: TestClient, world: World
) -> None:
    lone = next(release for release in world.releases.values() if release.master is None)
    assert "master_id" not in anyone.get(f"/releases/{lone.id}").json()
    holder, item = next((a, i) for a in world.collectors for i in a.items if i.release == lone.id)
    found = anyone.get(f"/users/{holder.name}/collection/releases/{item.release}").json()["releases"][0]
    assert found["basic_information"]["master_id"] == 0
    assert found["basic_information"]["master_url"] is None


def test_only_the_owner_changes_a_wantlist() -> None:
    world = small_world(9)
    app, release = open_app(world), next(iter(world.releases))
    path = f"/users/{world.demo_user}/wants/{release}"
    assert visit(app).put(path).status_code == 401
    assert visit(app, world.collectors[1].name).put(path).status_code == 403
    own = visit(app, world.demo_user)
    added = own.put(path, json={"notes": "with insert", "rating": 4})
    assert added.status_code == 201
    assert (added.json()["id"], added.json()["rating"], added.json()["notes"]) == (release, 4, "with insert")
    assert own.delete(path).status_code == 204
    assert own.delete(path).status_code == 404


def test_a_want_of_an_unknown_release_is_404(owner: TestClient, world: World) -> None:
    for release in ("999999999", "x", "-1"):
        path = f"/users/{world.demo_user}/wants/{release}"
        assert owner.put(path).status_code == owner.delete(path).status_code == 404


def test_changes_of_a_wantlist_count_towards_the_rate() -> None:
    world = small_world(9)
    app = open_app(world)
    own, path = visit(app, world.demo_user), f"/users/{world.demo_user}/wants/{next(iter(world.releases))}"
    left = [
        int(answer.headers["X-Discogs-Ratelimit-Remaining"]) for answer in (own.put(path), own.delete(path))
    ]
    assert left[1] == left[0] - 1
    assert (app.rate.log.requests, app.rate.log.signed_in) == (2, 2)


def test_a_release_that_is_wanted_twice_is_one_entry_with_its_first_date() -> None:
    world = small_world(9)
    own = visit(open_app(world), world.demo_user)
    path = f"/users/{world.demo_user}/wants/{next(iter(world.releases))}"
    before = len(world.account(world.demo_user).wants)
    first, second = own.put(path), own.put(path)
    assert first.json() == second.json()
    assert len(world.account(world.demo_user).wants) == before + 1


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"rating": 9}', b'{"rating": "x"}'])
def test_an_invalid_want_is_422(owner: TestClient, world: World, body: bytes) -> None:
    release = next(iter(world.releases))
    assert owner.put(f"/users/{world.demo_user}/wants/{release}", content=body).status_code == 422
