"""Learning the pressings of what a person wants, where any pressing will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from discogs_assistant.model.ids import MasterId, ReleaseId
from discogs_assistant.model.release import Discography, Release
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.asking import Asking, ask_for, lay_out
from discogs_assistant.pipelines.catalogue_join import known_of, tells_pressings
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.flow import Flow
from discogs_assistant.pipelines.named_releases import release_of_entry
from discogs_assistant.store import catalogue

_STAGE = 5
_AGE = timedelta(days=30)
_WORK = "pressings"


def read_pressings(ctx: Context, flow: Flow, run: Run, interest: Sequence[ReleaseId]) -> None:
    """Ask for the pressings of the first of `interest`, as far as the allowance for discographies goes."""
    count: int = flow.step("choose whose pressings to look for", lambda: _choose(ctx, run, interest))
    asking = Asking(_WORK, _STAGE, "Other pressings are those that were known before.", count)
    ask_for(ctx, flow, run, asking, count, lambda id: _read_pressings_of(ctx, run, ReleaseId(id)))


def _choose(ctx: Context, run: Run, interest: Sequence[ReleaseId]) -> int:
    """The first of which more pressings may be learned, one of each master."""
    known = known_of(ctx, run.owner, interest)
    seen: set[MasterId] = set()
    chosen: list[int] = []
    for id in interest:
        if len(chosen) >= ctx.settings.discography_requests:
            break
        master = _master(known.get(id))
        if master not in seen and _may_tell_more(ctx, known.get(id)):
            chosen.append(int(id))
        if master is not None:
            seen.add(master)
    return lay_out(ctx, run, _WORK, chosen)


def _may_tell_more(ctx: Context, release: Release | None) -> bool:
    """True where the master's pressings were not read yet, or where a file alone named the release."""
    if release is None or release.master_id is None:
        return release is None or not (release.complete or release.genres or release.styles)
    now = ctx.clock.now()
    if tells_pressings(ctx.catalogue, release.master_id, now):
        return False
    return catalogue.discography(ctx.db, "master", release.master_id, now - _AGE) is None


def _read_pressings_of(ctx: Context, run: Run, id: ReleaseId) -> None:
    client = ctx.discogs(run.owner, run.id)
    release = known_of(ctx, run.owner, [id]).get(id)
    if _master(release) is None:
        release = client.release(id)
        catalogue.save_releases(ctx.db, [release], ctx.clock.now())
    if release is None or release.master_id is None:
        return
    entries = client.master_versions(release.master_id).items
    now = ctx.clock.now()
    found = (_pressing(entry, release) for entry in entries)
    catalogue.save_releases(ctx.db, [one for one in found if one is not None], now)
    catalogue.save_discography(ctx.db, "master", release.master_id, entries, now)


def _pressing(entry: Discography, of: Release) -> Release | None:
    """A line of a master's versions: it names neither the master nor the artists."""
    release = release_of_entry(entry, "master", 0, "")
    return None if release is None else replace(release, master_id=of.master_id, artists=of.artists)


def _master(release: Release | None) -> MasterId | None:
    return release.master_id if release else None
