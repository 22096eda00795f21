"""What the rooms need of each other, as protocols; bootstrap hands in the real things, tests their fakes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any, ClassVar, Protocol, TypeVar

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.market import Coverage, MarketBatch

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
