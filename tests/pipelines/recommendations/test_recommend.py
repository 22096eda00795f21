"""Recommendations end to end: found within the allowance, worth having, honest where Discogs is down."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.pipelines.fakes import CutOffError
from tests.pipelines.installation import Installation, open_installation
from tests.uploads import import_profile_files

from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId, UserName
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.model.release import ArtistCredit
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.accounts.model_folders import versions_of
from discogs_assistant.pipelines.market.inventory_reading import EVERYBODY
from discogs_assistant.pipelines.market.refresh import refresh_market
from discogs_assistant.pipelines.profiles.sync import sync_profile
from discogs_assistant.pipelines.recommendations import feedback, model_training
from discogs_assistant.pipelines.recommendations.list_inputs import basis_of
from discogs_assistant.pipelines.recommendations.options import RecommendOptions
from discogs_assistant.pipelines.recommendations.recommend import ranked, recommend
from discogs_assistant.pipelines.recommendations.taste_reading import read_taste
from discogs_assistant.pipelines.runtime.exchange_rates import rate_table
from discogs_assistant.pipelines.runtime.idempotency_keys import key_of
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.catalogue import discographies
from discogs_assistant.store.market import listings
from discogs_assistant.store.profiles import items, profiles
from discogs_assistant.store.recommendations import feedback as stored_feedback
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.wire.fields import artists_text
from discogs_sandbox.world.world import World

EMPTY = b"Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,Notes\r\n"


def ask(installation: Installation, **options: Any) -> dict[str, Any]:
    run = installation.open(RunKind.RECOMMEND, installation.demo(), **options)
    return installation.carry_out(recommend, run)


def owned_works(installation: Installation) -> set[int]:
    items = installation.world.account(installation.demo()).items
    return {installation.world.releases[item.release].work for item in items}


def works(installation: Installation, document: dict[str, Any]) -> list[int]:
    return [
        installation.world.releases[recommendation["release_id"]].work
        for recommendation in document["recommendations"]
    ]


@pytest.fixture
def own_installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation with a world of its own, which the test may change."""
    world = World.generate(4, releases=300, users=5, sellers=2, listings=60)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        built = open_installation(server, tmp_path)
        yield built
        built.ctx.db.close()


def test_a_lone_user_gets_reasoned_recommendations_never_of_what_is_owned(installation: Installation) -> None:
    document = ask(installation, top=40)
    assert len(document["recommendations"]) == 40
    assert document["partial"] == []
    assert document["collectors"] == 0
    found = works(installation, document)
    assert len(set(found)) == 40
    assert not owned_works(installation) & set(found)
    wanted = {want.release for want in installation.world.account(installation.demo()).wants}
    assert not wanted & {recommendation["release_id"] for recommendation in document["recommendations"]}
    scores = [recommendation["score"] for recommendation in document["recommendations"]]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    assert [recommendation["rank"] for recommendation in document["recommendations"]] == list(range(1, 41))
    for recommendation in document["recommendations"]:
        assert recommendation["reasons"]
        assert recommendation["artists"]
        assert recommendation["title"]
        assert sum(reason["share"] for reason in recommendation["reasons"]) == pytest.approx(1, abs=0.001)


def test_no_more_requests_are_spent_than_the_setting_allows(installation: Installation) -> None:
    installation.carry_out(sync_profile, installation.open(RunKind.SYNC, installation.demo()))
    before = installation.asked
    ask(installation)
    first = installation.asked - before
    assert first <= installation.ctx.settings.discography_requests + 5
    ask(installation)
    assert installation.asked - before - first <= installation.ctx.settings.discography_requests + 5


def test_discographies_are_kept_and_not_read_again(installation: Installation) -> None:
    ask(installation)
    page = installation.world.account(installation.demo())
    artists = {
        credit.artist.id
        for item in page.items
        for credit in installation.world.work_of(installation.world.releases[item.release]).artists
    }
    read = discographies.pages_read(installation.ctx.db, "artist", artists)
    assert 0 < len(read) <= 8
    ask(installation)
    again = discographies.pages_read(installation.ctx.db, "artist", artists)
    assert {id: again[id] for id in read} == read


