"""A person's right to a copy of their data: every personal row, read in blocks."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, Table, literal, select, tuple_

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import (
    collection_item,
    listed_name,
    market_revision,
    metadata,
    release,
    result,
    run_interest,
    run_work,
    uploaded_release,
    want,
)
from discogs_assistant.store.statements import among

Part = tuple[str, Iterator[Any]]
"""A table's name, and its rows as plain JSON, which are read while they are taken."""

BLOCK = 1_000
"""Rows that are read at once."""
LARGE = {result.name, run_work.name, run_interest.name}
"""Tables of which one row may hold megabytes."""
DERIVED = {listed_name.name, market_revision.name}
"""Tables of numbers that other tables give."""
_SEALED = "kept sealed or as a hash, never handed out"


def export_account(db: Database, owner: OwnerId) -> Iterator[Part]:
    """Every personal row by its table, then the records that the person has; to be taken in this order.

    Rows come in the order of their keys. No more than a block of them is held, and each block is a read of
    its own: what changes meanwhile is as it was when its block was read. There is a row for a token, and
    never the token itself.
    """
    for table in personal_tables():
        if table.name not in DERIVED:
            yield table.name, _plain_rows(db, table, owner)
    yield "releases", _releases(db, owner)


def personal_tables() -> list[Table]:
    """The tables whose rows have an owner, those first that others refer to."""
    return [table for table in metadata.sorted_tables if "owner" in table.c]


def _plain_rows(db: Database, table: Table, owner: OwnerId) -> Iterator[dict[str, Any]]:
    names = [column.name for column in table.c]
    for row in _rows(db, table, owner, list(table.c), 1 if table.name in LARGE else BLOCK):
        yield {name: _plain(value) for name, value in zip(names, row, strict=True)}


def _rows(
    db: Database, table: Table, owner: OwnerId, columns: Sequence[ColumnElement[Any]], size: int
) -> Iterator[Sequence[Any]]:
    """These columns of an owner's rows by their keys, `size` rows a statement."""
    key = [column for column in table.primary_key if column.name != "owner"]
    page = select(*columns, *(column.label(f"key_{column.name}") for column in key))
    page = page.where(table.c.owner == owner).order_by(*key).limit(size)
    found = _read(db, page)
    while found:
        yield from (row[: len(columns)] for row in found)
        if len(found) < size or not key:
            return
        last = found[-1][len(columns) :]
        values = [literal(value, column.type) for value, column in zip(last, key, strict=True)]
        found = _read(db, page.where(tuple_(*key) > tuple_(*values)))


def _read(db: Database, query: Select[Any]) -> Sequence[Any]:
    with db.read() as connection:
        return connection.execute(query).all()


def _releases(db: Database, owner: OwnerId) -> Iterator[Any]:
    """Documents of the records in both lists, by id: as Discogs described them, else as a file did."""
    ids = array("q")
    for table in (collection_item, want):
        ids.extend(id for (id,) in _rows(db, table, owner, [table.c.release_id], BLOCK))
    had = np.unique(np.frombuffer(ids, np.int64)) if ids else np.empty(0, np.int64)
    for start in range(0, len(had), BLOCK):
        block = had[start : start + BLOCK].tolist()
        with db.read() as connection:
            documents = _documents(connection, owner, block)
        yield from (documents[id] for id in block if id in documents)


def _documents(connection: Connection, owner: OwnerId, ids: Sequence[int]) -> dict[int, Any]:
    own, shared = uploaded_release, release
    queries = (
        select(own.c.release_id, own.c.document).where(
            own.c.owner == owner, among(connection, own.c.release_id, ids)
        ),
        select(shared.c.id, shared.c.document).where(among(connection, shared.c.id, ids)),
    )
    return {id: document for query in queries for id, document in connection.execute(query)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return _SEALED if isinstance(value, bytes) else value
