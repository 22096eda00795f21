"""What is known of records from both sources: a dump, and what the API has answered since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from discogs_assistant.model.ids import MasterId, OwnerId, ReleaseId
from discogs_assistant.model.release import Master, Release
from discogs_assistant.store.catalogue import releases as stored_releases
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.catalogue.dumps.conversion import master_of, release_of
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.catalogue.dumps.serving import Serving
from discogs_assistant.store.catalogue.release_search import find_known
from discogs_assistant.store.database import Database

Source = Literal["dump", "api"]


@dataclass(frozen=True, slots=True)
class Known:
    """A release, where it was read, and since when that is known."""

    release: Release
    source: Source
    as_of: datetime


@dataclass(frozen=True, slots=True)
class KnownMaster:
    """A work with all its known pressings, where it was read, and since when that is known."""

    master: Master
    pressings: tuple[ReleaseId, ...]
    source: Source
    as_of: datetime


def releases(
    db: Database, files: Catalogue, ids: Iterable[ReleaseId], owner: OwnerId | None = None
) -> dict[ReleaseId, Known]:
    """The known ones among `ids`: from the dump, unless the API has answered in full since then.

    Rows of a collection or of listings hold less than a dump, so they count only where the dump has nothing.
    A release that only an uploaded file names is there for the person who uploaded it, `owner`, alone.
    """
    wanted = sorted(set(ids))
    serving = files.serving()
    found = {}
    if serving:
        as_of = date_of(serving, "releases")
        for document in files.releases(wanted):
            found[ReleaseId(document["release_id"])] = Known(release_of(document), "dump", as_of)
    for id, (release, known_at) in stored_releases.releases_with_age(db, wanted, owner).items():
        if id not in found or (release.complete and known_at > found[id].as_of):
            found[id] = Known(release, "api", known_at)
    return found


def search(
    db: Database,
    files: Catalogue,
    question: Question,
    limit: int,
    offset: int = 0,
    owner: OwnerId | None = None,
) -> list[Known]:
    """At most `limit` releases that answer after the first `offset`, the best first.

    Those of the dump, then others that the API named; `owner` as in `releases`.
    """
    last = offset + limit
    found = dict.fromkeys(map(ReleaseId, files.find(question, last)))
    if len(found) < last:
        found |= dict.fromkeys(find_known(db, question, last, owner))
    page = list(found)[offset:last]
    known = releases(db, files, page, owner)
    return [known[id] for id in page if id in known]


def pressings(db: Database, files: Catalogue, master: MasterId) -> list[ReleaseId]:
    """The releases of a master that either source knows, ascending."""
    return all_pressings(db, files, [master]).get(master, [])


def all_pressings(
    db: Database, files: Catalogue, masters: Iterable[MasterId]
) -> dict[MasterId, list[ReleaseId]]:
    """As `pressings`, of several masters; those without a known one are left out."""
    wanted = sorted(set(masters))
    from_api = stored_releases.pressings(db, wanted)
    from_dump = files.pressings_of(wanted)
    both = {
        master: sorted({*map(ReleaseId, from_dump.get(master, ())), *from_api.get(master, ())})
        for master in wanted
    }
    return {master: found for master, found in both.items() if found}


def master(db: Database, files: Catalogue, id: MasterId) -> KnownMaster | None:
    """A work: from the dump, else made of its known pressings; None if there are none.

    If the dump names no main release, the pressing that says it is the main one.
    """
    found = tuple(pressings(db, files, id))
    documents = files.records("masters", [id])
    serving = files.serving()
    if documents and serving:
        work = master_of(documents[0])
        main = work.main_release or _main(files, found)
        return KnownMaster(replace(work, main_release=main), found, "dump", date_of(serving, "masters"))
    known = list(releases(db, files, found).values())
    if not known:
        return None
    main = _main(files, found)
    first = min(
        known,
        key=lambda release: (release.release.id != main, not release.release.complete, release.release.id),
    )
    return KnownMaster(_made_of(id, first.release, main, known), found, first.source, first.as_of)


def date_of(serving: Serving, kind: str) -> datetime:
    """The first day of the month of a kind's dump; else when it was imported."""
    held = serving.kinds.get(kind)
    if held is None or held.month is None:
        return datetime.fromisoformat(serving.imported_at)
    year, month = map(int, held.month.split("-"))
    return datetime(year, month, 1, tzinfo=UTC)


def _main(files: Catalogue, found: Sequence[ReleaseId]) -> ReleaseId | None:
    documents = files.releases(found)
    return next((ReleaseId(document["release_id"]) for document in documents if document["main"]), None)


def _made_of(id: MasterId, first: Release, main: ReleaseId | None, known: Sequence[Known]) -> Master:
    years = [pressing.release.year for pressing in known if pressing.release.year]
    return Master(
        id=id,
        title=first.title,
        main_release=main,
        year=min(years, default=None),
        artists=first.artists,
        genres=first.genres,
        styles=first.styles,
    )
