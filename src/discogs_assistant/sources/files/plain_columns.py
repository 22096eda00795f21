"""Columns of a large CSV file that needs no care, by Arrow's reader: in a fifth of the time."""

from __future__ import annotations

import codecs
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from discogs_assistant.sources.files.careful_columns import MOST_COLUMNS, Columns, Encoded, Ints

_TEXT = pa.dictionary(pa.int32(), pa.string())
_ID = "^[0-9]{1,15}$"
_LONGEST_LINE = 100_000
"""Python's reader refuses a cell that is longer than 131,072 characters."""


class NotPlain(Exception):
    """The file needs the careful reader, which reports what is wrong with it, if anything is."""


def read_plain(data: bytes, ids: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> Columns:
    """The columns as the careful reader finds them.

    `NotPlain` for all that it would treat in a way of its own: quotation marks, uneven rows, returns within a
    line, long lines, bytes that are no text, columns that are missing or doubled, ids that are no numbers.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    header = _header(data)
    if not {*ids, *required} <= set(header) or not _is_plain(data):
        raise NotPlain
    others = [column for column in (*required, *optional) if column in header]
    types = dict.fromkeys(others, _TEXT) | dict.fromkeys(ids, pa.string())
    convert = csv.ConvertOptions(include_columns=[*types], column_types=types, strings_can_be_null=False)
    # Threads of Arrow that are still about when a program ends at once, as after a wrong option, abort it.
    alone = csv.ReadOptions(use_threads=False)
    try:
        table = csv.read_csv(
            io.BytesIO(data), read_options=alone, convert_options=convert
        ).unify_dictionaries()
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        raise NotPlain from None
    return Columns(
        {column: _numbers(table.column(column)) for column in ids},
        {column: _encoded(table.column(column)) for column in others},
    )


def _header(data: bytes) -> list[str]:
    header = data.split(b"\n", 1)[0].decode("utf-8", "replace").rstrip("\r").split(",")
    if (
        len(set(header)) != len(header)
        or len(header) > MOST_COLUMNS
        or header != [name.strip() for name in header]
    ):
        raise NotPlain
    return header


def _is_plain(data: bytes) -> bool:
    if b'"' in data or b"\0" in data or data.count(b"\r") != data.count(b"\r\n"):
        return False
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    if np.diff(ends, prepend=-1, append=len(data)).max() > _LONGEST_LINE:
        return False
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def _numbers(column: Any) -> Ints:
    if not pc.all(pc.match_substring_regex(column, _ID), min_count=0).as_py():
        raise NotPlain
    numbers: Ints = column.cast(pa.int64()).to_numpy()
    return numbers


def _encoded(column: Any) -> Encoded:
    joined = column.combine_chunks()
    array = joined.chunk(0) if isinstance(joined, pa.ChunkedArray) and joined.num_chunks else joined
    places = array.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return Encoded(places, [text.strip() for text in array.dictionary.to_pylist()])
