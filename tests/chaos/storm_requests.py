"""What people ask for in a storm, in order, and what each answer is when nothing goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete

from discogs_assistant.bootstrap.wiring import App
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.carts.check import places, request_check
from discogs_assistant.pipelines.carts.result import SearchResult
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.market import sellers
from discogs_assistant.store.schema import inventory

CHECK_OF = "check_of"


@dataclass(frozen=True)
class Wish:
    """A request; one with `stale` sellers is made when their stock was last read long ago."""

    kind: RunKind
    options: Mapping[str, Any] = field(default_factory=dict, compare=False)
    stale: tuple[str, ...] = ()


@dataclass
class Person:
    """An account whose own collector is `user`, the wishes that are left, and the runs so far."""

    name: str
    user: str
    owner: OwnerId
    wishes: tuple[Wish, ...]
    runs: list[RunId] = field(default_factory=list)

    @property
    def next(self) -> Wish | None:
        """What they ask for next."""
        return self.wishes[len(self.runs)] if len(self.runs) < len(self.wishes) else None


def wishes_of(place: int, names: tuple[str, ...], count: int) -> tuple[Wish, ...]:
    """The first `count` wishes of those whose collector is the `place`th; `names` are all sellers."""
    theirs = tuple(names[(place + step) % len(names)] for step in range(3))
    again = {"run_anew": True}
    all_of_them = (
        Wish(RunKind.SYNC, {"full": True}),
        Wish(RunKind.SHOP, {"budget": "150", "currency": "USD"} | again, stale=theirs),
        Wish(RunKind.CHECK, {CHECK_OF: 1}),
        Wish(RunKind.MARKET, {"sellers": list(theirs[:2])}),
        Wish(RunKind.RECOMMEND, {"top": 50} | again),
        Wish(RunKind.SYNC, {"full": True}),
        Wish(RunKind.MARKET, {"sellers": list(theirs[1:])}),
        Wish(RunKind.SHOP, {"budget": "60", "currency": "USD", "ratio": "0.5"} | again, stale=theirs[:1]),
        Wish(RunKind.CHECK, {CHECK_OF: 7}),
        Wish(RunKind.RECOMMEND, {"top": 20, "per_artist": 1} | again),
    )
    return all_of_them[:count]


def joins(app: App, name: str, user: str, wishes: tuple[Wish, ...], favourites: tuple[str, ...]) -> Person:
    """A new account; done twice it is the same one."""
    owner = accounts.add_account(app.ctx.db, name, app.ctx.clock.now())
    for seller in favourites:
        sellers.add_favourite(app.ctx.db, owner, seller)
    return Person(name, user, owner, wishes)


def ask(app: App, person: Person) -> Run:
    """Make the person's next request; made twice, it is the same run."""
    wish = person.next
    assert wish is not None
    if wish.kind is RunKind.CHECK:
        carts = person.runs[wish.options[CHECK_OF]]
        return request_check(app.ctx, app.runner, person.owner, carts, _a_cart(app, person, carts)).run
    if wish.stale:
        _age(app, wish.stale)
    return runs.request(app.ctx, app.runner, person.owner, wish.kind, person.user, wish.options).run


def _a_cart(app: App, person: Person, carts: RunId) -> str:
    """The first cart of a search, by the name that the pages give it."""
    result = runs.result(app.ctx, person.owner, carts)
    assert isinstance(result, SearchResult)
    return next(iter(places(result)))


def _age(app: App, names: tuple[str, ...]) -> None:
    with app.ctx.db.write() as connection:
        connection.execute(delete(inventory).where(inventory.c.seller.in_(names)))
