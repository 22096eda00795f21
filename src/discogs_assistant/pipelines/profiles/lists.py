"""The two lists of a profile, collection and wantlist, read and staged in the same way."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from discogs_assistant.model.ids import UserName, printable
from discogs_assistant.model.ports import Page
from discogs_assistant.model.profile import CollectionItem, Want
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.sources.discogs.paging import PageRequest
from discogs_assistant.store.profiles import staging
from discogs_assistant.store.profiles.profiles import Counted, ProfileOrigin, ProfileState

COLLECTION = "collection"
WANTLIST = "wantlist"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredList:
    """What an earlier sync stored: number of items, the newest's time, Discogs' count, and their origin."""

    count: int
    newest: datetime | None
    counted: Counted | None
    origin: ProfileOrigin | None

    def missing(self, total: int, limit: int) -> int:
        """How many more items Discogs counts than then, or than are stored if that was not recorded."""
        return total - self.counted.total if self.counted else min(total, limit) - self.count

    def reaches(self, limit: int) -> bool:
        """False if this limit would read more or less of the list than was read then."""
        counted = self.counted
        return counted is None or min(counted.total, counted.limit) == min(counted.total, limit)


class ProfileList(Protocol, Generic[T]):
    """A list of a user at Discogs, with its place in our staging."""

    @property
    def name(self) -> str:
        """`collection` or `wantlist`."""
        ...

    @property
    def stage(self) -> int:
        """The stage of the run in which it is read."""
        ...

    @property
    def words(self) -> str:
        """The list in a sentence."""
        ...

    def page(self, request: PageRequest) -> Page[T]:
        """One answer of Discogs."""
        ...

    def stage_items(self, items: Sequence[T]) -> None:
        """Put items into the run's staging; may be done twice."""
        ...

    def staged_count(self) -> int:
        """How many different items are in the run's staging."""
        ...

    def stored(self, state: ProfileState) -> StoredList:
        """What an earlier sync left."""
        ...

    def added(self, item: T) -> datetime | None:
        """When an item came into the list."""
        ...

    def identity(self, item: T) -> Hashable:
        """What identifies the item in the list."""
        ...

    def release(self, item: T) -> Release:
        """The item's release as the list shows it."""
        ...


@dataclass(frozen=True)
class CollectionList:
    """The collection; folder and note field names are known to its owner's token only."""

    ctx: Context
    run: Run
    folders: Mapping[int, str] = field(default_factory=dict)
    note_fields: Mapping[int, str] | None = None
    name: str = COLLECTION
    stage: int = 2

    @property
    def words(self) -> str:
        """The list in a sentence."""
        return f"the collection of “{printable(self.run.user)}”"

    def page(self, request: PageRequest) -> Page[CollectionItem]:
        """One answer of Discogs."""
        return self.ctx.sources.profiles(self.run.owner, self.run.id).collection_page(
            UserName(self.run.user),
            request.page,
            order=request.order,
            folders=self.folders,
            note_fields=self.note_fields,
        )

    def stage_items(self, items: Sequence[CollectionItem]) -> None:
        """Put copies into the run's staging; may be done twice."""
        staging.stage_items(self.ctx.db, self.run.owner, self.run.id, items, self.ctx.clock.now())

    def staged_count(self) -> int:
        """How many copies are in the run's staging."""
        return staging.staged_counts(self.ctx.db, self.run.owner, self.run.id)[0]

    def stored(self, state: ProfileState) -> StoredList:
        """The copies that an earlier sync left."""
        return StoredList(
            state.collection, state.newest_collection, state.counted_collection, state.collection_origin
        )

    def added(self, item: CollectionItem) -> datetime | None:
        """When the copy came into the collection."""
        return item.added

    def identity(self, item: CollectionItem) -> Hashable:
        """The copy's own id: a release may be owned several times."""
        return item.instance_id

    def release(self, item: CollectionItem) -> Release:
        """The release of which this is a copy."""
        return item.release


@dataclass(frozen=True)
class WantList:
    """The wantlist."""

    ctx: Context
    run: Run
    name: str = WANTLIST
    stage: int = 3

    @property
    def words(self) -> str:
        """The list in a sentence."""
        return f"the wantlist of “{printable(self.run.user)}”"

    def page(self, request: PageRequest) -> Page[Want]:
        """One answer of Discogs."""
        profiles = self.ctx.sources.profiles(self.run.owner, self.run.id)
        return profiles.wants_page(UserName(self.run.user), request.page, order=request.order)

    def stage_items(self, items: Sequence[Want]) -> None:
        """Put wants into the run's staging; may be done twice."""
        staging.stage_wants(self.ctx.db, self.run.owner, self.run.id, items, self.ctx.clock.now())

    def staged_count(self) -> int:
        """How many wants are in the run's staging."""
        return staging.staged_counts(self.ctx.db, self.run.owner, self.run.id)[1]

    def stored(self, state: ProfileState) -> StoredList:
        """The wants that an earlier sync left."""
        return StoredList(state.wantlist, state.newest_want, state.counted_wantlist, state.wantlist_origin)

    def added(self, item: Want) -> datetime | None:
        """When the release was wanted first."""
        return item.added

    def identity(self, item: Want) -> Hashable:
        """The wanted release."""
        return item.release_id

    def release(self, item: Want) -> Release:
        """The wanted release as the list shows it."""
        return item.release
