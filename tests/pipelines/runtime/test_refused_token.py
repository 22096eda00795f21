"""A token that Discogs refuses is shown once a run, and takes nothing away that everybody sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from tests.pipelines.installation import Installation, open_installation
from tests.uploads import import_profile_files

from discogs_assistant.errors import (
    AssistantError,
    SignInNeededError,
    TokenRefusedError,
    UnreachableError,
)
from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.shop import shop
from discogs_assistant.pipelines.market.inventory_reading import EVERYBODY
from discogs_assistant.pipelines.market.refresh import refresh_market
from discogs_assistant.pipelines.profiles.sync import sync_profile
from discogs_assistant.pipelines.runtime.batched_requests import Asking, ask_for, save_requests
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.store.market import listings, sellers
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.runs import progress, runs
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World, token_of

SAID = (
    "Discogs does not accept the token. Make a new one at https://www.discogs.com/settings/developers and "
    "save it in the settings. Only what was known before is used. Run it again later."
)


@dataclass
class Account:
    """An installation with a token that can be taken back; its market was read before."""

    installation: Installation
    good_for: int = 10**6

    def take_back(self, good_for: int = 0) -> None:
        """The token is accepted by the next `good_for` clients, and by none that comes later."""
        self.good_for = good_for

    def client(self, owner: OwnerId, run_id: RunId | None) -> DiscogsClient:
        self.good_for -= 1
        token = token_of(self.installation.demo()) if self.good_for >= 0 else "taken-back"
        return self.installation.ctx.sources.discogs_by_token(token)

    @property
    def names(self) -> list[str]:
        return [seller.name for seller in self.installation.world.sellers]

    def refresh(self) -> dict[str, Any]:
        return self.installation.carry_out(
            refresh_market, self.installation.open(RunKind.MARKET, sellers=self.names)
        )

    def market(self) -> tuple[dict[str, set[int]], dict[str, sellers.InventoryState]]:
        """What everybody sees of each seller, and when their stock was read."""
        db, since = self.installation.ctx.db, self.installation.clock.start
        copies = {
            name: {int(listing.id) for listing in listings.listings_of(db, EVERYBODY, name, since)}
            for name in self.names
        }
        return copies, sellers.inventory_states(db, self.names)


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    world = World.generate(6, releases=300, users=4, sellers=8, listings=700)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        made = Account(open_installation(server, tmp_path, discography_requests=10))
        made.installation = made.installation.with_parts(discogs=made.client)
        made.refresh()
        made.installation.clock.sleep(60)
        yield made
        made.installation.ctx.db.close()


def test_a_refused_token_takes_no_seller_s_records_from_anybody(account: Account) -> None:
    before, asked = account.market(), account.installation.asked
    account.take_back()
    with pytest.raises(TokenRefusedError, match="does not accept the token") as caught:
        account.refresh()
    assert len(before[0]) == 8
    assert all(before[0].values())
    assert account.market() == before
    assert account.installation.asked == asked + 1
    assert (caught.value.exit_status, caught.value.next_step) == (3, SAID.split(". ")[1] + ".")


def test_a_token_taken_back_among_the_sellers_ends_the_asking(account: Account) -> None:
    copies, before = account.market()
    asked, run = account.installation.asked, account.installation.open(RunKind.MARKET, sellers=account.names)
    account.take_back(good_for=2)
    document = account.installation.carry_out(refresh_market, run)
    assert account.installation.asked == asked + 3
    assert document["partial"][:2] == ["2 of 8 sellers answered.", SAID]
    ended = runs.run(account.installation.ctx.db, account.installation.owner, run.id)
    assert ended is not None
    assert list(ended.partial).count(SAID) == 1
    after, now = account.market()
    assert after == copies
    assert sum(now[name] != before[name] for name in account.names) <= 2


def test_carts_go_on_with_what_is_known_and_ask_once(account: Account) -> None:
    wants = [f"Somebody,Title {id},{id}" for id in list(account.installation.world.releases)[:40]]
    files = "\n".join(["Artist,Title,release_id", *wants]).encode()
    import_profile_files(
        account.installation.ctx, account.installation.owner, account.installation.demo(), None, files
    )
    before, asked = account.market(), account.installation.asked
    account.take_back()
    run = account.installation.open(
        RunKind.SHOP, account.installation.demo(), budget="100", any_pressing=True
    )
    document = account.installation.carry_out(shop, run)
    assert document["carts"]
    assert document["partial"] == [SAID]
    assert account.installation.asked == asked + 1
    assert account.market() == before


def test_a_token_taken_back_in_the_middle_of_a_sync_makes_no_list_private(account: Account) -> None:
    account.installation.carry_out(
        sync_profile, account.installation.open(RunKind.SYNC, account.installation.demo())
    )
    account.take_back(good_for=2)
    with pytest.raises(TokenRefusedError):
        account.installation.carry_out(
            sync_profile, account.installation.open(RunKind.SYNC, account.installation.demo())
        )
    user = UserName(account.installation.demo())
    held = profiles.profile(account.installation.ctx.db, account.installation.owner, user)
    assert held is not None
    assert not held.private_collection
    assert not held.private_wantlist


class Closed:
    """A Discogs that shows inventories to those alone who signed in."""

    def inventory_page(self, seller: str, page: int, *, order: str) -> Any:
        raise SignInNeededError(f"Discogs shows {seller} only to those who signed in.", "Sign in.")


def test_what_is_shown_to_nobody_without_a_token_is_not_gone(account: Account) -> None:
    before = account.market()
    closed = cast(DiscogsClient, Closed())
    account.installation = account.installation.with_parts(discogs=lambda owner, run_id: closed)
    with pytest.raises(UnreachableError, match="only to those who signed in"):
        account.refresh()
    assert account.market() == before


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SignInNeededError("It is not shown.", "Sign in."), "It is not shown. Sign in. Some are missing."),
        (TokenRefusedError("It is refused.", "Make one."), "It is refused. Make one. Only what was known"),
    ],
)
def test_no_question_is_asked_after_one_that_needs_a_better_token(
    installation: Installation, error: AssistantError, said: str
) -> None:
    run = installation.open(RunKind.MARKET, sellers=["shop"])
    asked: list[Any] = []
    progress.start(installation.ctx.db, run.id, installation.clock.now())
    save_requests(installation.ctx.db, run, "floors", [1, 2, 3])
    read = refusing(asked, error)
    assert ask_for(
        installation.ctx, installation.flow(run), run, Asking("floors", 1, "Some are missing.", 3), 3, read
    )
    ended = runs.run(installation.ctx.db, installation.owner, run.id)
    assert asked == [1]
    assert ended is not None
    assert len(ended.partial) == 1
    assert ended.partial[0].startswith(said)


def refusing(asked: list[Any], error: AssistantError) -> Callable[[Any], None]:
    def read(thing: Any) -> None:
        asked.append(thing)
        raise error

    return read
