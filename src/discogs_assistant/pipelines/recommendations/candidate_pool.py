"""The pool of candidates: what others have, what discographies list, what is for sale."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.ids import OwnerId, ReleaseId
from discogs_assistant.model.release import Discography, Release, artists_as_printed
from discogs_assistant.model.search_words import name_key
from discogs_assistant.pipelines.catalogue.dump_coverage import best_known, enriched, some_pressings
from discogs_assistant.pipelines.catalogue.partial_releases import release_of_entry, release_of_listing
from discogs_assistant.pipelines.catalogue.releases import releases
from discogs_assistant.pipelines.recommendations.interests import ArtistOrLabel, Interests, interests_of
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.catalogue import discographies
from discogs_assistant.store.catalogue import releases as stored_releases
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listed_names, listings

_MOST_ARTISTS, _MOST_LABELS = 300, 100
_MOST_LINES = 30_000, 10_000  # of artists and labels, of most interest first
_LISTS_AT_ONCE = 50
_MOST_FROM_DUMP = 100, 40  # artists and labels, each with the best known of its works
_MOST_PRESSINGS = 3  # of a master, from the dump, so that one may suit the filters
_MOST_FOR_SALE = 3_000
_ASKED_AT_ONCE = 1_000
_MOST_NAMED = 60_000  # releases for sale that name somebody, those of the dearest names first
_NAMES_AT_ONCE = 200
Work = tuple[str, str]
"""Artists and title."""

_NUMBER = re.compile(r" \(\d{1,5}\)")


def candidate_pool(
    ctx: Context, owner: OwnerId, taste: Taste, others: dict[ReleaseId, Release]
) -> list[Release]:
    """All candidates by id, each as fully as it is known, with the known pressings of the same masters."""
    named = named_candidates(ctx, owner, interests_of(taste))
    pool = _with_pressings(ctx, others | {release.id: release for release in named}, owner)
    return _without_twins([pool[id] for id in sorted(pool)], (*taste.owned, *taste.wanted, *taste.hidden))


def related_releases(ctx: Context, known: dict[ReleaseId, Release]) -> list[Release]:
    """What a model of many learns of beside their records `known`, by id; the same for every user.

    The discographies of the artists and labels that these people have most of, and the pressings of all
    that. Releases that only an uploaded file names, or that only somebody else has, are not among them.
    """
    interests = interests_of(Taste(owned=tuple(known[id] for id in sorted(known))))
    found = {release.id: release for release in _in_discographies(ctx, interests)}
    stored = {id: release for id, (release, _) in stored_releases.releases_with_age(ctx.db, found).items()}
    whole = _with_pressings(ctx, known | enriched(ctx.catalogue, found | stored), None)
    return [whole[id] for id in sorted(whole)]


def named_candidates(ctx: Context, owner: OwnerId, interests: Interests) -> list[Release]:
    """What the discographies of a taste list, and the nearest of what is for sale, by id."""
    named = {release.id: release for release in _for_sale(ctx, owner, interests)}
    named |= {release.id: release for release in _in_discographies(ctx, interests)}
    known = enriched(ctx.catalogue, named | stored_releases.releases(ctx.db, named, owner))
    return [known[id] for id in sorted(known)]


def _with_pressings(
    ctx: Context, pool: dict[ReleaseId, Release], owner: OwnerId | None
) -> dict[ReleaseId, Release]:
    """And the known pressings of the same masters; `owner` as in `catalogue_known.releases`."""
    masters = {release.master_id for release in pool.values() if release.master_id is not None}
    beside = {id for ids in stored_releases.pressings(ctx.db, masters).values() for id in ids}
    beside |= some_pressings(ctx.catalogue, masters, _MOST_PRESSINGS)
    known = releases(ctx.db, ctx.catalogue, beside - pool.keys(), owner)
    return pool | {id: record.release for id, record in known.items()}


def _in_discographies(ctx: Context, interests: Interests) -> Iterable[Release]:
    of_artists = _lists(ctx.db, interests.top("artist")[:_MOST_ARTISTS], _MOST_LINES[0])
    of_labels = _lists(ctx.db, interests.top("label")[:_MOST_LABELS], _MOST_LINES[1])
    # Labels last, and so first to be overwritten: an artist's line names the master.
    for lines in reversed([*of_artists, *of_labels]):
        yield from lines
    for interest in (
        interests.top("label")[: _MOST_FROM_DUMP[1]] + interests.top("artist")[: _MOST_FROM_DUMP[0]]
    ):
        assert interest.id is not None, "only interests with an id are looked up"
        yield from best_known(ctx.catalogue, interest.kind, interest.id)


def _lists(db: Database, top: Sequence[ArtistOrLabel], most: int) -> Iterable[list[Release]]:
    """The discography of each, up to a limit of lines."""
    for at in range(0, len(top), _LISTS_AT_ONCE):
        some = top[at : at + _LISTS_AT_ONCE]
        ids = [interest.id for interest in some if interest.id is not None]
        known = discographies.entries(db, top[0].kind, ids)
        for interest in some:
            if most <= 0:
                return
            lines = _lines(known, interest)
            most -= len(lines)
            yield lines


def _lines(known: Mapping[int, list[Discography]], interest: ArtistOrLabel) -> list[Release]:
    assert interest.id is not None, "only interests with an id are looked up"
    found = (
        release_of_entry(entry, interest.kind, interest.id, interest.name)
        for entry in known.get(interest.id, ())
    )
    return [release for release in found if release is not None]


def _for_sale(ctx: Context, owner: OwnerId, interests: Interests) -> list[Release]:
    """The nearest releases for sale that share an artist or a label with the taste, the nearest first.

    They are found by the names on their copies, so that it does not matter how many others are for sale.
    """
    found: list[Release] = []
    nearest = _nearest(ctx, owner, interests)
    for at in range(0, len(nearest), _ASKED_AT_ONCE):
        some = [ReleaseId(id) for id in nearest[at : at + _ASKED_AT_ONCE].tolist()]
        copies = listings.copy_of_each(ctx.db, owner, some, since=ctx.fresh_since())
        offered = {copy.release_id: release_of_listing(copy) for copy in copies}
        found += [offered[id] for id in some if id in offered]
        if len(found) >= _MOST_FOR_SALE:
            break
    return found[:_MOST_FOR_SALE]


def _nearest(ctx: Context, owner: OwnerId, interests: Interests) -> Ints:
    """Releases whose copies name an artist or a label of the taste, by falling nearness, then by id."""
    weights = interests.by_number()
    names = sorted(weights, key=lambda name: (-weights[name], name))
    left, parts = _MOST_NAMED, []
    for at in range(0, len(names), _NAMES_AT_ONCE):
        if left <= 0:
            break
        parts.append(listed_names.releases_named(ctx.db, owner, names[at : at + _NAMES_AT_ONCE], left))
        left -= len(parts[-1][0])
    if not parts:
        return np.zeros(0, dtype=np.int64)
    name, release = (np.concatenate(column) for column in zip(*parts, strict=True))
    # A name that a person's upload and the API gave counts once.
    pairs = np.unique(np.column_stack([name, release]), axis=0)
    ids, place = np.unique(pairs[:, 1], return_inverse=True)
    near = np.bincount(place, [weights[number] for number in pairs[:, 0].tolist()], len(ids))
    return np.asarray(ids[np.lexsort((ids, -near))])


def _without_twins(pool: Sequence[Release], known: Iterable[Release]) -> list[Release]:
    """Drop what most likely is another pressing: of equal artists and title where one side names no master.

    `known` is what the person owns, wants or hides; of its own items none is dropped.
    """
    taken: dict[Work, ReleaseId] = {}
    masterless: dict[Work, ReleaseId] = {}
    for release in known:
        for work in _works(release):
            taken.setdefault(work, release.id)
            if release.master_id is None:
                masterless.setdefault(work, release.id)
    works = {release.id: _works(release) for release in pool}
    for release in sorted(
        pool, key=lambda release: (release.master_id is None, not release.complete, release.id)
    ):
        for work in works[release.id]:
            taken.setdefault(work, release.id)

    def is_twin(release: Release) -> bool:
        of = taken if release.master_id is None else masterless
        return any(of.get(work, release.id) != release.id for work in works[release.id])

    return [release for release in pool if not is_twin(release)]


def _works(release: Release) -> set[Work]:
    """Artists as printed and as Discogs calls them, without the numbers of namesakes, and the title."""
    printed = {release.artist_text}
    if any(artist.anv for artist in release.artists):
        printed.add(artists_as_printed(tuple(replace(artist, anv=None) for artist in release.artists)))
    return {(name_key(_NUMBER.sub("", names)), name_key(release.title)) for names in printed - {""}}