@dataclass(frozen=True)
class Agreement:
    """The folder of an installation on which all other collectors have agreed, and the last of them."""

    folder: Path
    last: OwnerId


@pytest.fixture(scope="module")
def agreement(discogs: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Agreement:
    """Such an installation, where nobody has asked for anything yet."""
    folder = tmp_path_factory.mktemp("agreement")
    built = open_installation(discogs, folder)
    last = agree(built)
    built.ctx.db.close()
    return Agreement(folder, last)


@pytest.fixture
def shared_installation(
    discogs: SandboxServer, agreement: Agreement, tmp_path: Path
) -> Iterator[Installation]:
    """An installation of the test's own on which all other collectors have agreed."""
    built = open_installation(discogs, tmp_path, agreement.folder, discography_requests=8)
    yield built
    built.ctx.db.close()


def agree(installation: Installation) -> OwnerId:
    """Let all other collectors whose lists are public agree; the last of them."""
    for account in installation.world.collectors[1:]:
        if (
            account.private_collection
            or account.private_wantlist
            or account.name in installation.world.vanished
        ):
            continue
        owner = accounts.add_account(installation.ctx.db, account.name, installation.clock.now())
        accounts.set_consent(installation.ctx.db, owner, True)
        run = installation.open(RunKind.SYNC, account.name, owner=owner)
        installation.carry_out(sync_profile, run)
    return owner


def test_other_collectors_who_agreed_are_learned_from(
    shared_installation: Installation, agreement: Agreement
) -> None:
    document = ask(shared_installation)
    assert document["collectors"] >= 20
    assert document["model"].startswith("hybrid-")
    served = versions_of(
        shared_installation.ctx.settings, shared_installation.owner, shared_installation.demo(), shared=True
    ).live()
    assert served is not None
    assert served.name == document["model"]
    assert served.users >= 20
    assert served.ndcg is not None
    assert served.error is not None
    import_profile_files(shared_installation.ctx, shared_installation.owner, "nobody", None, EMPTY)
    cold = shared_installation.carry_out(recommend, shared_installation.open(RunKind.RECOMMEND, "nobody"))
    first = [
        recommendation["styles"][0]
        for recommendation in cold["recommendations"][:5]
        if recommendation["styles"]
    ]
    assert len(set(first)) == len(first) > 1
    assert any("no records here yet" in sentence for sentence in cold["partial"])
    accounts.set_consent(shared_installation.ctx.db, agreement.last, False)
    basis = basis_of(shared_installation.ctx, shared_installation.owner, shared_installation.demo())
    assert (
        model_training.served(
            shared_installation.ctx.settings, shared_installation.owner, shared_installation.demo(), basis
        )
        is None
    )
    assert set(ask(shared_installation)["model"])
    assert not set(served.people) <= set(basis.people)
    assert any(
        reason["kind"] == "collectors"
        for recommendation in document["recommendations"]
        for reason in recommendation["reasons"]
    )


def own_artist(installation: Installation) -> ArtistCredit:
    """An artist of whom the collector has a record."""
    copies = items.collection(installation.ctx.db, installation.owner, installation.demo())
    return next(copy.release.artists[0] for copy in copies if copy.release.artists)


def put_up_for_sale(installation: Installation, release: int, artist: str, label: str | None = None) -> None:
    price, now = Money(900, Currency.EUR), installation.clock.now()
    copy = Listing(
        ListingId(release),
        ReleaseId(release),
        "seller",
        price,
        now,
        Origin.INVENTORY,
        artist=artist,
        label=label,
    )
    listings.save_listings(installation.ctx.db, EVERYBODY, [copy], [Seller("seller")])


def test_one_model_serves_all_who_ask_and_holds_nothing_that_a_file_named(
    shared_installation: Installation,
) -> None:
    ask(shared_installation)
    kept = versions_of(
        shared_installation.ctx.settings, shared_installation.owner, shared_installation.demo(), shared=True
    )
    stranger = accounts.add_account(shared_installation.ctx.db, "stranger", shared_installation.clock.now())
    named = ["-990001", "-990002"]
    for name in named:
        put_up_for_sale(shared_installation, -int(name), "Unheard Of")
    rows = "".join(f"Unheard Of,Title {release},{release}\r\n" for release in (990_001, 990_003))
    wants = b"Artist,Title,release_id\r\n" + rows.encode()
    import_profile_files(shared_installation.ctx, stranger, "stranger", wants, None)
    mine = basis_of(
        shared_installation.ctx, shared_installation.owner, shared_installation.demo()
    ).training_data()
    theirs = basis_of(shared_installation.ctx, stranger, UserName("stranger")).training_data()
    assert mine.fingerprint == theirs.fingerprint
    assert not {*named, "-990003"} & set(theirs.data.items)
    before = len(kept.all())
    document = shared_installation.carry_out(
        recommend, shared_installation.open(RunKind.RECOMMEND, "stranger", owner=stranger)
    )
    assert len(kept.all()) == before
    assert 990_002 in [recommendation["release_id"] for recommendation in document["recommendations"]]


def test_a_candidate_that_came_after_the_model_is_not_lost(
    synced_installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ask(synced_installation)
    monkeypatch.setattr(model_training, "QUICK", 0)
    put_up_for_sale(synced_installation, 990_001, own_artist(synced_installation).name)
    after = ask(synced_installation, top=1000)
    assert after["model"] == before["model"]
    (found,) = (
        recommendation
        for recommendation in after["recommendations"]
        if recommendation["release_id"] == 990_001
    )
    assert found["score"] > 0
    assert found["reasons"]


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ({"new_artists": True}, lambda record: record["new_artist"]),
        ({"new_labels": True}, lambda record: record["new_label"]),
        ({"formats": "CD"}, lambda record: any("CD" in text for text in record["formats"])),
        ({"year_from": 1975, "year_to": 1995}, lambda record: 1975 <= record["year"] <= 1995),
    ],
)
def test_filters_bind_every_recommendation(
    synced_installation: Installation, filters: dict[str, Any], passes: Any
) -> None:
    put_up_for_sale(
        synced_installation, 990_001, own_artist(synced_installation).name, label="Never Heard Of"
    )
    document = ask(synced_installation, **filters)
    assert document["recommendations"]
    assert all(passes(recommendation) for recommendation in document["recommendations"])


