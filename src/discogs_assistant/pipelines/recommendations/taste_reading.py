"""Reads from the store whose taste it is and whose collections may help: everything a score is based on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from discogs_assistant.engine.recommendations.scoring import ENOUGH_COLLECTORS
from discogs_assistant.engine.recommendations.taste import OWNED, WANTED, WEIGHTS, Taste
from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.accounts.model_folders import digest_of
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.catalogue import releases as stored_releases
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import items
from discogs_assistant.store.recommendations import feedback

_MOST_COLLECTORS = 2_000


@dataclass(frozen=True)
class Others:
    """Collectors who agreed: the weights of their items (Release.item_key), and all their releases by id.

    Empty where too few others agreed for any to be used. `names` distinguish them, as
    digests, and `count` is how many of them are others than the person.
    """

    items: tuple[dict[int, float], ...]
    releases: dict[ReleaseId, Release]
    names: tuple[str, ...] = ()
    count: int = 0


def read_taste(db: Database, owner: OwnerId, user: UserName) -> Taste:
    """What the user owns, wants, loves and hides; a bought record is owned, and no longer wanted."""
    own_feedback = feedback.feedback(db, owner, user)
    known = stored_releases.releases(
        db, own_feedback.loved | own_feedback.hidden | own_feedback.bought, owner
    )
    wants = (want.release for want in items.wantlist(db, owner, user))
    copies = items.collection(db, owner, user)
    return Taste(
        owned=(*(copy.release for copy in copies), *_of(known, own_feedback.bought)),
        wanted=tuple(release for release in wants if release.id not in own_feedback.bought),
        loved=_of(known, own_feedback.loved),
        hidden=_of(known, own_feedback.hidden),
        stars={copy.release.item_key: copy.rating for copy in reversed(copies) if copy.rating},
    )


def read_others(db: Database, owner: OwnerId, user: UserName) -> Others:
    """The profiles of those who agreed, with records that Discogs knows and not only a file."""
    agreed, count = _agreed(db, owner, user)
    if not agreed:
        return Others((), {})
    had = [items.owned_and_wanted(db, *pair) for pair in agreed]
    # A record that many have is read once.
    ids = frozenset[ReleaseId]().union(*(some for pair in had for some in pair))
    releases = {id: stored[0] for id, stored in stored_releases.releases_with_age(db, ids).items()}
    return Others(tuple(_weights(*pair, releases) for pair in had), releases, _names(agreed), count)


def who_agreed(db: Database, owner: OwnerId, user: UserName) -> Others:
    """As `read_others` without anybody's records: enough to know whose model serves the person."""
    agreed, count = _agreed(db, owner, user)
    return Others((), {}, _names(agreed), count)


def _agreed(db: Database, owner: OwnerId, user: UserName) -> tuple[list[tuple[OwnerId, UserName]], int]:
    """The profiles that are used, and how many agreed besides the person; none where those are too few."""
    agreed = accounts.own_profiles(db, consenting=True)
    others = len(agreed) - ((owner, user) in agreed)
    return (agreed[:_MOST_COLLECTORS], others) if others >= ENOUGH_COLLECTORS else ([], 0)


def _names(agreed: Iterable[tuple[OwnerId, UserName]]) -> tuple[str, ...]:
    return tuple(digest_of(*pair) for pair in agreed)


def _weights(
    owned: Iterable[ReleaseId], wanted: Iterable[ReleaseId], known: Mapping[ReleaseId, Release]
) -> dict[int, float]:
    """The weight of each item; owning it counts where it is wanted too."""
    roles = ((WANTED, wanted), (OWNED, owned))
    return {known[id].item_key: WEIGHTS[role] for role, ids in roles for id in ids if id in known}


def _of(known: dict[ReleaseId, Release], ids: Iterable[ReleaseId]) -> tuple[Release, ...]:
    """The releases, also those that only an uploaded file named, so that hidden records stay hidden."""
    return tuple(known.get(id) or Release(id, f"Release {id}") for id in sorted(ids))
