"""Finding candidates through Discogs' API: discographies, and the pages of the nearest records in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from discogs_assistant.engine.features import name_key
from discogs_assistant.engine.filters import from_right_years
from discogs_assistant.engine.taste import Taste
from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import ArtistId, LabelId, ReleaseId, UserName
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.model.release import Discography, Release
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.asking import Asking, ask_for, lay_out
from discogs_assistant.pipelines.candidate_pool import named_candidates
from discogs_assistant.pipelines.catalogue_join import fuller_taste, tells_discography
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.flow import Flow
from discogs_assistant.pipelines.interests import Interest, Interests, interests_of
from discogs_assistant.pipelines.named_releases import release_of_entry
from discogs_assistant.pipelines.taste_reading import read_taste
from discogs_assistant.store import catalogue, run_progress

STAGE = 4
AGE = timedelta(days=30)
"""Discographies are CC0 and grow slowly: a new record may be recommended a month late."""

# Shares of the allowance: owned records that only a file named, artists, labels; the rest is for the pages of
# the nearest records found. In the sandbox, for lone users, 40 requests as 16 + 8 + 16 found as many hidden
# records as any other split (0.60 to 0.62 in the top 50), and details are what filters need.
_OWN_SHARE, _ARTIST_SHARE, _LABEL_SHARE = 0.25, 0.4, 0.2
_OWN, _DISCOGRAPHIES, _RECORDS = "records of one's own", "discographies", "records"
_LACKING = "Candidates are those that were known before."


def find_candidates(ctx: Context, flow: Flow, run: Run, filters: RecommendationFilters) -> None:
    """Bring what is missing into the catalogue, within the allowance; the pool is then read from there.

    Where Discogs cannot be asked, what is known already has to do, which is said.
    """
    allowance = ctx.settings.discography_requests
    left = allowance
    plan: tuple[tuple[str, Callable[[int], int], Callable[[Any], None]], ...] = (
        (_OWN, lambda left: _choose_own(ctx, run, left), lambda id: _read_release(ctx, run, id)),
        (
            _DISCOGRAPHIES,
            lambda left: _choose_discographies(ctx, run, filters, left),
            lambda source: _read_discography(ctx, run, source),
        ),
        (
            _RECORDS,
            lambda left: _choose_records(ctx, run, filters, left),
            lambda id: _read_release(ctx, run, id),
        ),
    )
    for name, choose, read in plan:
        count: int = flow.step(f"choose {name}", partial(choose, left))
        asking = Asking(name, STAGE, _LACKING, allowance, before=allowance - left)
        if ask_for(ctx, flow, run, asking, count, read):
            return
        left -= count


def _choose_own(ctx: Context, run: Run, allowance: int) -> int:
    """Records of the dearest artists that only an exported file named: their pages tell ids and styles."""
    run_progress.advance(ctx.db, run.id, ctx.clock.now(), stage=STAGE, total=allowance)
    taste = _taste(ctx, run)
    interests = interests_of(taste)
    bare = [release for _, release in taste.releases.values() if not (release.genres or release.styles)]
    ordered = sorted(bare, key=lambda release: (-interests.nearness(release), release.id))
    chosen = _one_an_artist(ordered)[: int(allowance * _OWN_SHARE)]
    return lay_out(ctx, run, _OWN, [int(release.id) for release in chosen])


def _one_an_artist(releases: Iterable[Release]) -> list[Release]:
    """The first of each artist credit, in order."""
    first: dict[tuple[str, ...], Release] = {}
    for release in releases:
        first.setdefault(tuple(artist.name for artist in release.artists), release)
    return list(first.values())


def _choose_discographies(ctx: Context, run: Run, filters: RecommendationFilters, left: int) -> int:
    """The dearest artists and labels whose discography is not known yet; those that filters forbid never."""
    interests = interests_of(_taste(ctx, run))
    artists = [] if filters.new_artists and not filters.new_labels else interests.top("artist")
    labels = [] if filters.new_labels and not filters.new_artists else interests.top("label")
    of_artists, of_labels = int(left * _ARTIST_SHARE), int(left * _LABEL_SHARE)
    if not artists:
        of_labels += of_artists
    chosen = _unread(ctx, artists, of_artists) + _unread(ctx, labels, of_labels)
    return lay_out(ctx, run, _DISCOGRAPHIES, [[one.kind, one.id, one.name] for one in chosen])


def _unread(ctx: Context, interests: Sequence[Interest], most: int) -> list[Interest]:
    now = ctx.clock.now()
    unread: list[Interest] = []
    for one in interests:
        if len(unread) >= most:
            break
        if one.id is None or tells_discography(ctx.catalogue, one.kind, one.id, now):
            continue
        if catalogue.discography(ctx.db, one.kind, one.id, now - AGE) is None:
            unread.append(one)
    return unread


def _taste(ctx: Context, run: Run) -> Taste:
    return fuller_taste(ctx.catalogue, read_taste(ctx.db, run.owner, UserName(run.user)))


def _choose_records(ctx: Context, run: Run, filters: RecommendationFilters, left: int) -> int:
    """The nearest candidates of which neither genres nor styles are known."""
    taste = _taste(ctx, run)
    interests = interests_of(taste)
    named = named_candidates(ctx, run.owner, interests)
    bare = [one for one in named if _wanting(one, taste, interests, filters)]
    ordered = sorted(bare, key=lambda release: (-interests.nearness(release), release.id))
    return lay_out(ctx, run, _RECORDS, [int(release.id) for release in ordered[: max(0, left)]])


def _wanting(release: Release, taste: Taste, interests: Interests, filters: RecommendationFilters) -> bool:
    """True for what may be recommended and whose page would tell something new."""
    if release.genres or release.styles or taste.owns(release) or taste.hides(release):
        return False
    known_artist = any(name_key(artist.name) in interests.artists for artist in release.artists)
    known_label = any(name_key(label.name) in interests.labels for label in release.labels)
    if (filters.new_artists and known_artist) or (filters.new_labels and known_label):
        return False
    return release.year is None or from_right_years(release.year, filters)


def _read_release(ctx: Context, run: Run, id: int) -> None:
    release = ctx.discogs(run.owner, run.id).release(ReleaseId(id))
    catalogue.save_releases(ctx.db, [release], ctx.clock.now())


def _read_discography(ctx: Context, run: Run, source: list[Any]) -> None:
    kind, id, name = source
    client = ctx.discogs(run.owner, run.id)
    try:
        page = (
            client.artist_releases(ArtistId(id)) if kind == "artist" else client.label_releases(LabelId(id))
        )
        entries: tuple[Discography, ...] = page.items
    except NotFoundError:
        entries = ()
    now = ctx.clock.now()
    found = [release_of_entry(entry, kind, id, name) for entry in entries]
    catalogue.save_releases(ctx.db, [release for release in found if release is not None], now)
    catalogue.save_discography(ctx.db, kind, id, entries, now)