def test_a_price_lets_in_what_is_known_to_be_for_sale_at_it_and_says_how_much_is_known(
    synced_installation: Installation,
) -> None:
    nothing = ask(synced_installation, max_price="20", currency="USD")
    assert nothing["recommendations"] == []
    assert "known to be for sale" in nothing["partial"][0]
    assert "use fewer filters" in nothing["partial"][1]
    names = [
        seller.name
        for seller in synced_installation.world.sellers
        if seller.name not in synced_installation.world.vanished
    ]
    synced_installation.carry_out(refresh_market, synced_installation.open(RunKind.MARKET, sellers=names))
    document = ask(synced_installation, max_price="20", currency="USD", top=1000)
    shown = [ReleaseId(recommendation["release_id"]) for recommendation in document["recommendations"]]
    since = synced_installation.clock.now() - synced_installation.ctx.settings.max_data_age
    copies = listings.listings_for(synced_installation.ctx.db, synced_installation.owner, shown, since=since)
    rates = rate_table(synced_installation.ctx.db, Currency.USD, synced_installation.clock.now().date())
    cheap = {copy.release_id for copy in copies if rates.convert(copy.price).minor <= 2000}
    assert shown
    assert set(shown) == cheap
    assert "known to be for sale now" in document["partial"][0]
    assert document["recommendations"][0]["score"] <= 1


