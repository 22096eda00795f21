"""What if: other wishes are answered from memory as a fresh search would answer them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event
from tests.durations import LONG
from tests.pipelines.carts.test_shop import POLICIES, comparable, enter_shipping, lines
from tests.pipelines.installation import Installation, open_installation

from discogs_assistant.errors import InvalidFieldsError, NotFoundError
from discogs_assistant.model.ids import ReleaseId, new_run_id
from discogs_assistant.model.money import Money
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.carts.answer import fresh_answer, stored_basis
from discogs_assistant.pipelines.carts.search import NO_LISTINGS
from discogs_assistant.pipelines.carts.shop import shop
from discogs_assistant.pipelines.carts.what_if import OVERRIDABLE, what_if, with_overrides
from discogs_assistant.pipelines.market import favourites
from discogs_assistant.pipelines.runtime.results.documents import printed
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.market import listings
from discogs_assistant.store.runs import progress, results
from discogs_assistant.store.schema import SHARED_OWNER
from discogs_sandbox.server import SandboxServer


@pytest.fixture(scope="module")
def listings_folder(
    discogs: SandboxServer, synced_installation_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of an installation that has read six favourite sellers; shipping of two was entered."""
    folder = tmp_path_factory.mktemp("listings_folder")
    installation = open_installation(discogs, folder, synced_installation_folder, discography_requests=8)
    favourites.add_many(
        installation.ctx.db, installation.owner, [seller.name for seller in installation.world.sellers[:6]]
    )
    enter_shipping(installation, POLICIES[0], POLICIES[2])
    for _ in range(2):  # the first brings records to learn from
        finished(installation)
    installation.ctx.db.close()
    return folder


@pytest.fixture
def with_listings(discogs: SandboxServer, listings_folder: Path, tmp_path: Path) -> Iterator[Installation]:
    """Such an installation, a minute later."""
    installation = open_installation(discogs, tmp_path, listings_folder, discography_requests=8)
    yield installation
    installation.ctx.db.close()


@dataclass(frozen=True)
class Search:
    """A finished search: its run, what it found, and the installation's folder and the time on its clock."""

    folder: Path
    moved: timedelta
    run: Run
    document: dict[str, Any]


