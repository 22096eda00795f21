"""What the rooms need of each other, as protocols; bootstrap hands in the real things, tests their fakes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.model.market import Coverage, MarketBatch
from discogs_assistant.model.profile import CollectionItem, DiscogsUser, Folder, Identity, Want

WaitListener = Callable[[str, float], None]
"""Receives the name of what is waited for and the number of seconds it will take."""


AnswerListener = Callable[[bool, int], None]
"""Receives for each answer of Discogs whether the request was signed in, and its status; 0 if none came."""


class Caller(Protocol):
    """A person who waits at a page for an answer of Discogs, and not for long."""

    @property
    def until(self) -> datetime:
        """When they give up."""
        ...

    def bear(self, seconds: float) -> None:
        """`UnreachableError` where so long a wait would end later."""
        ...

    def place(self) -> AbstractContextManager[None]:
        """One of the few waiting places; `UnreachableError` if none is free."""
        ...


class Clock(Protocol):
    """Time, so that tests bring their own."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait that long."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait that long."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer to who asks in turn: a slot in `seconds` (0: now), or when to ask again.

    Who comes `good_for` seconds late, as a process that was stopped meanwhile, must not use it any more.
    """

    seconds: float
    granted: bool
    good_for: float = inf


class RateBudget(Protocol):
    """Discogs' allowance of requests, shared by all processes of the instance."""

    def take_turn(self, person: OwnerId, *, signed_in: bool, until: datetime | None = None) -> Turn:
        """As `reserve`, for one person among many: who has a slot ahead asks again when it has come.

        Where the next slot comes later than `until`, none is taken.
        """
        ...

    def reserve(self, *, signed_in: bool) -> float:
        """Take one request from the allowance; the seconds to wait before sending it (0: now)."""
        ...

    def observe(self, *, signed_in: bool, limit: int | None, remaining: int | None) -> None:
        """Apply the limit and the remaining requests from an answer's headers."""
        ...

    def pause(self, *, signed_in: bool, seconds: float) -> None:
        """Let no process send for that long: Discogs answered 429."""
        ...


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One answer of a list: `total` items on `pages` pages of `per_page`, which may be fewer than asked for.

    `unread` counts entries that could not be read; `problems` are sentences on them and on other oddities.
    Past the end of a list `per_page` is 0 and `total` the least that would have been needed.
    """

    items: tuple[T, ...]
    page: int
    pages: int
    per_page: int
    total: int
    unread: int = 0
    problems: tuple[str, ...] = ()


class ProfileSource(Protocol):
    """The lists of collectors as one account may see them; each function may raise an `UpstreamError`."""

    @property
    def signed_in(self) -> bool:
        """True where it sees more than everybody does."""
        ...

    def identity(self) -> Identity:
        """Whose account it is; `SignInNeededError` without one."""
        ...

    def user(self, name: UserName) -> DiscogsUser:
        """A collector, with the number of items of each list that may be seen."""
        ...

    def folders(self, name: UserName) -> tuple[Folder, ...]:
        """The folders of a collection."""
        ...

    def note_fields(self, name: UserName) -> dict[int, str]:
        """The names of a collection's note fields by id."""
        ...

    def collection_page(
        self,
        name: UserName,
        page: int,
        *,
        order: str,
        folders: Mapping[int, str] | None = None,
        note_fields: Mapping[int, str] | None = None,
    ) -> Page[CollectionItem]:
        """Copies by the time they were added; empty past the end, `PrivateError` if hidden."""
        ...

    def wants_page(self, name: UserName, page: int, *, order: str) -> Page[Want]:
        """Wants by the time they were added; empty past the end, `PrivateError` if hidden."""
        ...


ProfilesOf = Callable[[OwnerId, RunId | None], ProfileSource]
"""The profiles that an account may see; waits are shown on the run."""

Request = TypeVar("Request")
Request_contra = TypeVar("Request_contra", contravariant=True)


class MarketSource(Protocol[Request_contra]):
    """A source of listings or price floors; `answers` is the kind of request that it takes.

    That is `SellerRequest`, `ReleaseRequest` or `FileRequest`. Sources of files hold nothing that cannot be
    pickled: uploads are read in a process of their own.
    """

    answers: ClassVar[type[Any]]

    def covers(self, request: Request_contra) -> Coverage | None:
        """What it can tell, without reading more than the request holds; None if nothing."""
        ...

    def read(self, request: Request_contra) -> Iterator[MarketBatch]:
        """What it knows, in batches; an error of `errors` where it cannot be read.

        May be repeated from the beginning. The last batch of a seller's inventory has the `progress` with
        which a further request goes on; without one nothing is left to read. Its copies are of the moment at
        which they are read: older ones are taken for sold.
        """
        ...


MarketSources = tuple[MarketSource[Any], ...]
"""Sources in the order in which they are asked."""


def answering(sources: Iterable[MarketSource[Any]], kind: type[Request]) -> list[MarketSource[Request]]:
    """The sources that answer requests of a kind, in their order."""
    return [source for source in sources if source.answers is kind]


def first_covering(sources: Iterable[MarketSource[Any]], request: Request) -> MarketSource[Request] | None:
    """The first source that can tell something about a request."""
    able = answering(sources, type(request))
    return next((source for source in able if source.covers(request) is not None), None)