def test_the_same_question_of_a_new_market_is_another_one(installation: Installation) -> None:
    asked = RecommendOptions.parse({"max_price": "20"}).canonical()
    plain = RecommendOptions().canonical()

    def keys() -> list[str]:
        user = installation.demo()
        return [
            key_of(installation.ctx, installation.owner, RunKind.RECOMMEND, user, options)
            for options in (asked, plain)
        ]

    before = keys()
    seller = next(
        seller.name for seller in installation.world.sellers if seller.name not in installation.world.vanished
    )
    installation.carry_out(refresh_market, installation.open(RunKind.MARKET, sellers=[seller]))
    after = keys()
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_the_wantlist_comes_in_where_it_is_asked_for(synced_installation: Installation) -> None:
    document = ask(synced_installation, include_wantlist=True, top=1000)
    assert any(recommendation["wanted"] for recommendation in document["recommendations"])


def test_hidden_records_stay_away_and_loved_ones_lead_on(synced_installation: Installation) -> None:
    first = ask(synced_installation, top=3)
    hidden = first["recommendations"][0]
    feedback.say(
        synced_installation.ctx.db,
        synced_installation.owner,
        synced_installation.demo(),
        ReleaseId(hidden["release_id"]),
        "hide",
        synced_installation.ctx.clock.now(),
    )
    second = ask(synced_installation, top=50)
    assert hidden["release_id"] not in [
        recommendation["release_id"] for recommendation in second["recommendations"]
    ]


def test_a_bought_record_counts_as_owned_until_that_is_undone(synced_installation: Installation) -> None:
    user = synced_installation.demo()
    wanted = next(want.release for want in synced_installation.world.account(user).wants)
    first = ask(synced_installation, top=5)["recommendations"][0]
    mine = [ReleaseId(first["release_id"]), ReleaseId(wanted)]
    feedback.bought(synced_installation.ctx, synced_installation.owner, user, mine)
    taste = read_taste(synced_installation.ctx.db, synced_installation.owner, user)
    assert set(mine) <= {release.id for release in taste.owned}
    assert wanted not in {release.id for release in taste.wanted}
    later = ask(synced_installation, top=1000, include_wantlist=True)["recommendations"]
    assert not set(mine) & {record["release_id"] for record in later}
    feedback.not_bought(synced_installation.ctx, synced_installation.owner, user, mine)
    again = read_taste(synced_installation.ctx.db, synced_installation.owner, user)
    assert not set(mine) & {release.id for release in again.owned}
    assert wanted in {release.id for release in again.wanted}


def test_what_is_seen_again_and_again_sinks_a_little(synced_installation: Installation) -> None:
    ask(synced_installation)
    user, run = (
        synced_installation.demo(),
        synced_installation.open(RunKind.RECOMMEND, synced_installation.demo()),
    )

    def scores() -> dict[ReleaseId, float]:
        _, found = ranked(synced_installation.ctx, run, RecommendationFilters(), 1000)
        return {recommendation.release.id: recommendation.score for recommendation in found.recommendations}

    before = scores()
    tired, other = list(before)[:2]
    for days in range(13):
        then = synced_installation.ctx.clock.now() - timedelta(days=days)
        stored_feedback.record(
            synced_installation.ctx.db, synced_installation.owner, user, tired, "seen", then
        )
    after = scores()
    assert after[tired] == pytest.approx(0.8 * before[tired])
    assert after[other] == pytest.approx(before[other])
    feedback.say(
        synced_installation.ctx.db,
        synced_installation.owner,
        user,
        tired,
        "open",
        synced_installation.ctx.clock.now(),
    )
    assert scores() == before


