"""Learning the pressings of what a person wants, where any pressing will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from discogs_assistant.model.ids import MasterId, ReleaseId
from discogs_assistant.model.release import Discography, Release
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.catalogue.dump_coverage import has_pressings, known_of
from discogs_assistant.pipelines.catalogue.partial_releases import release_of_entry
from discogs_assistant.pipelines.runtime.batched_requests import Asking, ask_for, save_requests
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.store.catalogue import discographies, releases
from discogs_assistant.store.catalogue.discographies import NOTHING_READ, PagesRead
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import progress, results

_STAGE = 5
_AGE = timedelta(days=30)
_FIRST, _FURTHER = "pressings", "further pages of pressings"
_LACKING = "Only pressings that were known before are used."
_GO_ON = "The next search reads more."
Known = Mapping[ReleaseId, Release]


def read_pressings(ctx: Context, flow: Flow, run: Run, interest: Sequence[ReleaseId]) -> None:
    """Ask for the pressings of `interest` within the allowance for discographies, and say what was cut."""
    done, allowance = 0, ctx.settings.discography_requests
    for name in (_FIRST, _FURTHER):
        choose = partial(_choose, ctx, run, interest, name, allowance - done)
        count: int = flow.step(f"choose whose {name} to look for", choose)
        asking = Asking(name, _STAGE, _LACKING, total=done + count, before=done)
        if ask_for(ctx, flow, run, asking, count, lambda page: _read_page(ctx, run, *page)):
            return
        if not count:
            break
        done += count
    flow.step("say of which pressings are missing", lambda: _say_cut(ctx, run, interest))


def _choose(ctx: Context, run: Run, interest: Sequence[ReleaseId], name: str, left: int) -> int:
    """The most valuable pages with unknown pressings, without those that were already read."""
    known = known_of(ctx, run.owner, interest)
    asked = [] if name == _FIRST else results.work(ctx.db, run.id, _FIRST) or []
    now = ctx.clock.now()
    open_pages = (
        [int(id), page]
        for id, page in _due_pages(ctx.db, interest, known, ctx.clock.now())
        if [int(id), page] not in asked and not _in_dump(ctx.catalogue, _master(known.get(id)), now)
    )
    return save_requests(ctx.db, run, name, list(islice(open_pages, max(0, left))))


def _due_pages(
    db: Database, interest: Sequence[ReleaseId], known: Known, now: datetime
) -> list[tuple[ReleaseId, int]]:
    """A release of each master and a page of its list.

    The nth page of the mth release has the rank n·m: the most valuable masters are read to their end, and the
    others do not wait for that.
    """
    first_ids = _one_of_each(interest, known)
    read = _read(db, first_ids, known)
    ranked = [
        (page * rank, rank, id, page)
        for rank, id in enumerate(first_ids, 1)
        for page in _due(known.get(id), read, now)
    ]
    return [(id, page) for _, _, id, page in sorted(ranked)]


def _one_of_each(interest: Sequence[ReleaseId], known: Known) -> list[ReleaseId]:
    """The first of each master, and all without a known one, in order."""
    first: dict[object, ReleaseId] = {}
    for id in interest:
        master = _master(known.get(id))
        first.setdefault(("none", id) if master is None else master, id)
    return list(first.values())


def _read(db: Database, ids: Sequence[ReleaseId], known: Known) -> Mapping[int, PagesRead]:
    """How far the list of pressings of each master was read."""
    masters = [master for id in ids if (master := _master(known.get(id))) is not None]
    return discographies.pages_read(db, "master", masters)


def _due(release: Release | None, read: Mapping[int, PagesRead], now: datetime) -> list[int]:
    """The pages to read; of a release without a known master the first, where a file alone named it."""
    if release is None or release.master_id is None:
        known = release is not None and bool(release.complete or release.genres or release.styles)
        return [] if known else [1]
    return read.get(release.master_id, NOTHING_READ).due(now - _AGE)


def _in_dump(catalogue: Catalogue, master: MasterId | None, now: datetime) -> bool:
    """True where the dump has all pressings."""
    return master is not None and has_pressings(catalogue, master, now)


def _say_cut(ctx: Context, run: Run, interest: Sequence[ReleaseId]) -> None:
    """The number of masters whose list was read only in part."""
    known, now = known_of(ctx, run.owner, interest), ctx.clock.now()
    begun = _read(ctx.db, _one_of_each(interest, known), known)
    cut = [
        id for id, pages in begun.items() if pages.unread and not _in_dump(ctx.catalogue, MasterId(id), now)
    ]
    if cut:
        whose = "one record" if len(cut) == 1 else f"{len(cut)} records"
        progress.add_partial(ctx.db, run.id, f"Only some pressings of {whose} are known. {_GO_ON}")


def _read_page(ctx: Context, run: Run, id: int, number: int) -> None:
    client = ctx.sources.discogs(run.owner, run.id)
    release = known_of(ctx, run.owner, [ReleaseId(id)]).get(ReleaseId(id))
    if _master(release) is None:
        release = client.release(ReleaseId(id))
        releases.save_releases(ctx.db, [release], ctx.clock.now())
    if release is None or release.master_id is None:
        return
    page = client.master_versions(release.master_id, number)
    now = ctx.clock.now()
    found = (_pressing(entry, release) for entry in page.items)
    releases.save_releases(ctx.db, [pressing for pressing in found if pressing is not None], now)
    pages = max(1, page.pages)
    discographies.save_page(ctx.db, "master", release.master_id, number, pages, page.items, now)


def _pressing(entry: Discography, of: Release) -> Release | None:
    """The release of a line of a master's versions, which names neither the master nor the artists."""
    release = release_of_entry(entry, "master", 0, "")
    return None if release is None else replace(release, master_id=of.master_id, artists=of.artists)


def _master(release: Release | None) -> MasterId | None:
    return release.master_id if release else None
