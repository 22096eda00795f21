"""Result documents: what they hold, how they are narrowed, aged and exported."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.pipelines.installation import Installation
from tests.store.fakes import POLICY

from discogs_assistant.engine.recommendations.filters import passes
from discogs_assistant.model.freshness import Freshness
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import (
    ArtistId,
    LabelId,
    ListingId,
    MasterId,
    OwnerId,
    ReleaseId,
    UserName,
    new_run_id,
)
from discogs_assistant.model.links import Links
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.recommendation import (
    Reason,
    Recommendation,
    RecommendationFilters,
    RecommendationResult,
)
from discogs_assistant.model.release import ArtistCredit, Format, LabelCredit, MarketStats, Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.model.shipping import ShippingReport, ShippingSource
from discogs_assistant.pipelines.carts.answer import fresh_answer, store_basis
from discogs_assistant.pipelines.carts.interest import Interest
from discogs_assistant.pipelines.carts.plans import open_plans
from discogs_assistant.pipelines.carts.plans_result import PlansResult
from discogs_assistant.pipelines.carts.price_expiry import EXPIRED, shown_carts, shown_plans
from discogs_assistant.pipelines.carts.result import CartsResult
from discogs_assistant.pipelines.carts.shop import criteria_of
from discogs_assistant.pipelines.files.csv_export import carts_csv, recommendations_csv
from discogs_assistant.pipelines.recommendations.list_filters import EVERYTHING, Narrowing, narrowed_list
from discogs_assistant.pipelines.runtime.results.documents import printed
from discogs_assistant.pipelines.runtime.results.finished import finished_as
from discogs_assistant.pipelines.runtime.results.recommendations import choices
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.market import exchange_rates, listings, price_floors, seller_shipping
from discogs_assistant.store.schema import SHARED_OWNER

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = date(2026, 11, 24)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
EVERYBODY = OwnerId(SHARED_OWNER)
TERMS = Freshness()

LINKS = Links("http://stand-in.example/")


def release(id: int, **changes: Any) -> Release:
    plain = Release(
        ReleaseId(id),
        f"Title {id}",
        MasterId(id * 10),
        1980 + id,
        "Germany",
        (ArtistCredit(ArtistId(id), f"Artist {id} (2)"),),
        (LabelCredit(LabelId(id), "Label", f"CAT {id}"), LabelCredit(LabelId(id), "Label", "other")),
        (Format("Vinyl", 2, ("LP", "Album")),),
        ("Electronic",),
        ("Dub",),
    )
    return replace(plain, **changes)


def recommended(rank: int, release: Release, **changes: Any) -> Recommendation:
    reasons = (Reason("owned", "Because you own it all.", 0.123456, ReleaseId(99)),)
    return replace(Recommendation(rank, release, 1 / rank, reasons, True, False), **changes)


def recommendations() -> RecommendationResult:
    ones = (
        recommended(1, release(1)),
        recommended(2, release(2, country="UK", year=None, styles=("House",)), new_artist=False),
        recommended(3, release(3, country=None, formats=(Format("CD"),), genres=()), wanted=True),
    )
    return RecommendationResult(UserName("someone"), "first", NOW, 3, ones, ("A sentence.",))


def ranks(**filters: Any) -> list[int]:
    asked = replace(RecommendationFilters(include_wantlist=True), **filters)
    return [
        recommendation.rank
        for recommendation in recommendations().recommendations
        if passes(recommendation, asked)
    ]


def test_a_recommendation_tells_all_its_metadata_in_plain_json() -> None:
    document = printed(recommendations())
    assert json.loads(json.dumps(document)) == document
    first = document["recommendations"][0]
    assert first["artists"] == ["Artist 1"]
    assert first["labels"] == ["Label"]
    assert first["catno"] == "CAT 1"
    assert first["formats"] == ["2×Vinyl, LP, Album"]
    assert first["master_id"] == 10
    assert first["reasons"] == [
        {"kind": "owned", "text": "Because you own it all.", "share": 0.1235, "release_id": 99}
    ]
    assert document["partial"] == ["A sentence."]


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({}, [1, 2, 3]),
        ({"include_wantlist": False}, [1, 2]),
        ({"new_artists": True}, [1, 3]),
        ({"new_labels": True}, []),
        ({"formats": frozenset({"lp"})}, [1, 2]),
        ({"formats": frozenset({"Vinyl", "CD"})}, [1, 2, 3]),
        ({"styles": frozenset({"house"})}, [2]),
        ({"genres": frozenset({"Electronic"})}, [1, 2]),
        ({"countries": frozenset({"DE", "Japan"})}, [1]),
        ({"countries": frozenset({"gb"})}, [2]),
        ({"year_from": 1981}, [1, 3]),
        ({"year_to": 1982}, [1]),
        ({"year_from": 1983, "year_to": 1983}, [3]),
        ({"decades": frozenset({1980})}, [1, 3]),
        ({"decades": frozenset({1970, 1990})}, []),
    ],
)
def test_filters_keep_what_passes_them_with_its_rank(filters: dict[str, Any], left: list[int]) -> None:
    assert ranks(**filters) == left


def test_choices_are_the_values_of_the_list_most_frequent_first() -> None:
    assert choices(recommendations().recommendations) == {
        "genres": ["Electronic"],
        "styles": ["Dub", "House"],
        "formats": ["Album", "LP", "Vinyl", "CD"],
        "country": ["Germany", "UK"],
        "decades": ["1980s"],
    }


def copy(id: int, minor: int, **changes: Any) -> Listing:
    """A copy of the release of the same number for US dollars."""
    listing = Listing(
        ListingId(id),
        ReleaseId(id),
        "shop",
        Money(minor, Currency.USD),
        NOW - timedelta(minutes=id),
        Origin.INVENTORY,
        Grade.NEAR_MINT,
        SleeveGrade.GENERIC,
        "=cmd()",
        "US",
        True,
        title="From the listing",
    )
    return replace(listing, **changes)


WANTED = {ReleaseId(1): 0.9}
RECOMMENDED = (recommended(1, release(2, title="Two")), recommended(2, release(3)))


def carts(installation: Installation, *copies: Listing, **options: Any) -> dict[str, Any]:
    """As `search`, printed."""
    return printed(search(installation, *copies, **options))


def search(
    installation: Installation,
    *copies: Listing,
    budget: int = 50,
    floor_at: datetime = NOW,
    destination: str = "DE",
    **options: Any,
) -> CartsResult:
    """The carts of a search for release 1, wanted, and 2 and 3, recommended."""
    shop = Seller("shop", 5, Decimal("99.8"), 120, "US", Money(1500, Currency.USD), "Ask.")
    per_euro = {Currency.EUR: Decimal(1), Currency.USD: Decimal("1.25")}
    exchange_rates.save_rates(installation.ctx.db, DAY, "test", per_euro)
    releases.save_releases(installation.ctx.db, [release(1)], NOW)
    listings.save_listings(installation.ctx.db, EVERYBODY, copies, [shop])
    price_floors.save_stats(
        installation.ctx.db, [MarketStats(ReleaseId(3), Money(700, Currency.EUR), 5, False, floor_at)]
    )
    run = installation.open(
        RunKind.SHOP, "someone", budget=budget, currency="EUR", destination=destination, **options
    )
    basis = store_basis(installation.ctx.db, run, Interest(RECOMMENDED, WANTED), ())
    found = fresh_answer(installation.ctx, run, criteria_of(run), basis.interest)[1]
    return replace(found, plans_run=open_plans(installation.ctx, run).id)


def test_a_cart_tells_its_money_its_lines_and_its_words(installation: Installation) -> None:
    document = carts(installation, copy(2, 1000), copy(1, 600))
    assert json.loads(json.dumps(document)) == document
    cart = document["carts"][0]
    assert cart["listing_ids"] == [1, 2]
    assert cart["items"] == 2
    assert cart["wanted"] == 1
    assert cart["merchandise_minor"] == cart["total_minor"] == 1280
    assert cart["left_minor"] == 3720
    assert cart["objective_micro"] == 2 * cart["score_sum_micro"] == 3_800_000
    assert cart["proof"] == "optimal"
    assert cart["shipping"]["status"] == "unknown"
    assert "12.80 EUR" in cart["why"]
    assert "1 wanted, 1 recommended" in cart["why"]
    assert "United States" in cart["customs"]
    assert "VAT" in cart["customs"]
    assert cart["min_order"] == {"minor": 1500, "currency": "USD", "short_minor": 0}
    second, first = cart["lines"]
    assert first["origin"] == "wanted"
    assert first["reason"] == "On your wantlist"
    assert first["price"] == {"minor": 600, "currency": "USD"}
    assert first["price_minor"] == 480
    assert first["ratio_to_lowest"] == "1.00"
    assert second["origin"] == "recommended"
    assert first["media"] == "NM"
    assert first["sleeve"] == "Generic"
    assert document["named"][0]["name"] == "best_score"
    assert document["named"][0]["cart"]["rank"] == 1
    assert document["candidates"] == {"wanted": 1, "recommended": 2, "for_sale": 2, "too_dear": 0}
    assert document["releases"]["1"]["title"] == "Title 1"
    assert document["releases"]["2"]["title"] == "Two"
    assert document["sellers"]["shop"]["rating"] == 99.8
    assert document["rates"]["values"] == {"EUR": "1", "USD": "0.8000000000"}
    assert document["prices_as_of"] == (NOW - timedelta(minutes=2)).isoformat()


def test_what_the_seller_also_has_and_what_is_sold_elsewhere_is_shown(installation: Installation) -> None:
    found = search(installation, copy(1, 600), copy(2, 7000))
    document = printed(found)
    left = document["carts"][0]["left_out"]
    assert left == [
        {"listing_id": 2, "release_id": 2, "price_minor": 5600, "why": "over the budget by 10.80 EUR"}
    ]
    assert [record["release_id"] for record in document["elsewhere"]] == [3]
    assert document["elsewhere"][0]["lowest"] == {"minor": 700, "currency": "EUR"}
    assert set(document["releases"]) == {"1", "2", "3"}
    old = shown_carts(found, TERMS.since(NOW + timedelta(hours=7)))
    assert old.carts[0].left_out == ()
    assert old.elsewhere == ()


def test_what_nobody_sells_of_a_plan_has_its_price_floor_and_the_age_of_that(
    installation: Installation,
) -> None:
    floor = MarketStats(ReleaseId(1), Money(900, Currency.EUR), 2, False, NOW - timedelta(hours=5))
    price_floors.save_stats(installation.ctx.db, [floor])
    document = carts(installation, copy(2, 600), budget=5, ratio="0.01")
    plans = installation.plans_of(document)
    assert plans is not None
    [want] = plans["wants"]
    assert (want["release_id"], want["state"]) == (1, "unavailable")
    assert want["floor"]["lowest"] == {"minor": 900, "currency": "EUR"}
    assert want["floor"]["for_sale"] == 2
    assert plans["prices_as_of"] == floor.as_of.isoformat()


def test_expired_plans_leave_titles_alone(installation: Installation) -> None:
    document = carts(installation, copy(1, 600), ratio=1)
    installation.plans_of(document)
    found = finished_as(installation.ctx.db, installation.owner, document["plans_run"], PlansResult)
    assert found is not None
    assert found.answers
    assert shown_plans(found, TERMS.since(NOW)) == found
    old = shown_plans(found, TERMS.since(NOW + timedelta(hours=7)))
    assert old.prices_expired
    assert (old.answers, old.curve, old.lines, old.wants) == ({}, (), {}, ())
    assert old.releases == found.releases


def test_shipping_that_a_copy_states_is_within_the_budget_and_says_how_sure_it_is(
    installation: Installation,
) -> None:
    with_shipping = copy(1, 600, shipping=Money(450, Currency.USD))
    cart = carts(installation, with_shipping)["carts"][0]
    assert (cart["shipping"]["status"], cart["shipping_minor"], cart["total_minor"]) == ("known", 360, 840)
    assert "and 3.60 EUR shipping" in cart["why"]
    two = carts(installation, with_shipping, copy(2, 100))["carts"][0]
    assert (two["shipping"]["status"], two["shipping_minor"]) == ("estimated", 720)
    assert two["left_minor"] == 5000 - two["total_minor"] == 5000 - 560 - 720


def test_an_order_below_the_minimum_says_what_is_missing(installation: Installation) -> None:
    assert carts(installation, copy(1, 600))["carts"][0]["min_order"]["short_minor"] == 900
    assert carts(installation, copy(1, 600), min_orders=True)["carts"] == []


def test_copies_without_a_rate_and_those_that_fail_a_criterion_are_counted(
    installation: Installation,
) -> None:
    yen = copy(2, 600, price=Money(600, Currency.JPY))
    document = carts(installation, copy(1, 600, media=Grade.GOOD), yen, min_media="VG")
    assert document["excluded"] == {"currency": 1, "media": 1}
    assert (document["listings"], document["eligible"]) == (2, 0)


def test_a_parcel_within_one_customs_area_has_no_note(installation: Installation) -> None:
    assert carts(installation, copy(1, 600, ships_from="FR"))["carts"][0]["customs"] is None


def test_no_carts_make_a_document_too_whose_floors_expire(installation: Installation) -> None:
    found = search(installation, floor_at=NOW - 5 * HOUR)
    assert found.carts == ()
    assert found.elsewhere
    assert found.prices_as_of == NOW - 5 * HOUR
    assert shown_carts(found, TERMS.since(NOW + HOUR)).elsewhere
    old = shown_carts(found, TERMS.since(NOW + HOUR + MINUTE))
    assert old.prices_expired
    assert old.elsewhere == ()


@pytest.mark.parametrize(
    ("beside", "floor_at"),
    [(copy(2, 700), NOW - 3 * HOUR), (copy(2, 7000, as_of=NOW - 3 * HOUR), NOW)],
    ids=["a floor", "a copy that a cart leaves out"],
)
def test_the_oldest_price_is_no_cart_s_alone(
    installation: Installation, beside: Listing, floor_at: datetime
) -> None:
    document = carts(installation, copy(1, 600), beside, floor_at=floor_at)
    assert document["carts"]
    assert document["prices_as_of"] == (NOW - 3 * HOUR).isoformat()


def test_a_policy_that_was_read_before_the_prices_sets_their_age(installation: Installation) -> None:
    policy = replace(POLICY, seller="shop", source=ShippingSource.POLICY, reported_at=NOW - 4 * HOUR)
    seller_shipping.save_report(installation.ctx.db, ShippingReport("shop", 5, NOW - 4 * HOUR, (policy,)))
    document = carts(installation, copy(1, 2000))
    assert document["carts"][0]["shipping"]["source"] == "policy"
    assert document["prices_as_of"] == (NOW - 4 * HOUR).isoformat()
    plans = installation.plans_of(document)
    assert plans is not None
    assert plans["cheapest"]["orders"]
    assert plans["prices_as_of"] == (NOW - 4 * HOUR).isoformat()


@pytest.mark.parametrize(("destination", "estimated"), [("DE", True), ("CH", False)])
def test_import_charges_are_estimated_where_a_rate_of_their_currency_is_known(
    installation: Installation, destination: str, estimated: bool
) -> None:
    """Rates of the euro and the dollar are stored, and none of the franc."""
    [cart] = carts(installation, copy(1, 600), destination=destination)["carts"]
    assert (cart["charges"] is not None) == estimated
    assert "Switzerland" in cart["customs"] or estimated


def test_why_there_is_no_cart_is_said_without_prices_once_they_are_old(installation: Installation) -> None:
    found = search(installation, copy(1, 9000, as_of=NOW - HOUR), must=[1])
    assert list(found.partial) == [
        "The required records cost at least 72.00 EUR at one seller, 22.00 EUR over your budget of 50.00 EUR."
    ]
    assert found.prices_as_of == NOW - HOUR
    old = shown_carts(found, TERMS.since(NOW + 6 * HOUR))
    sentence = "The required records cost more than your budget of 50.00 EUR at every seller."
    assert old.partial == (sentence, EXPIRED)


def test_a_document_without_a_price_is_as_old_as_itself(installation: Installation) -> None:
    found = search(installation, floor_at=NOW - 7 * HOUR)
    assert found.prices_as_of is None
    assert found.elsewhere == ()
    assert not shown_carts(found, TERMS.since(found.made_at + 6 * HOUR)).prices_expired
    assert shown_carts(found, TERMS.since(found.made_at + 6 * HOUR + MINUTE)).prices_expired


def test_old_prices_are_hidden_while_titles_and_reasons_stay(installation: Installation) -> None:
    found = search(installation, copy(1, 600))
    assert shown_carts(found, TERMS.since(NOW)) == found
    old = shown_carts(found, TERMS.since(NOW + timedelta(hours=6)))
    line = old.carts[0].lines[0]
    assert line.price is None
    assert line.price_minor is None
    assert line.reason == "On your wantlist"
    assert old.carts[0].total_minor is None
    assert old.named[0].cart.total_minor is None
    assert old.carts[0].listing_ids == (1,)
    assert old.releases == found.releases
    assert old.partial == (EXPIRED,)
    assert found.partial == ()


def test_carts_of_unknown_shipping_hide_their_old_prices_and_are_exported_apart(
    installation: Installation,
) -> None:
    beside = copy(2, 700, seller="other", ships_from="FR")
    found = search(installation, copy(1, 600, shipping=Money(450, Currency.USD)), beside)
    [apart] = found.unknown_shipping.carts
    assert apart.seller == "other"
    assert apart.total_minor == 560
    rows = list(csv.DictReader(io.StringIO(carts_csv(found, LINKS))))
    assert [row["cart"] for row in rows] == ["1", "shipping unknown 1"]
    [old] = shown_carts(found, TERMS.since(NOW + timedelta(hours=7))).unknown_shipping.carts
    assert old.total_minor is None
    assert old.lines[0].price is None


def test_csv_files_hold_a_row_each_and_neutral_cells(installation: Installation) -> None:
    rows = list(csv.DictReader(io.StringIO(recommendations_csv(recommendations(), LINKS))))
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["artists"] == "Artist 1"
    found = search(installation, copy(1, 600))
    row = next(csv.DictReader(io.StringIO(carts_csv(found, LINKS))))
    assert row["comments"] == "'=cmd()"
    assert row["price"] == "6.00"
    assert row["price_in_budget_currency"] == "4.80"
    assert row["link"] == "http://stand-in.example/sell/cart/?add=1"
    hidden = shown_carts(found, TERMS.since(NOW + timedelta(days=1)))
    assert next(csv.DictReader(io.StringIO(carts_csv(hidden, LINKS))))["price"] == ""


def test_namesakes_are_different_artists_of_a_narrowed_list(installation: Installation) -> None:
    mikes = [release(id, artists=(ArtistCredit(ArtistId(id), f"Mike ({id})"),)) for id in (2, 3)]
    ones = tuple(recommended(rank, record) for rank, record in enumerate(mikes, 1))
    found = RecommendationResult(UserName("someone"), "first", NOW, 3, ones)
    by = Narrowing(replace(EVERYTHING, per_artist=1))
    left = narrowed_list(installation.ctx, installation.owner, new_run_id(), found, by).result.recommendations
    assert [recommended.rank for recommended in left] == [1, 2]
