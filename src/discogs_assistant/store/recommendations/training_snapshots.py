"""Training data as a folder of Parquet files, which any engine reads, on one machine or on many."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.store.private_files import make_private_folder, open_private

INTERACTIONS, STATEMENTS = "interactions.parquet", "statements.parquet"
_IDS = ("users", "items", "features", "taggers")
_INTERACTION = pa.schema([("user", pa.int32()), ("item", pa.int32()), ("weight", pa.float64())])
_STATEMENT = pa.schema(
    [("item", pa.int32()), ("feature", pa.int32()), ("value", pa.float64()), ("tagger", pa.int32())]
)
_NEXT = "Name a folder that train wrote with --snapshot."


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`ids`: texts of users, items, features and taggers, by whose places the columns speak.

    `interactions`: user, item, weight, each (n,). `statements`: item, feature, value, tagger, each (m,), a
    tagger of −1 where it is not known; None where there are no statements on items.
    """

    ids: Mapping[str, Sequence[str]]
    interactions: Sequence[NDArray[Any]]
    statements: Sequence[NDArray[Any]] | None


def write_snapshot(folder: Path, snapshot: Snapshot) -> None:
    """Write the files into `folder` in place of a snapshot that is there; a new folder comes whole or not at
    all.

    `BadInputError` where it cannot be written, or where the folder holds something else.
    """
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / INTERACTIONS).is_file():
            raise BadInputError(f"{_named(folder)} holds something else.", "Name a new folder.")
        make_private_folder(beside)
        _write(beside, snapshot)
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise BadInputError(f"{_named(folder)} cannot be written ({why}).") from problem
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def read_snapshot(folder: Path) -> Snapshot:
    """What `write_snapshot` wrote; `BadInputError` for a folder that is missing or damaged."""
    try:
        ids = {key: pq.read_table(folder / f"{key}.parquet")["id"].to_pylist() for key in _IDS}
        owned = _columns(folder / INTERACTIONS, _INTERACTION)
        statements = _columns(folder / STATEMENTS, _STATEMENT) if (folder / STATEMENTS).is_file() else None
    except (OSError, KeyError, pa.ArrowException) as problem:
        missing = isinstance(problem, FileNotFoundError)
        words = "is no snapshot of training data" if missing else "is damaged"
        raise BadInputError(f"{_named(folder)} {words}.", _NEXT) from None
    snapshot = Snapshot(ids, owned, statements)
    if not _fits(snapshot):
        raise BadInputError(f"{_named(folder)} is damaged: its files do not fit each other.", _NEXT)
    return snapshot


def _write(folder: Path, snapshot: Snapshot) -> None:
    for key in _IDS:
        texts = pa.array(snapshot.ids.get(key, ()), pa.string())
        _write_table(pa.table({"id": texts}), folder / f"{key}.parquet")
    _write_table(_table(snapshot.interactions, _INTERACTION), folder / INTERACTIONS)
    if snapshot.statements is not None:
        _write_table(_table(snapshot.statements, _STATEMENT), folder / STATEMENTS)


def _write_table(table: Any, path: Path) -> None:
    with open_private(path, "wb") as file:
        pq.write_table(table, file)


def _table(columns: Sequence[NDArray[Any]], schema: Any) -> Any:
    return pa.table(
        [pa.array(column).cast(field.type) for column, field in zip(columns, schema, strict=True)], schema
    )


def _columns(path: Path, schema: Any) -> list[NDArray[Any]]:
    table = pq.read_table(path).select(schema.names).cast(schema)
    if any(column.null_count for column in table.columns):
        raise pa.ArrowInvalid("a cell is empty")
    return [
        column.to_numpy().astype(np.float64 if field.type == pa.float64() else np.int64)
        for column, field in zip(table.columns, schema, strict=True)
    ]


def _fits(snapshot: Snapshot) -> bool:
    user, item, weight = snapshot.interactions
    sound = [
        _within(user, snapshot.ids["users"]),
        _within(item, snapshot.ids["items"]),
        bool((weight > 0).all()),
    ]
    if snapshot.statements is not None:
        item, feature, value, tagger = snapshot.statements
        sound += [_within(item, snapshot.ids["items"]), _within(feature, snapshot.ids["features"])]
        sound += [_within(tagger, snapshot.ids["taggers"], -1), bool((value >= 0).all())]
        sound += [bool(np.isfinite(value).all())]
    return all(sound) and bool(np.isfinite(weight).all())


def _within(places: NDArray[Any], ids: Sequence[str], least: int = 0) -> bool:
    return not len(places) or (int(places.min()) >= least and int(places.max()) < len(ids))


def _named(folder: Path) -> str:
    return printable(str(folder), 200)