def test_discogs_down_leaves_what_was_known_and_says_so(own_installation: Installation) -> None:
    own_installation.carry_out(sync_profile, own_installation.open(RunKind.SYNC, own_installation.demo()))
    ask(own_installation)
    own_installation.server.stop()
    own_installation.clock.sleep(31 * 86400)
    document = ask(own_installation)
    assert document["recommendations"]
    assert any("The profile that was read" in sentence for sentence in document["partial"])
    assert any("known before" in sentence for sentence in document["partial"])


def test_a_profile_from_files_is_looked_up_by_its_own_records(installation: Installation) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Catalog#", "Artist", "Title", "Label", "Format", "Rating", "Released", "release_id"])
    for item in installation.world.account(installation.demo()).items:
        release = installation.world.releases[item.release]
        work = installation.world.work_of(release)
        label, catno = release.labels[0]
        row = [catno, artists_text(work), work.title, label.name, "LP", "", release.year, release.id]
        writer.writerow(row)
    data = text.getvalue().encode()
    import_profile_files(installation.ctx, installation.owner, installation.demo(), data, None)
    document = ask(installation)
    assert len(document["recommendations"]) >= 20
    assert not owned_works(installation) & set(works(installation, document))


def test_an_empty_profile_is_shown_what_to_do(installation: Installation) -> None:
    import_profile_files(installation.ctx, installation.owner, "nobody", None, EMPTY)
    run = installation.open(RunKind.RECOMMEND, "nobody")
    document = installation.carry_out(recommend, run)
    assert document["recommendations"] == []
    assert "Nothing was found" in document["partial"][0]
    assert "A dump of Discogs' catalogue" in document["partial"][1]


def test_a_lone_users_hidden_records_are_found_thrice_as_often_as_by_popularity(tmp_path: Path) -> None:
    world = World.generate(1, sellers=2, listings=40)
    found, popular = 0, 0
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        for place, account in enumerate(
            [collector for collector in world.collectors if not collector.private_collection][:4]
        ):
            hidden = hide_a_fifth(world, account.name)
            lone = open_installation(server, tmp_path / str(place))
            run = lone.open(RunKind.RECOMMEND, account.name, top=50)
            found += len(hidden & set(works(lone, lone.carry_out(recommend, run))))
            popular += len(hidden & set(most_owned(world, account.name)[:50]))
            lone.ctx.db.close()
    assert found >= 3 * popular > 0


def hide_a_fifth(world: World, user: str) -> set[int]:
    """Take every fifth work out of a collection, and say which."""
    account = world.account(user)
    owned = sorted({world.releases[item.release].work for item in account.items})
    hidden = set(owned[::5])
    for item in account.items:
        if world.releases[item.release].work in hidden:
            world.remove_item(user, item.instance)
    return hidden


def most_owned(world: World, user: str) -> list[int]:
    """The works that most other collectors own, without those that the user owns."""
    owners: Counter[int] = Counter()
    for other in world.collectors:
        if other.name != user:
            owners.update({world.releases[item.release].work for item in other.items})
    mine = {world.releases[item.release].work for item in world.account(user).items}
    return [
        work for work, _ in sorted(owners.items(), key=lambda pair: (-pair[1], pair[0])) if work not in mine
    ]


def test_a_run_that_is_cut_off_anywhere_ends_with_the_same_list(
    installation: Installation, tmp_path: Path
) -> None:
    whole = ask(installation)
    other = open_installation(installation.server, tmp_path / "other", discography_requests=8)
    run = other.open(RunKind.RECOMMEND, other.demo())
    flow = other.flow(run, cut_off_after=0, doubled=True)
    for step in range(100):
        try:
            other.carry_out(recommend, run, flow)
            break
        except CutOffError:
            flow.again().cut_off_after = step + 1
    assert len(flow.done) == step > 10
    assert {**other.result(run), "made_at": ""} == {**whole, "made_at": ""}
    other.ctx.db.close()


def test_profiles_of_others_are_read_and_not_changed(installation: Installation) -> None:
    ask(installation)
    assert [state.user for state in profiles.profiles(installation.ctx.db, installation.owner)] == [
        UserName(installation.demo())
    ]
