"""The sandbox against recorded answers of the real thing: the same keys and JSON types, both ways."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from starlette.testclient import TestClient

from discogs_sandbox.app import build_app
from discogs_sandbox.world.world import World, token_of

pytestmark = pytest.mark.real

Shape = dict[str, set[str]]
"""For each path, such as wants[].rating, the JSON types seen there."""

SANDBOX_ONLY = {
    "collection_items_155.json": {
        "[].basic_information.genres": "added to the API after this recording of 2019",
        "[].basic_information.genres[]": "added to the API after this recording of 2019",
        "[].basic_information.styles": "added to the API after this recording of 2019",
        "[].basic_information.styles[]": "added to the API after this recording of 2019",
    },
    "wants.json": {
        "wants[].basic_information.formats[].text": "optional; neither of the two recorded wants has one",
    },
    "listing_2218783261_with_shipping_price.json": {
        "shipping_is_blocked": "added to the API after this recording",
    },
}
RECORDED_ONLY: dict[str, dict[str, str]] = {}
OTHER_TYPES = {
    "collection.json": {
        "releases[].basic_information.master_url": "null without a master; all recorded releases have one",
    },
    "wants.json": {
        "wants[].basic_information.master_url": "null without a master; both recorded wants have one",
    },
}


RECORDED_PAGES = {
    "sell_release_2026-05.html": ("2026", "/sell/release/{release}"),
    "sell_mywants_fr_2020-04.html": ("2020", "/fr/sell/mywants"),
}
_STARS = {"community_rating", "icon-star-half-empty", "icon-star-o"}
_MENU = {"button-icon", "button-short", "button-small", "button-white", "toggledots", "icon-ellipsis-h"}
_LOADED = {"", "has_count", "loaded", "confirm-add-to-cart", "icon-spin", "icon-spinner"}
PAGE_ONLY = {
    "sell_release_2026-05.html": _STARS | {"high_want", "muted", "tax"},
    "sell_mywants_fr_2020-04.html": (_STARS - {"icon-star-o"})
    | _MENU
    | _LOADED
    | {"high_have", "high_want", "sound_preview", "icon-play"},
}
"""What nobody reads: stars of readers, menus, what scripts add, notes on taxes."""


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(3, releases=400, users=12, sellers=12)


@pytest.fixture(scope="module")
def discogs(world: World) -> TestClient:
    return TestClient(build_app(world, rate=10_000, anonymous_rate=10_000), base_url="https://discogs.test")


def shape(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield path, "object"
        for key, part in value.items():
            yield from shape(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        yield path, "array"
        for part in value:
            yield from shape(part, f"{path}[]")
    else:
        names = {bool: "boolean", int: "number", float: "number", str: "string", type(None): "null"}
        yield path, names[type(value)]


def shape_of(*values: Any) -> Shape:
    found: Shape = defaultdict(set)
    for value in values:
        for path, kind in shape(value):
            found[path].add(kind)
    return found


def recorded(real: Path, name: str) -> Any:
    return json.loads((real / "api" / name).read_text(encoding="utf-8"))


def agree(name: str, real_shape: Shape, made_shape: Shape) -> None:
    known = SANDBOX_ONLY.get(name, {})
    assert made_shape.keys() - real_shape.keys() == known.keys(), "keys that the recording lacks"
    missing = real_shape.keys() - made_shape.keys()
    assert missing == RECORDED_ONLY.get(name, {}).keys(), "keys that the sandbox lacks"
    differing = {
        path for path in real_shape.keys() & made_shape.keys() if real_shape[path] != made_shape[path]
    }
    assert differing == OTHER_TYPES.get(name, {}).keys(), "other types"


def pages(discogs: TestClient, path: str, users: list[str], **params: int) -> list[Any]:
    answers = [discogs.get(path.format(user=user), params={"per_page": 100, **params}) for user in users]
    return [answer.json() for answer in answers if answer.status_code == 200]


def names(world: World) -> list[str]:
    return [account.name for account in world.collectors]


def test_a_collection_page_has_the_recorded_shape(real: Path, discogs: TestClient, world: World) -> None:
    made = pages(discogs, "/users/{user}/collection/folders/0/releases", names(world))
    whole = [page for page in made if page["pagination"]["pages"] == 1]
    agree("collection.json", shape_of(recorded(real, "collection.json")), shape_of(*whole))


def test_collection_items_have_the_recorded_shape(real: Path, discogs: TestClient, world: World) -> None:
    made = pages(discogs, "/users/{user}/collection/folders/0/releases", names(world))
    items = [page["releases"] for page in made]
    name = "collection_items_155.json"
    agree(name, shape_of(recorded(real, name)), shape_of(*items))


def test_a_wantlist_page_has_the_recorded_shape(real: Path, discogs: TestClient, world: World) -> None:
    made = pages(discogs, "/users/{user}/wants", names(world), per_page=2)
    agree("wants.json", shape_of(recorded(real, "wants.json")), shape_of(*made))


def test_an_inventory_page_has_the_recorded_shape(real: Path, discogs: TestClient, world: World) -> None:
    sellers = [account.name for account in world.sellers]
    made = pages(discogs, "/users/{user}/inventory", sellers, per_page=5)
    agree("shop.json", shape_of(recorded(real, "shop.json")), shape_of(*made))


def test_a_listing_with_shipping_has_the_recorded_shape(
    real: Path, discogs: TestClient, world: World
) -> None:
    name = "listing_2218783261_with_shipping_price.json"
    answers = [signed_in_listing(discogs, world, number) for number in list(world.listings)[::20]]
    made = [answer for answer in answers if answer["shipping_price"]]
    agree(name, shape_of(recorded(real, name)), shape_of(*made))


def classes(page: str) -> set[tuple[str, str]]:
    """The elements of a page's rows with their classes."""
    found = (
        element for row in LexborHTMLParser(page).css("tr.shortcut_navigable") for element in row.css("*")
    )
    return {(element.tag or "", name) for element in found for name in words_of(element)}


