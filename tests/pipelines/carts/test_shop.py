"""Carts end to end: from a profile over the market to carts that a checker accepts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.checker.eligible import Criteria
from tests.pipelines.carts.market_files import check_carts, check_plan, searched, write_market, write_shipping
from tests.pipelines.fakes import CutOffError
from tests.pipelines.installation import Installation, open_installation
from tests.uploads import add_market_files, import_profile_files

from discogs_assistant.errors import UnreachableError
from discogs_assistant.model.money import Currency
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.carts.answer import stored_basis
from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.carts.search import NO_LISTINGS
from discogs_assistant.pipelines.carts.shop import criteria_of, shop
from discogs_assistant.pipelines.market import favourites
from discogs_assistant.pipelines.market.gathering import stale_sellers
from discogs_assistant.pipelines.market.refresh import market_status
from discogs_assistant.pipelines.market.shipping_policies import type_in
from discogs_assistant.pipelines.runtime.idempotency_keys import key_of
from discogs_assistant.pipelines.runtime.options.types import Home
from discogs_assistant.store.market import listings as stored_listings
from discogs_assistant.store.market import sellers, shipping_policies
from discogs_assistant.store.runs import runs
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World


@pytest.fixture
def with_favourites(synced_installation: Installation) -> Installation:
    """An installation that knows the collector, with four favourite sellers of whom nothing was read."""
    favourites.add_many(
        synced_installation.ctx.db,
        synced_installation.owner,
        [seller.name for seller in synced_installation.world.sellers[:4]],
    )
    return synced_installation


@pytest.fixture(scope="module")
def listings_folder(
    discogs: SandboxServer, synced_installation_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of an installation that has read its four favourite sellers."""
    folder = tmp_path_factory.mktemp("listings_folder")
    built = open_installation(discogs, folder, synced_installation_folder, discography_requests=8)
    favourites.add_many(built.ctx.db, built.owner, [seller.name for seller in built.world.sellers[:4]])
    for _ in range(2):  # the first brings records to learn from
        ask(built)
    built.ctx.db.close()
    return folder


@pytest.fixture
def with_listings(discogs: SandboxServer, listings_folder: Path, tmp_path: Path) -> Iterator[Installation]:
    """Such an installation, a minute later; it reads no further discographies."""
    built = open_installation(discogs, tmp_path / "with_listings", listings_folder, discography_requests=0)
    yield built
    built.ctx.db.close()


