"""A fast reader of large CSV files that need no care: no quotation marks, even rows, sound text."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

Ints: TypeAlias = NDArray[np.int64]
Value = TypeVar("Value")

_TEXT = pa.dictionary(pa.int32(), pa.string())


class NotPlain(Exception):
    """The file needs the careful reader, which tells what is wrong with it, if anything is."""


class PlainColumns:
    """Columns of a file as `cart_files.table.Table` reads them, in a fifth of the time.

    What that reader would treat in a way of its own raises `NotPlain`: quotation marks, uneven rows, returns
    within a line, bytes that are no text, columns that are missing or doubled.
    """

    def __init__(self, data: bytes, required: Sequence[str], optional: Sequence[str]) -> None:
        data = data.removeprefix(codecs.BOM_UTF8)
        if b'"' in data or b"\0" in data or data.count(b"\r") != data.count(b"\r\n"):
            raise NotPlain
        header = data.split(b"\n", 1)[0].decode("utf-8", "replace").rstrip("\r").split(",")
        wanted = [column for column in (*required, *optional) if column in header]
        if len(set(header)) != len(header) or not set(required) <= set(header):
            raise NotPlain
        self._columns = _read(data, wanted)

    def coded(self, column: str, read: Callable[[str], str]) -> tuple[Ints, tuple[str, ...]]:
        """(rows,) places among the different values that `read` makes of the cells; these by code point."""
        places, texts = self._encoded(column)
        values = [read(text) for text in texts]
        distinct = sorted(set(values))
        place = {value: at for at, value in enumerate(distinct)}
        return np.array([place[value] for value in values], np.int64)[places], tuple(distinct)

    def numbers_of(self, column: str, read: Callable[[str], float]) -> NDArray[np.float64]:
        """(rows,) what `read` makes of the cells."""
        places, texts = self._encoded(column)
        return np.array([read(text) for text in texts], np.float64)[places]

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    def _encoded(self, column: str) -> tuple[Ints, list[str]]:
        """(rows,) places in the column's different texts; one empty text where there is no such column."""
        if column not in self._columns:
            return np.zeros(len(self), np.int64), [""]
        array = self._columns[column]
        texts = [text.strip() for text in array.dictionary.to_pylist()]
        return array.indices.to_numpy(zero_copy_only=False), texts


def _read(data: bytes, columns: Sequence[str]) -> dict[str, Any]:
    """Each column as one dictionary array."""
    convert = csv.ConvertOptions(
        include_columns=list(columns), column_types=dict.fromkeys(columns, _TEXT), strings_can_be_null=False
    )
    # Threads of Arrow that are still about when a program ends at once, as after a wrong option, abort it.
    alone = csv.ReadOptions(use_threads=False)
    try:
        table = csv.read_csv(io.BytesIO(data), read_options=alone, convert_options=convert)
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        raise NotPlain from None
    whole = table.unify_dictionaries()
    return {name: _one(whole.column(name)) for name in columns}


def _one(chunks: Any) -> Any:
    joined = chunks.combine_chunks()
    return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) and joined.num_chunks else joined
