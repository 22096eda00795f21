"""Statements that SQLite and Postgres write differently: upserts, and lists of any length."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Table, Text, any_, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from discogs_assistant.store.schema.column_types import Words, storable

Insert = postgresql.Insert | sqlite.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """An insert with a rule for conflicts."""
    return _insert(connection.dialect.name, table)


def insert_new(connection: Connection, table: Table) -> Insert:
    """An insert that leaves a row of the same key as it is."""
    return insert_into(connection, table).on_conflict_do_nothing()


def upsert(connection: Connection, table: Table, *, not_older: str | None = None) -> Insert:
    """An insert that replaces a row of the same key, unless that row's `not_older` column is greater."""
    return _upsert(connection.dialect.name, table, not_older)


def put_columns(
    connection: Connection, insert: Insert, table: Table, columns: Mapping[str, Sequence[Any]]
) -> None:
    """Insert many rows, given as columns of the same length.

    On SQLite the driver gets them as they are, column by column made what the database holds, without the
    columns that are empty in all rows: that takes a third of the time of SQLAlchemy's way, row by row.
    """
    if connection.dialect.name != "sqlite":
        rows = zip(*columns.values(), strict=True)
        connection.execute(insert, [dict(zip(columns, row, strict=True)) for row in rows])
        return
    present = [name for name, values in columns.items() if values.count(None) < len(values)]
    compiled = insert.compile(dialect=connection.dialect, column_keys=present)
    bound = [_bound(connection, table.c[name], columns[name]) for name in compiled.positiontup or ()]
    connection.exec_driver_sql(str(compiled), list(zip(*bound, strict=True)))


def _bound(connection: Connection, column: Column[Any], values: Sequence[Any]) -> Sequence[Any]:
    """The values of a column as the driver takes them; equal ones are converted once."""
    process = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    if process is None:
        return values
    known = {value: process(value) for value in set(values)}
    return [known[value] for value in values]


def written(connection: Connection, insert: Insert) -> int:
    """How many rows an insert has added or replaced."""
    # Without the option an insert's rowcount is -1 on Postgres, which is true.
    return connection.execute(insert, execution_options={"preserve_rowcount": True}).rowcount


def among(connection: Connection, column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`column IN values` with one bound parameter: SQLite takes no more than 32,766 of them."""
    listed = [storable(value) if isinstance(value, str) else int(value) for value in values]
    if connection.dialect.name == "sqlite":
        rows = func.json_each(json.dumps(listed)).table_valued("value")
        return column.in_(select(rows.c.value))
    kind = Text() if isinstance(column.type, Words) else BigInteger()
    return column == any_(literal(listed, postgresql.ARRAY(kind)))


def _insert(dialect: str, table: Table) -> Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache
def _upsert(dialect: str, table: Table, not_older: str | None) -> Insert:
    """The same for the same table, whose columns are walked through once."""
    insert = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    changed = {c.name: insert.excluded[c.name] for c in table.c if c.name not in keys}
    where = None if not_older is None else insert.excluded[not_older] >= table.c[not_older]
    return insert.on_conflict_do_update(index_elements=keys, set_=changed, where=where)