@pytest.fixture
def own_installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation with a world of its own, which the test may change."""
    world = World.generate(6, releases=300, users=4, sellers=5, listings=500)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        built = open_installation(server, tmp_path, discography_requests=10)
        favourites.add_many(built.ctx.db, built.owner, [seller.name for seller in world.sellers])
        yield built
        built.ctx.db.close()


def ask(installation: Installation, **options: Any) -> tuple[Run, dict[str, Any]]:
    run = installation.open(
        RunKind.SHOP, installation.demo(), **{"budget": "120", "currency": "EUR", **options}
    )
    return run, installation.carry_out(shop, run)


def ask_for_plans(installation: Installation, **options: Any) -> tuple[Run, dict[str, Any]]:
    """As `ask`, with what the run of the plans finds as `plans`."""
    run, document = ask(installation, **options)
    return run, {**document, "plans": installation.plans_of(document)}


def lines(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for cart in document["carts"] for line in cart["lines"]]


def test_every_cart_and_plan_is_accepted_by_a_checker_that_knows_nothing_of_the_engine(
    with_favourites: Installation, tmp_path: Path
) -> None:
    run, document = ask_for_plans(with_favourites, min_media="VG", destination="DE")
    assert 0 < len(document["carts"]) <= 4
    assert document["proof"]["status"] == "optimal"
    write_market(with_favourites, searched(with_favourites, run), tmp_path)
    criteria = Criteria(min_media="VG")
    check_carts(tmp_path, document, document["carts"], criteria=criteria)
    for name in ("cheapest", "most", "fewest"):
        budget = "120" if name == "most" else None
        check_plan(tmp_path, document, document["plans"][name], criteria=criteria, budget=budget)
    assert {named["name"] for named in document["named"]} >= {"best_score", "most_records", "cheapest"}


POLICIES: list[dict[str, Any]] = [
    {"first": "6.50", "further": "1.20", "min_order": "10"},
    {"unit": "grams", "bands": [{"from": 0, "to": 500, "cost": 5}, {"from": 500, "cost": 9}], "min_order": 0},
    {
        "unit": "value",
        "bands": [{"from": 0, "to": "49.99", "cost": 7}, {"from": 50, "cost": 0}],
        "currency": "USD",
        "min_order": 0,
    },
    {"first": "4", "further": "0.75", "currency": "USD", "min_order": "12.50"},
]


def enter_shipping(installation: Installation, *policies: dict[str, Any]) -> list[str]:
    names = [seller.name for seller in installation.world.sellers[: len(policies)]]
    for name, policy in zip(names, policies, strict=True):
        type_in(
            installation.ctx.db,
            installation.owner,
            {"seller": name, **policy},
            Home(Currency.EUR, "DE"),
            installation.ctx.clock.now(),
        )
    return names


def test_entered_shipping_is_within_the_budget_of_every_cart_and_plan(
    with_listings: Installation, tmp_path: Path
) -> None:
    enter_shipping(with_listings, *POLICIES)
    run, document = ask_for_plans(with_listings, destination="DE", min_orders=True)
    assert len(document["carts"]) == 4
    assert document["unknown_shipping"]["carts"] == []
    write_market(with_listings, searched(with_listings, run), tmp_path)
    write_shipping(shipping_policies.policies(with_listings.ctx.db, with_listings.owner), tmp_path)
    posted: dict[str, Any] = {"policies": tmp_path / "P.csv", "ships_to": "DE"}
    check_carts(tmp_path, document, document["carts"], min_orders=True, **posted)
    for name in ("cheapest", "most", "fewest"):
        budget = "120" if name == "most" else None
        check_plan(tmp_path, document, document["plans"][name], budget=budget, **posted)
    for cart in document["carts"]:
        assert cart["total_minor"] == cart["merchandise_minor"] + cart["shipping_minor"] <= 12_000
        assert cart["shipping"]["source"] == "entered"
        by_weight = "The weight is estimated" in cart["shipping"]["sentence"]
        assert (cart["shipping"]["status"] == "estimated") == by_weight
        assert cart["shipping"]["in_budget"]
        assert cart["shipping"]["minor"] == cart["shipping_minor"]
        assert cart["shipping"]["sentence"].startswith("Typed in by you on 24 November 2026")
    minimums = [cart["min_order"] for cart in document["carts"] if cart["min_order"] is not None]
    assert minimums
    assert {minimum["short_minor"] for minimum in minimums} == {0}


def test_sellers_with_unknown_shipping_are_a_list_of_their_own(with_listings: Installation) -> None:
    [known] = enter_shipping(with_listings, POLICIES[0])
    _, document = ask_for_plans(with_listings, destination="DE")
    apart = document["unknown_shipping"]["carts"]
    assert {cart["shipping"]["status"] for cart in document["carts"]} <= {"known", "estimated"}
    assert known in {cart["seller"] for cart in document["carts"]}
    assert apart
    assert {cart["shipping"]["status"] for cart in apart} == {"unknown"}
    assert [cart["rank"] for cart in apart] == list(range(1, len(apart) + 1))
    assert not {cart["seller"] for cart in apart} & {cart["seller"] for cart in document["carts"]}
    assert {cart["seller"] for cart in apart} <= set(document["sellers"])
    parcels = {order["seller"] for order in document["plans"]["cheapest"]["orders"]}
    assert parcels <= {cart["seller"] for cart in document["carts"]}
    for cart in document["carts"]:
        if cart["seller"] != known:
            assert cart["shipping"]["sentence"].startswith("Estimated from one seller")


def test_shipping_may_be_left_out_of_the_budget(with_listings: Installation) -> None:
    [known] = enter_shipping(with_listings, POLICIES[0])
    _, plain = ask(with_listings, destination="DE", include_shipping=False)
    cart = next(cart for cart in plain["carts"] if cart["seller"] == known)
    assert cart["shipping_minor"] == 0
    assert cart["total_minor"] == cart["merchandise_minor"]
    assert cart["shipping"]["minor"] > 0
    assert cart["shipping"]["sentence"].endswith("It comes on top.")
    assert plain["unknown_shipping"]["carts"] == []
    assert len(plain["carts"]) == 4


def test_other_shipping_makes_the_same_request_a_new_one(with_listings: Installation) -> None:
    ask(with_listings)
    criteria = {"budget": "120", "currency": "EUR"}
    before = key_of(with_listings.ctx, with_listings.owner, RunKind.SHOP, with_listings.demo(), criteria)
    assert before == key_of(
        with_listings.ctx, with_listings.owner, RunKind.SHOP, with_listings.demo(), criteria
    )
    enter_shipping(with_listings, POLICIES[0])
    assert before != key_of(
        with_listings.ctx, with_listings.owner, RunKind.SHOP, with_listings.demo(), criteria
    )


def test_a_search_has_in_the_end_the_key_of_an_equal_request(with_favourites: Installation) -> None:
    run, _ = ask(with_favourites)
    after = runs.run_for_worker(with_favourites.ctx.db, run.id)
    assert after is not None
    assert after.key == key_of(
        with_favourites.ctx, with_favourites.owner, RunKind.SHOP, with_favourites.demo(), run.criteria
    )


def test_a_record_left_out_is_in_no_cart_and_no_plan(with_listings: Installation) -> None:
    _, document = ask_for_plans(with_listings, ratio=1)
    release = lines(document)[0]["release_id"]
    _, document = ask_for_plans(with_listings, ratio=1, exclude_release=[release])
    assert document["carts"]
    assert release not in {line["release_id"] for line in lines(document)}
    assert release not in {want["release_id"] for want in document["plans"]["wants"]}


def test_plans_tell_of_every_want_what_became_of_it(with_listings: Installation) -> None:
    _, document = ask_for_plans(with_listings, ratio=1)
    plans = document["plans"]
    states = [want["state"] for want in plans["wants"]]
    cheapest = plans["cheapest"]
    assert states.count("covered") == cheapest["covered"] > 0
    assert states.count("unavailable") == len(cheapest["unavailable"]) > 0
    assert len(plans["wants"]) == cheapest["wanted"]
    assert plans["curve"]
    assert plans["curve"][-1]["total_minor"] == cheapest["total_minor"]
    assert plans["most"]["total_minor"] <= 12_000
    for plan in (cheapest, plans["most"], plans["fewest"], *plans["curve"]):
        assert plan["orders"]
        for order in plan["orders"]:
            assert order["seller"] in plans["sellers"]
            assert order["listing_ids"]
            assert {str(id) for id in order["listing_ids"]} <= plans["lines"].keys()
    assert all(str(want["release_id"]) in plans["releases"] for want in plans["wants"])
    prices = {want["release_id"]: want["enters_at_minor"] for want in plans["wants"]}
    priced = {id for id, price in prices.items() if price is not None}
    assert priced
    assert priced <= set(plans["most"]["left_out"])


def test_plans_are_over_the_whole_wantlist_whatever_carts_are_made_of(with_listings: Installation) -> None:
    run, some = ask_for_plans(with_listings, ratio="0.05", budget="6")
    wants = stored_basis(with_listings.ctx.db, run).interest.wanted
    assert some["candidates"]["wanted"] < len(wants)
    assert some["candidates"]["too_dear"] > 0
    assert {want["release_id"] for want in some["plans"]["wants"]} == wants.keys()
    assert some["plans"]["cheapest"]["wanted"] == len(wants)
    _, every = ask_for_plans(with_listings, ratio=1, budget="5000")
    for answer in ("cheapest", "fewest"):
        assert bought(some, answer) == bought(every, answer)
    assert some["plans"]["most"]["total_minor"] <= 600
    assert every["plans"]["cheapest"]["total_minor"] > 600


def bought(document: dict[str, Any], answer: str) -> list[tuple[str, list[int]]]:
    """What a plan buys from whom."""
    return [(order["seller"], order["listing_ids"]) for order in document["plans"][answer]["orders"]]


def test_where_nothing_is_wanted_there_are_no_plans(with_listings: Installation) -> None:
    _, document = ask_for_plans(with_listings, ratio=0)
    assert document["plans_run"] is None


def test_musts_that_nobody_sells_leave_no_plan_and_a_reason(with_listings: Installation) -> None:
    _, document = ask_for_plans(with_listings, must=[999_999_999])
    assert document["plans"]["cheapest"] is None
    assert "999999999" in document["plans"]["problem"]


def test_a_document_holds_what_its_carts_show(with_listings: Installation) -> None:
    _, document = ask(with_listings)
    assert document["carts"]
    assert lines(document)
    for cart in document["carts"]:
        assert cart["total_minor"] == sum(line["price_minor"] for line in cart["lines"]) <= 12_000
        assert cart["shipping"]["status"] == "unknown"
        assert not cart["shipping"]["in_budget"]
        assert cart["seller"] in document["sellers"]
        assert cart["why"]
    assert all(str(line["release_id"]) in document["releases"] for line in lines(document))
    assert all(line["reason"] for line in lines(document))
    assert {line["price"]["currency"] for line in lines(document)} <= set(document["rates"]["values"])
    assert document["rates"]["date"] <= "2026-11-24"
    assert document["prices_as_of"]
    assert document["candidates"]["wanted"] > 0
    assert document["candidates"]["recommended"] > 0


def test_without_any_seller_the_run_ends_and_says_what_to_do(installation: Installation) -> None:
    _, document = ask(installation)
    assert document["carts"] == []
    assert document["partial"] == [NO_LISTINGS]
    assert document["elsewhere"], "price floors are shown where no seller is known"


def test_what_a_run_says_of_missing_carts_holds_no_price(with_listings: Installation) -> None:
    _, found = ask(with_listings)
    dearest = max(lines(found), key=lambda line: line["price_minor"])["release_id"]
    run, document = ask(with_listings, budget="0.05", must=[dearest])
    assert document["carts"] == []
    assert "cost at least" in document["partial"][-1]
    ended = runs.run(with_listings.ctx.db, with_listings.owner, run.id)
    assert ended is not None
    assert list(ended.partial) == document["lasting"]
    assert ended.partial[-1].endswith("cost more than your budget of 0.05 EUR at every seller.")


@pytest.mark.parametrize(("ratio", "origin"), [(0, "recommended"), (1, "wanted")])
def test_the_ratio_decides_what_is_bought(with_listings: Installation, ratio: int, origin: str) -> None:
    _, document = ask(with_listings, ratio=ratio)
    assert document["carts"]
    assert {line["origin"] for line in lines(document)} == {origin}


def test_a_stock_that_is_fresh_is_not_read_again(with_favourites: Installation) -> None:
    run, _ = ask(with_favourites)
    assert stale_sellers(with_favourites.ctx, with_favourites.owner, [], criteria_of(run)) == []
    with_favourites.clock.sleep(4 * 3600)
    assert len(stale_sellers(with_favourites.ctx, with_favourites.owner, [], criteria_of(run))) == 4


def test_sellers_who_fail_the_criteria_are_not_asked(with_favourites: Installation) -> None:
    first = with_favourites.world.sellers[0].name
    criteria = ShopOptions.parse({"budget": 5, "exclude_seller": [first]}).criteria
    assert first not in stale_sellers(with_favourites.ctx, with_favourites.owner, [], criteria)


def test_vanished_sellers_are_a_sentence(own_installation: Installation) -> None:
    own_installation.world.vanish(own_installation.world.sellers[1].name)
    _, document = ask(own_installation)
    assert "4 of 5 sellers answered." in document["partial"]
    assert document["carts"]


def test_sellers_not_read_in_time_are_reported_and_carts_built_without_them(
    own_installation: Installation,
) -> None:
    run = own_installation.open(RunKind.SHOP, own_installation.demo(), budget=120, currency="EUR")
    document = own_installation.carry_out(shop, run, own_installation.flow(run, late=frozenset({0, 1})))
    assert "3 of 5 sellers answered." in document["partial"]
    assert document["carts"]


def test_the_allowance_of_requests_is_kept_and_reported(discogs: SandboxServer, tmp_path: Path) -> None:
    small = open_installation(discogs, tmp_path, discography_requests=0, market_requests=3)
    favourites.add_many(small.ctx.db, small.owner, [seller.name for seller in small.world.sellers])
    run = small.open(RunKind.SHOP, small.demo(), budget=120)
    before = small.asked
    document = small.carry_out(shop, run)
    assert small.asked - before <= 3 + 6
    assert any("were not asked" in sentence for sentence in document["partial"])
    small.ctx.db.close()


def test_discogs_down_builds_carts_of_what_was_known(own_installation: Installation) -> None:
    ask(own_installation)
    own_installation.server.stop()
    own_installation.clock.sleep(4 * 3600)
    _, document = ask(own_installation)
    assert document["carts"]
    assert any("The profile that was read" in sentence for sentence in document["partial"])
    own_installation.clock.sleep(3 * 3600)
    _, document = ask(own_installation)
    assert document["carts"] == []
    assert NO_LISTINGS in document["partial"]


def test_what_must_be_in_is_in_every_cart(with_listings: Installation) -> None:
    _, document = ask(with_listings, ratio=1)
    release = lines(document)[0]["release_id"]
    _, document = ask(with_listings, ratio=1, must=[release])
    assert document["carts"]
    assert all(release in [line["release_id"] for line in cart["lines"]] for cart in document["carts"])
    _, document = ask(with_listings, must=[999_999_999])
    assert document["carts"] == []
    assert "999999999" in document["partial"][-1]


def test_any_pressing_finds_more_of_the_wantlist(with_listings: Installation) -> None:
    _, exact = ask(with_listings, ratio=1)
    _, any_of = ask(with_listings, ratio=1, any_pressing=True)
    assert any_of["candidates"]["for_sale"] > exact["candidates"]["for_sale"]
    assert any_of["carts"]
    for cart in any_of["carts"]:
        masters = [any_of["releases"][str(line["release_id"])]["master_id"] for line in cart["lines"]]
        known = [master for master in masters if master is not None]
        assert len(set(known)) == len(known)


def test_a_run_that_is_cut_off_anywhere_builds_the_same_carts(
    installation: Installation, tmp_path: Path
) -> None:
    four = [seller.name for seller in installation.world.sellers[:4]]
    favourites.add_many(installation.ctx.db, installation.owner, four)
    _, whole = ask(installation)
    other = open_installation(installation.server, tmp_path / "other", discography_requests=8)
    favourites.add_many(other.ctx.db, other.owner, four)
    run = other.open(RunKind.SHOP, other.demo(), budget=120, currency="EUR")
    flow = other.flow(run, cut_off_after=0, doubled=True)
    for step in range(100):
        try:
            other.carry_out(shop, run, flow)
            break
        except CutOffError:
            flow.again().cut_off_after = step + 1
    assert len(flow.done) > 20
    built = other.result(run)
    assert set(flow.started) == {built["plans_run"]}
    runs_of = {name: whole[name] for name in ("run", "plans_run")}
    assert comparable({**built, **runs_of}) == comparable(whole)
    other.ctx.db.close()


def comparable(document: Any) -> Any:
    """The document without what depends on the moment."""
    moments = {"as_of", "made_at", "prices_as_of", "load_ms", "solve_ms"}
    if isinstance(document, dict):
        return {key: comparable(value) for key, value in document.items() if key not in moments}
    return [comparable(part) for part in document] if isinstance(document, list) else document


def test_sell_pages_are_read_where_the_operator_allows_it(discogs: SandboxServer, tmp_path: Path) -> None:
    reader = open_installation(
        discogs, tmp_path, discography_requests=0, market_requests=20, page_fetching=True
    )
    run = reader.open(RunKind.SHOP, reader.demo(), budget=120, ratio=1)
    document = reader.carry_out(shop, run)
    assert document["carts"]
    assert market_status(reader.ctx, reader.owner).origins.keys() == {"page"}
    reader.ctx.db.close()


def test_a_bot_check_ends_the_reading_of_pages_and_is_said(
    own_installation: Installation, tmp_path: Path
) -> None:
    own_installation.server.app.switches.challenge = True
    reader = open_installation(
        own_installation.server, tmp_path / "other", discography_requests=0, page_fetching=True
    )
    run = reader.open(RunKind.SHOP, reader.demo(), budget=120, ratio=1)
    document = reader.carry_out(shop, run)
    assert any("bot check" in sentence for sentence in document["partial"])
    reader.ctx.db.close()


def test_rates_that_cannot_be_renewed_are_said_and_those_held_serve(with_favourites: Installation) -> None:
    def fail() -> None:
        raise UnreachableError("rates.test cannot be reached.", "Check it.")

    broken = with_favourites.with_parts(newer_rates=fail)
    _, document = ask(broken)
    assert document["carts"]
    assert any("rates.test" in sentence for sentence in document["partial"])
    newer = (date(2026, 11, 24), "rates.test", {Currency.EUR: Decimal(1), Currency.USD: Decimal(2)})
    renewed = with_favourites.with_parts(newer_rates=lambda: newer)
    _, document = ask(renewed)
    assert document["rates"]["source"] == "rates.test"
    assert document["rates"]["values"]["USD"] == "0.5000000000"


@pytest.mark.real
def test_real_pages_and_exported_files_give_carts_from_real_listings(
    installation: Installation, real: Path
) -> None:
    pages = [(page.name, page.read_bytes()) for page in sorted((real / "pages").glob("*.html"))]
    add_market_files(installation.ctx, installation.owner, pages)
    since = installation.clock.now() - timedelta(hours=1)
    met = sellers.seller_names(installation.ctx.db, installation.owner, since)
    listings = [
        listing
        for name in met
        for listing in stored_listings.listings_of(installation.ctx.db, installation.owner, name, since)
    ]
    text = io.StringIO()
    writer = csv.writer(text)
    columns = "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,Notes"
    writer.writerow(columns.split(","))
    for release in sorted({listing.release_id for listing in listings}):
        writer.writerow(["", "Somebody", f"Title {release}", "", "LP", "", "", release, ""])
    import_profile_files(installation.ctx, installation.owner, "digger", None, text.getvalue().encode())
    run = installation.open(RunKind.SHOP, "digger", budget=Decimal(500), currency="USD", ratio=1)
    document = installation.carry_out(shop, run)
    assert document["carts"]
    assert {line["origin"] for line in lines(document)} == {"wanted"}
    known = {int(listing.id) for listing in listings}
    assert {line["listing_id"] for line in lines(document)} <= known