def words_of(element: LexborNode) -> list[str]:
    return (element.attributes.get("class") or "").split() or [""]


@pytest.mark.parametrize("name", RECORDED_PAGES)
def test_a_sell_page_has_the_recorded_elements(
    real: Path, discogs: TestClient, world: World, name: str
) -> None:
    layout, path = RECORDED_PAGES[name]
    release = max(world.copies, key=lambda number: len(world.copies[number]))
    made = classes(discogs.get(path.format(release=release), params={"layout": layout}).text)
    recorded_page = classes((real / "pages" / name).read_text(encoding="utf-8", errors="replace"))
    assert made - recorded_page == set(), "elements that the recording lacks"
    assert {name for _, name in recorded_page - made} == PAGE_ONLY[name], "elements that the sandbox lacks"


def signed_in_listing(discogs: TestClient, world: World, number: int) -> Any:
    headers = {"Authorization": f"Discogs token={token_of(world.demo_user)}"}
    return discogs.get(f"/marketplace/listings/{number}", headers=headers).json()


def test_a_want_added_to_a_wantlist_is_returned_as_its_owner_sees_it(real: Path) -> None:
    app = build_app(World.generate(4, releases=60, users=4, sellers=2), rate=10_000)
    user, client = app.world.demo_user, TestClient(app)
    signed_in = {"Authorization": f"Discogs token={token_of(user)}"}
    wanted = {want.release for want in app.world.account(user).wants}
    release = next(id for id in app.world.releases if id not in wanted)
    put = client.put(f"/users/{user}/wants/{release}", headers=signed_in).json()
    read = client.get(f"/users/{user}/wants", params={"per_page": 100}, headers=signed_in).json()["wants"]
    assert put == next(want for want in read if want["id"] == release)
    assert recorded(real, "wants.json")["wants"][0].keys() == put.keys() - {"notes"}
