"""`shipping`: what is known of a seller's shipping, read, entered and removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.cli.running import Files, run

from discogs_assistant.config import PREFIX
from discogs_assistant.model.country import country_code
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.shipping import PolicyAnswer, RangeType
from discogs_sandbox.world.world import World, token_of

NOTHING: dict[str, Any] = {
    "source": None,
    "currency": None,
    "methods": [],
    "free_from_minor": None,
    "min_order_minor": None,
    "reported_at": None,
}
HEADER = "seller,ships_to,unit,from,to,cost,per_unit,currency,min_order\n"


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    world = World.generate(3, releases=200, users=6, sellers=60, listings=300, shops=(2, 9))
    with SandboxServer(build_app(world, rate=10**6)) as running:
        yield running


@pytest.fixture
def world(server: SandboxServer, files: Files, monkeypatch: pytest.MonkeyPatch) -> World:
    """The made-up world, of which the commands have the demo user's token."""
    settings = {
        "DISCOGS_API_URL": server.url,
        "DISCOGS_TOKEN": token_of(server.world.demo_user),
        "RATE_LIMIT": "6000",
        "RATE_WINDOW": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(PREFIX + name, value)
    return server.world


def sellers_with(world: World, answer: PolicyAnswer) -> list[Account]:
    return [seller for seller in world.sellers if seller.shop and seller.shop.answer is answer]


def shown(seller: str, to: str = "DE") -> dict[str, Any]:
    return run("shipping", "show", seller, "--to", to, "--json").document


def test_a_sellers_policy_is_shown_as_it_is_at_discogs(world: World) -> None:
    seller = sellers_with(world, PolicyAnswer.POLICIES)[0]
    assert shown(seller.name) == {"seller": seller.name, "to": "DE", **NOTHING}
    refreshed = run("shipping", "refresh", seller.name, "--agree", "--json").document
    assert refreshed == {"sellers": 1, "known": 1, "partial": []}
    assert seller.shop is not None
    home = seller.shop.policies[0]
    found = shown(seller.name, seller.country)
    assert (found["source"], found["to"], found["currency"]) == (
        "policy",
        country_code(seller.country),
        seller.currency,
    )
    scale = 1 if seller.currency == "JPY" else 100
    units = {RangeType.QUANTITY: "items", RangeType.WEIGHT: "grams"}
    assert found["methods"] == [
        {
            "name": method.name,
            "unit": units[method.range_type],
            "ranges": [
                {"up_to": part.up_to, "cost_minor": int(part.price * scale)} for part in method.ranges
            ],
        }
        for method in home.methods
    ]
    free_from = None if home.free_from is None else int(home.free_from * scale)
    assert found["free_from_minor"] == free_from
    assert found["reported_at"]


def test_to_where_a_seller_does_not_send_there_is_a_source_and_no_method(world: World) -> None:
    seller = next(
        one
        for one in sellers_with(world, PolicyAnswer.POLICIES)
        if one.shop and all("Japan" not in policy.countries for policy in one.shop.policies)
    )
    run("shipping", "refresh", seller.name, "--agree")
    found = shown(seller.name, "Japan")
    assert (found["to"], found["source"], found["methods"]) == ("JP", "policy", [])
    assert "does not send to Japan" in run("shipping", "show", seller.name, "--to", "Japan").err


def test_policies_are_read_after_the_person_agreed_once(world: World) -> None:
    first, second = (seller.name for seller in sellers_with(world, PolicyAnswer.POLICIES)[:2])
    refused = run("shipping", "refresh", first)
    assert refused.status == 2
    assert "Discogs does not document this address; it is asked with your token." in refused.err
    assert run("shipping", "refresh", first, "--agree").status == 0
    assert run("shipping", "refresh", second).status == 0


def test_where_the_setting_is_off_policies_are_not_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}SHIPPING_POLICIES", "off")
    refused = run("shipping", "refresh", world.sellers[0].name, "--agree")
    assert (refused.status, "SHIPPING_POLICIES is off" in refused.err) == (2, True)


def test_what_is_missing_is_partial_and_sellers_who_are_all_unknown_are_not_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}SHIPPING_POLICIES", "on")
    known, empty = (sellers_with(world, kind)[0].name for kind in (PolicyAnswer.POLICIES, PolicyAnswer.EMPTY))
    found = run("shipping", "refresh", known, empty, "nobody-here", "--json").document
    assert (found["sellers"], found["known"]) == (3, 1)
    assert found["partial"] == [
        "Shipping of 1 seller is not known: no policy is stated at Discogs.",
        "Discogs does not know the user “nobody-here”.",
    ]
    assert run("shipping", "refresh", "nobody-here").status == 3


