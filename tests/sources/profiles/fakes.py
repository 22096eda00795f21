"""A profile source that holds its collectors' lists in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from discogs_assistant.errors import NotFoundError, SignInNeededError
from discogs_assistant.model.ids import UserName
from discogs_assistant.model.ports import Page
from discogs_assistant.model.profile import CollectionItem, DiscogsUser, Folder, Identity, Want
from discogs_assistant.sources.discogs.paging import DESCENDING

PER_PAGE = 100
T = TypeVar("T")


@dataclass(frozen=True)
class Shelf:
    """One collector with a collection and a wantlist, both in the order in which they grew."""

    name: str
    collection: Sequence[CollectionItem] = ()
    wants: Sequence[Want] = ()
    signed_in: bool = False

    def identity(self) -> Identity:
        """Nobody's account."""
        raise SignInNeededError("Nobody is signed in.", "Sign in.")

    def user(self, name: UserName) -> DiscogsUser:
        """The one collector."""
        self._check(name)
        return DiscogsUser(UserName(self.name), 1, len(self.collection), len(self.wants))

    def folders(self, name: UserName) -> tuple[Folder, ...]:
        """One folder."""
        self._check(name)
        return (Folder(0, "All", len(self.collection)),)

    def note_fields(self, name: UserName) -> dict[int, str]:
        """None."""
        self._check(name)
        return {}

    def collection_page(
        self,
        name: UserName,
        page: int,
        *,
        order: str,
        folders: Mapping[int, str] | None = None,
        note_fields: Mapping[int, str] | None = None,
    ) -> Page[CollectionItem]:
        """100 copies."""
        self._check(name)
        return _page(self.collection, page, order)

    def wants_page(self, name: UserName, page: int, *, order: str) -> Page[Want]:
        """100 wants."""
        self._check(name)
        return _page(self.wants, page, order)

    def _check(self, name: UserName) -> None:
        if name.casefold() != self.name.casefold():
            raise NotFoundError(f"There is no collector “{name}”.")


def _page(items: Sequence[T], number: int, order: str) -> Page[T]:
    ordered = list(reversed(items)) if order == DESCENDING else list(items)
    shown = tuple(ordered[(number - 1) * PER_PAGE : number * PER_PAGE])
    pages = max(-(-len(items) // PER_PAGE), 1)
    if number > pages:
        return Page((), number, number - 1, per_page=0, total=(number - 1) * PER_PAGE)
    return Page(shown, number, pages, PER_PAGE, len(items))
