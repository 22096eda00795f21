"""What a dump saves API requests for: discographies, pressings, and everything about a release."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.ids import MasterId, OwnerId, ReleaseId
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.catalogue.releases import date_of
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.catalogue.discographies import DiscographyKind
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.catalogue.dumps.conversion import release_of

_AGE = timedelta(days=92)
"""An older dump saves no requests: what came out since would never be found."""

_MOST_WORKS = 60  # of an artist or a label, the best known


def enriched(files: Catalogue, known: Mapping[ReleaseId, Release]) -> dict[ReleaseId, Release]:
    """`known`, with what the dump has more of a release, above all its master."""
    bare = [id for id, release in known.items() if not release.complete]
    dumped = in_dump(files, bare)
    return {
        id: replace(dumped[id], grams=release.grams) if id in dumped else release
        for id, release in known.items()
    }


def enriched_taste(files: Catalogue, taste: Taste) -> Taste:
    """The same records, with all that the dump has of each."""
    roles = (taste.owned, taste.wanted, taste.loved, taste.hidden)
    known = enriched(files, {release.id: release for role in roles for release in role})
    owned, wanted, loved, hidden = (tuple(known[release.id] for release in role) for role in roles)
    item = {release.item_key: known[release.id].item_key for role in roles for release in role}
    stars = {item[rated]: count for rated, count in taste.stars.items() if rated in item}
    return Taste(owned, wanted, loved, hidden, stars)


def known_of(ctx: Context, owner: OwnerId, ids: Collection[ReleaseId]) -> dict[ReleaseId, Release]:
    """What the database, with the owner's files, or the more complete dump knows about `ids`."""
    return in_dump(ctx.catalogue, ids) | enriched(ctx.catalogue, releases.releases(ctx.db, ids, owner))


def in_dump(files: Catalogue, ids: Collection[ReleaseId]) -> dict[ReleaseId, Release]:
    """The releases among `ids` that the dump has."""
    return {ReleaseId(release["release_id"]): release_of(release) for release in files.releases(sorted(ids))}


def best_known(files: Catalogue, kind: DiscographyKind, id: int) -> list[Release]:
    """One pressing of each of the best known works of an artist or a label; none where the dump has none."""
    return list(in_dump(files, [ReleaseId(work) for work in files.works(kind, id, _MOST_WORKS)]).values())


def has_discography(files: Catalogue, kind: DiscographyKind, id: int, now: datetime) -> bool:
    """True where a recent enough dump has releases of this artist or label."""
    return _is_young(files, now) and bool(files.works(kind, id, 1))


def has_pressings(files: Catalogue, master: MasterId, now: datetime) -> bool:
    """True where a recent enough dump has the pressings of this master."""
    return _is_young(files, now) and bool(files.pressings(master))


def some_pressings(files: Catalogue, masters: Iterable[MasterId], most: int) -> set[ReleaseId]:
    """The first pressings of each master in the dump, up to a limit for each."""
    found = files.pressings_of(sorted(set(masters)))
    return {ReleaseId(id) for ids in found.values() for id in ids[:most]}


def _is_young(files: Catalogue, now: datetime) -> bool:
    serving = files.serving()
    return serving is not None and now - date_of(serving, "releases") <= _AGE