@pytest.fixture(scope="module")
def search(discogs: SandboxServer, listings_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Search:
    """A search that most tests move."""
    folder = tmp_path_factory.mktemp("search")
    installation = open_installation(discogs, folder, listings_folder, discography_requests=8)
    run, document = finished(installation)
    installation.ctx.db.close()
    return Search(folder, installation.clock.moved, run, document)


@pytest.fixture
def searched(discogs: SandboxServer, search: Search, tmp_path: Path) -> Iterator[Installation]:
    """The installation a minute after the search."""
    installation = open_installation(discogs, tmp_path, search.folder, discography_requests=8)
    installation.clock.moved = search.moved + timedelta(minutes=1)
    yield installation
    installation.ctx.db.close()


def finished(installation: Installation, **options: Any) -> tuple[Run, dict[str, Any]]:
    asked = {"budget": "120", "currency": "EUR", "destination": "DE", **options}
    run = installation.open(RunKind.SHOP, installation.demo(), **asked)
    document = installation.carry_out(shop, run)
    stored = results.result(installation.ctx.db, installation.owner, run.id)
    assert stored is not None
    progress.finish(installation.ctx.db, run.id, installation.clock.now(), stored.id)
    return run, document


def if_moved(installation: Installation, run: Run, **moves: Any) -> dict[str, Any]:
    return printed(what_if(installation.ctx, installation.owner, run.id, moves))


def fresh(installation: Installation, run: Run, **moves: Any) -> dict[str, Any]:
    basis = stored_basis(installation.ctx.db, run)
    answer = fresh_answer(
        installation.ctx, run, with_overrides(run, moves).criteria, basis.interest, partial=basis.partial
    )
    return printed(answer[1])


MANY, UNLIKE = (100, 20) if LONG else (12, 6)
"""Moves of a search that are compared, and how many of their answers differ at least."""


class Mover:
    """Draws moves from what a run's document shows."""

    def __init__(self, document: dict[str, Any], seed: int) -> None:
        self._dice = Random(seed)
        self._sellers = sorted(document["sellers"])
        self._releases = [int(id) for id in document["releases"]]
        self._drawers: dict[str, Callable[[Random], Any]] = {
            "budget": lambda dice: str(dice.choice([5, 20, 47.5, 90, 300, 2000])),
            "min_items": lambda dice: dice.choice([1, 2, 5, 40]),
            "max_price": lambda dice: dice.choice(["8", "15.50", "60"]),
            "include_shipping": lambda dice: dice.random() < 0.5,
            "min_orders": lambda dice: dice.random() < 0.5,
            "min_media": lambda dice: dice.choice(["G", "VG", "VG+", "NM", "M"]),
            "min_sleeve": lambda dice: dice.choice(["G", "VG+", "NM"]),
            "formats": lambda dice: dice.choice([["LP"], ["CD", '7"']]),
            "min_seller_rating": lambda dice: dice.choice([90, 99, "99.8"]),
            "min_seller_ratings": lambda dice: dice.choice([1, 200, 5000]),
            "ships_from": lambda dice: dice.choice([["DE"], ["EU"], ["US", "GB"]]),
            "exclude_seller": lambda dice: dice.sample(self._sellers, dice.randint(1, 3)),
            "must": lambda dice: dice.sample(self._releases[::2], dice.randint(1, 2)),
            "exclude_release": lambda dice: dice.sample(self._releases[1::2], dice.randint(1, 9)),
        }

    def draw(self) -> dict[str, Any]:
        """One to four moves."""
        names = self._dice.sample(sorted(self._drawers), self._dice.randint(1, 4))
        return {name: self._drawers[name](self._dice) for name in names}


@pytest.mark.parametrize("options", [{}, {"ratio": 1, "any_pressing": True, "per_seller": 2}], ids=str)
def test_each_of_many_moves_is_answered_as_a_fresh_search_answers_it(
    with_listings: Installation, options: dict[str, Any]
) -> None:
    run, document = finished(with_listings, **options)
    mover = Mover(document, 7)
    seen = set()
    for _ in range(MANY):
        moves = mover.draw()
        answer = if_moved(with_listings, run, **moves)
        assert comparable(answer) == comparable(fresh(with_listings, run, **moves)), moves
        seen.add((len(answer["carts"]), len(answer["unknown_shipping"]["carts"]), answer["eligible"]))
    assert len(seen) > UNLIKE, "the moves change what is answered"


def test_every_move_there_is_was_drawn() -> None:
    assert set(Mover({"sellers": {}, "releases": {}}, 1)._drawers) == set(OVERRIDABLE)


def test_no_move_at_all_gives_the_runs_own_carts(searched: Installation, search: Search) -> None:
    run, document = search.run, search.document
    moved = if_moved(searched, run)
    assert moved["plans_run"] is None
    runs_of = {name: document[name] for name in ("run", "plans_run")}
    assert comparable({**moved, **runs_of}) == comparable(document)


def test_the_market_is_read_once_for_many_moves(searched: Installation, search: Search) -> None:
    run = search.run
    read: list[str] = []
    if_moved(searched, run, budget="50")

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        read.append(statement)

    event.listen(searched.ctx.db.engine, "before_cursor_execute", note)
    if_moved(searched, run, budget="50")
    event.remove(searched.ctx.db.engine, "before_cursor_execute", note)
    assert read
    assert [statement for statement in read if "listing.price_minor" in statement] == []


def test_what_changes_in_the_market_is_seen_at_once(searched: Installation, search: Search) -> None:
    run = search.run
    line = lines(if_moved(searched, run))[0]
    known = listings.listing(searched.ctx.db, searched.owner, line["listing_id"])
    assert known is not None
    dearer = replace(known, price=Money(99_900, known.price.currency), as_of=searched.clock.now())
    listings.save_listings(searched.ctx.db, SHARED_OWNER, [dearer], [])  # type: ignore[arg-type]
    after = if_moved(searched, run)
    assert line["listing_id"] not in {line["listing_id"] for line in lines(after)}
    assert comparable(after) == comparable(fresh(searched, run))


def test_shipping_entered_meanwhile_counts_at_once(searched: Installation, search: Search) -> None:
    run, document = search.run, search.document
    apart = document["unknown_shipping"]["carts"][0]["seller"]
    enter_shipping(searched, *[POLICIES[0]] * 6)
    after = if_moved(searched, run)
    assert apart in {cart["seller"] for cart in after["carts"]}
    assert after["unknown_shipping"]["carts"] == []


def test_what_is_too_old_to_be_shown_is_forgotten(searched: Installation, search: Search) -> None:
    run = search.run
    assert if_moved(searched, run)["carts"]
    searched.clock.moved += timedelta(hours=7)
    assert if_moved(searched, run)["partial"] == [NO_LISTINGS]


def test_a_record_from_beyond_the_search_may_be_locked_in(with_listings: Installation) -> None:
    run, document = finished(with_listings, ratio=1)
    since = with_listings.clock.now() - timedelta(hours=6)
    seller = document["carts"][0]["seller"]
    offered = listings.listings_of(with_listings.ctx.db, with_listings.owner, seller, since)
    interest = stored_basis(with_listings.ctx.db, run).interest
    beyond = next(one.release_id for one in offered if one.release_id not in interest.wanted)
    answer = if_moved(with_listings, run, must=[int(beyond)], budget="500")
    assert comparable(answer) == comparable(fresh(with_listings, run, must=[int(beyond)], budget="500"))
    assert beyond in {ReleaseId(line["release_id"]) for line in lines(answer)}
    assert comparable(if_moved(with_listings, run)) == comparable(fresh(with_listings, run))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"currency": "USD"}, "currency"),
    ({"ratio": 1}, "ratio"),
    ({"budget": "much"}, "budget"),
    ({"min_media": "Great"}, "min_media"),
    ({"must": [1], "exclude_release": [1]}, "exclude_release"),
    ({"colour": "red"}, "colour"),
]


def test_each_wrong_move_has_its_sentence(searched: Installation, search: Search) -> None:
    run = search.run
    for moves, field in WRONG:
        with pytest.raises(InvalidFieldsError) as refused:
            if_moved(searched, run, **moves)
        assert set(refused.value.fields) == {field}, moves


@pytest.fixture
def unfinished_run(installation: Installation) -> Iterator[Run]:
    """A run of carts that has only begun."""
    yield installation.open(RunKind.SHOP, installation.demo(), budget="120", currency="EUR")


def test_only_the_owner_moves_a_finished_search(
    searched: Installation, search: Search, unfinished_run: Run
) -> None:
    run = search.run
    stranger = accounts.add_account(searched.ctx.db, "stranger", searched.clock.now())
    sync = searched.open(RunKind.SYNC, searched.demo())
    asked = [
        (stranger, run.id),
        (searched.owner, new_run_id()),
        (searched.owner, unfinished_run.id),
    ]
    for owner, id in [*asked, (searched.owner, sync.id)]:
        with pytest.raises(NotFoundError):
            what_if(searched.ctx, owner, id, {})
