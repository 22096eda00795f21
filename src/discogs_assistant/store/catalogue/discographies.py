"""What artists and labels have released, and masters' pressings, by the pages of Discogs' lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, literal, select, union_all, update

from discogs_assistant.model.release import Discography
from discogs_assistant.store.catalogue.release_documents import entries_document, entries_from
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import discography as first
from discogs_assistant.store.schema import discography_page as further
from discogs_assistant.store.statements import among, upsert

DiscographyKind = Literal["artist", "label", "master"]


@dataclass(frozen=True, slots=True)
class PagesRead:
    """When each page of a list was read, by number, and how many pages the list had at the last reading."""

    read: Mapping[int, datetime]
    pages: int

    @property
    def unread(self) -> int:
        """How many pages were never read."""
        return self.pages - len(self.read)

    def due(self, since: datetime) -> list[int]:
        """The pages that were not read since then, first to last."""
        return [page for page in range(1, self.pages + 1) if page not in self.read or self.read[page] < since]


NOTHING_READ = PagesRead({}, 1)


def save_page(
    db: Database,
    kind: DiscographyKind,
    id: int,
    page: int,
    pages: int,
    entries: Sequence[Discography],
    now: datetime,
) -> None:
    """Store a page of a list of `pages`, replacing the old one; remove later pages. One transaction.

    The first page must be stored before any other.
    """
    row = {"kind": kind, "id": id, "known_at": now, "entries": entries_document(entries)}
    of_list = (first.c.kind == kind, first.c.id == id)
    beyond = (further.c.kind == kind, further.c.id == id, further.c.page > pages)
    with db.write() as connection:
        if page == 1:
            connection.execute(upsert(connection, first, not_older="known_at"), {**row, "pages": pages})
        else:
            connection.execute(upsert(connection, further, not_older="known_at"), {**row, "page": page})
            connection.execute(update(first).where(*of_list).values(pages=pages))
        connection.execute(delete(further).where(*beyond))


def entries(db: Database, kind: DiscographyKind, ids: Iterable[int]) -> dict[int, list[Discography]]:
    """All that was read of each list, in its order, without images; one statement."""
    return {id: known for id, (known, _) in entries_with_age(db, kind, ids).items()}


def entries_with_age(
    db: Database, kind: DiscographyKind, ids: Iterable[int]
) -> dict[int, tuple[list[Discography], datetime]]:
    """As `entries`, with the time of the newest reading; lists that were never read are missing.

    One statement.
    """
    wanted, page = list(ids), literal(1).label("page")
    found: dict[int, list[Discography]] = {}
    newest: dict[int, datetime] = {}
    with db.read() as connection:
        pages = union_all(
            select(first.c.id, page, first.c.known_at, first.c.entries).where(
                first.c.kind == kind, among(connection, first.c.id, wanted)
            ),
            select(further.c.id, further.c.page, further.c.known_at, further.c.entries).where(
                further.c.kind == kind, among(connection, further.c.id, wanted)
            ),
        )
        for row in connection.execute(pages.order_by("id", "page")):
            found.setdefault(row.id, []).extend(entries_from(row.entries))
            newest[row.id] = max(newest.get(row.id, row.known_at), row.known_at)
    return {id: (known, newest[id]) for id, known in found.items()}


def pages_read(db: Database, kind: DiscographyKind, ids: Iterable[int]) -> dict[int, PagesRead]:
    """How far each list was read, for lists with any reading; one statement."""
    joined = first.outerjoin(further, (further.c.kind == first.c.kind) & (further.c.id == first.c.id))
    query = select(
        first.c.id, first.c.pages, first.c.known_at, further.c.page, further.c.known_at.label("read_at")
    ).select_from(joined)
    found: dict[int, PagesRead] = {}
    with db.read() as connection:
        for row in connection.execute(query.where(first.c.kind == kind, among(connection, first.c.id, ids))):
            read = found[row.id].read if row.id in found else {1: row.known_at}
            more = {} if row.page is None else {row.page: row.read_at}
            found[row.id] = PagesRead({**read, **more}, row.pages)
    return found
