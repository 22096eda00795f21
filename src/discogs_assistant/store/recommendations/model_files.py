"""Named arrays in one file of the safetensors format, which holds numbers and text and never code."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.store.private_files import make_private_folder, open_private

FILE = "model.safetensors"
FORMAT = "discogs-assistant recommender"
VERSION = 1
"""Raised with each change of what the arrays mean; files of higher versions are refused."""

Arrays: TypeAlias = Mapping[str, NDArray[Any]]

_TYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "U8": np.dtype("u1"),
}
_NAMES = {dtype: name for name, dtype in _TYPES.items()}
_LONGEST_HEADER = 10**6
_ALIGNED = 64
_TRAIN = "Train the model again."


def write_arrays(folder: Path, arrays: Arrays, facts: Mapping[str, str]) -> str:
    """Write the file into `folder`, which is made where it is missing; its checksum.

    The same arrays and facts give the same bytes. What was there stays until the new file is whole and on
    the disk. `BadInputError` where it cannot be written.
    """
    file, beside = folder / FILE, folder / f".{FILE}.{os.getpid()}"
    try:
        make_private_folder(folder)
        try:
            digest = _write(beside, arrays, facts)
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise BadInputError(f"{printable(str(file), 200)} cannot be written ({why}).") from problem
    return digest


def read_arrays(folder: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """The arrays, read-only and mapped into memory, and the facts beside them.

    `BadInputError` for a file that is missing, of another kind, of a newer version, cut off or altered.
    """
    file = folder / FILE
    name = printable(str(file), 200)
    try:
        data = np.memmap(file, dtype=np.uint8, mode="r")
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or "it is empty"
        raise BadInputError(f"{name} cannot be read ({why}).", "Name a folder that train wrote.") from None
    begin, header = _header(data, name)
    facts = _facts(header.pop("__metadata__", None), name)
    body = data[begin:]
    if facts.pop("bytes", "") != str(len(body)):
        raise BadInputError(f"{name} is cut off, or longer than it was written.", _TRAIN)
    if facts.pop("sha256", "") != _digest(header, facts, body):
        raise BadInputError(f"{name} was altered after it was written: its checksum differs.", _TRAIN)
    try:
        return {key: _array(body, **entry) for key, entry in header.items()}, facts
    except (TypeError, ValueError, KeyError):
        raise _damaged(name) from None


def _write(path: Path, arrays: Arrays, facts: Mapping[str, str]) -> str:
    header: dict[str, Any] = {}
    chunks: list[Any] = []
    at = 0
    for key, array in sorted(arrays.items()):
        whole = np.ascontiguousarray(array)
        end = at + whole.nbytes
        header[key] = {"dtype": _NAMES[whole.dtype], "shape": list(whole.shape), "data_offsets": [at, end]}
        padding = -end % _ALIGNED
        chunks += [whole.reshape(-1).view(np.uint8), bytes(padding)]
        at = end + padding
    metadata_facts = {**facts, "format": FORMAT, "version": str(VERSION)}
    digest = _digest(header, metadata_facts, *chunks)
    metadata = dict(sorted({**metadata_facts, "bytes": str(at), "sha256": digest}.items()))
    text = json.dumps({"__metadata__": metadata, **header}, ensure_ascii=False).encode()
    text += b" " * (-(8 + len(text)) % _ALIGNED)
    with open_private(path, "wb") as out:
        out.write(len(text).to_bytes(8, "little") + text)
        for chunk in chunks:
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest


def _header(data: NDArray[np.uint8], name: str) -> tuple[int, dict[str, Any]]:
    """Where the arrays begin, and their description."""
    size = int.from_bytes(data[:8].tobytes(), "little")
    if not 2 <= size <= _LONGEST_HEADER or 8 + size > len(data):
        raise _damaged(name)
    try:
        header = json.loads(data[8 : 8 + size].tobytes())
    except (ValueError, RecursionError):
        raise _damaged(name) from None
    if not isinstance(header, dict):
        raise _damaged(name)
    return 8 + size, header


def _facts(metadata: object, name: str) -> dict[str, str]:
    facts = metadata if isinstance(metadata, dict) else {}
    if facts.get("format") != FORMAT:
        raise BadInputError(f"{name} is no model of this recommender.", "Name a folder that train wrote.")
    version = str(facts.get("version"))
    if not re.fullmatch("[0-9]{1,9}", version):
        raise _damaged(name)
    if int(version) > VERSION:
        words = f"{name} is of version {int(version)}; this program reads up to {VERSION}."
        raise BadInputError(words, "Update the program, or train the model again.")
    return {str(key): str(value) for key, value in facts.items()}


def _digest(header: Mapping[str, Any], facts: Mapping[str, str], *body: Any) -> str:
    digest = sha256(json.dumps([header, dict(facts)], sort_keys=True, ensure_ascii=False).encode())
    for chunk in body:
        digest.update(chunk)
    return digest.hexdigest()


def _array(body: NDArray[np.uint8], dtype: str, shape: list[int], data_offsets: list[int]) -> NDArray[Any]:
    begin, end = data_offsets
    array: NDArray[Any] = body[begin:end].view(_TYPES[dtype])
    return array.reshape(shape)


def _damaged(name: str) -> BadInputError:
    return BadInputError(f"{name} is damaged: its description cannot be read.", _TRAIN)