def test_without_a_token_nothing_can_be_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(f"{PREFIX}DISCOGS_TOKEN")
    assert run("shipping", "refresh", world.sellers[0].name, "--agree").status == 3
    assert run("shipping", "order", next(iter(world.orders))).status == 3


def test_what_a_file_says_is_entered_shown_and_removed(world: World, files: Files) -> None:
    name = world.sellers[0].name
    path = files.write(
        "P.csv",
        HEADER
        + f"{name},DE,items,1,1,5,0,EUR,20\n{name},DE,items,3,,7,1.50,EUR,20\n"
        + f"{name},*,value,0,49.99,12,0,EUR,\n",
    )
    assert run("shipping", "set", path, "--json").document == {"policies": 2}
    found = shown(name)
    assert (found["source"], found["currency"], found["min_order_minor"]) == ("entered", "EUR", 2000)
    assert found["methods"] == [
        {
            "name": "",
            "unit": "items",
            "ranges": [
                {"up_to": 1, "cost_minor": 500},
                {"up_to": None, "cost_minor": 700, "at_least": 3, "per_unit": "1.50"},
            ],
        }
    ]
    assert shown(name, "US")["methods"][0]["ranges"] == [{"up_to": 4999, "cost_minor": 1200}]
    assert "Typed in by you" in run("shipping", "show", name, "--to", "DE").err
    removed = run("shipping", "remove", name, "--json").document
    assert removed == {"seller": name, "policies": 2, "orders": 0}
    assert shown(name)["source"] is None
    assert run("shipping", "remove", name).status == 3


def test_a_file_that_is_wrong_changes_nothing_and_names_its_line(world: World, files: Files) -> None:
    path = files.write("P.csv", f"{HEADER}a,DE,items,1,,5,0,EUR,\nb,DE,items,1,,-5,0,EUR,\n")
    refused = run("shipping", "set", path)
    assert refused.status == 2
    assert "line 3" in refused.err
    assert shown("a")["source"] is None


def test_an_own_order_is_read_and_counts_for_as_many_records(world: World) -> None:
    mine = [order for order in world.orders.values() if order.buyer == world.demo_user]
    newest = max(mine, key=lambda order: order.created)
    done = run("shipping", "order", f"#{newest.number}", "--user", world.demo_user, "--json").document
    scale = 1 if newest.shipping.currency == "JPY" else 100
    assert (done["number"], done["seller"], done["items"]) == (
        newest.number,
        newest.seller,
        len(newest.copies),
    )
    assert (done["shipping_minor"], done["currency"]) == (
        int(newest.shipping.amount * scale),
        newest.shipping.currency,
    )


def test_somebody_elses_order_is_entered_by_hand(world: World) -> None:
    other = next(order for order in world.orders.values() if order.buyer != world.demo_user)
    refused = run("shipping", "order", other.number)
    assert refused.status == 3
    assert "Enter what you paid" in refused.err
    entered = ("--seller", other.seller, "--records", 4, "--paid", "12.50", "--currency", "EUR")
    assert run("shipping", "order", other.number, *entered, "--json").document["shipping_minor"] == 1250
    found = shown(other.seller)
    assert (found["source"], found["currency"]) == ("order", "EUR")
    assert found["methods"][0]["ranges"] == [{"up_to": 4, "cost_minor": 1250, "at_least": 4}]
    assert run("shipping", "remove", other.seller, "--json").document["orders"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("order", "12"),
        ("order", "8-3", "--seller", "shop"),
        ("order", "8-3", "--seller", "s", "--records", "4", "--paid", "-1", "--currency", "EUR"),
        ("order", "8-3", "--seller", "s", "--records", "4", "--paid", "1.005", "--currency", "EUR"),
        ("order", "8-3", "--seller", "s", "--records", "4", "--paid", "much", "--currency", "EUR"),
        ("order", "8-3", "--seller", "s", "--records", "4", "--paid", "5", "--currency", "DKK"),
        ("order", "8-3", "--seller", "s", "--records", "99999", "--paid", "5", "--currency", "EUR"),
        ("show", "shop", "--to", "Atlantis"),
        ("show", "a/b", "--to", "DE"),
        ("set", "no-such-file.csv"),
    ],
)
def test_what_is_not_valid_is_bad_input(world: World, words: tuple[str, ...]) -> None:
    assert run("shipping", *words).status == 2
