"""A model's file is whole or refused with a sentence, and what was there stays until it is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.store.files import modes_below, usual_umask

from discogs_assistant.errors import BadInputError
from discogs_assistant.store.recommendations.model_files import FILE, Arrays, read_arrays, write_arrays

ARRAYS: Arrays = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "none": np.zeros((0, 4)),
    "ids": np.arange(5),
}


def refused(folder: Path) -> str:
    with pytest.raises(BadInputError) as caught:
        read_arrays(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_arrays_come_back_as_they_were_and_cannot_be_written(tmp_path: Path) -> None:
    write_arrays(tmp_path / "new" / "folder", ARRAYS, {"seed": "7"})
    arrays, facts = read_arrays(tmp_path / "new" / "folder")
    assert facts["seed"] == "7"
    assert set(arrays) == set(ARRAYS)
    for key, array in ARRAYS.items():
        assert arrays[key].dtype == array.dtype
        assert arrays[key].tolist() == array.tolist()
    with pytest.raises(ValueError, match="read-only"):
        arrays["a"][0, 0] = 1


def test_a_model_is_open_to_its_owner_alone(tmp_path: Path) -> None:
    with usual_umask():
        write_arrays(tmp_path / "new" / "folder", ARRAYS, {})
    assert modes_below(tmp_path) == {"new": "0o700", "new/folder": "0o700", f"new/folder/{FILE}": "0o600"}


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o750)
    write_arrays(tmp_path / "shared", ARRAYS, {})
    assert modes_below(tmp_path) == {"shared": "0o750", f"shared/{FILE}": "0o600"}


def test_the_same_arrays_give_the_same_bytes(tmp_path: Path) -> None:
    digests = [write_arrays(tmp_path / name, ARRAYS, {"seed": "7"}) for name in "ab"]
    assert digests[0] == digests[1]
    assert (tmp_path / "a" / FILE).read_bytes() == (tmp_path / "b" / FILE).read_bytes()
    assert [path.name for path in (tmp_path / "a").iterdir()] == [FILE]


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    write_arrays(tmp_path, ARRAYS, {})
    whole = (tmp_path / FILE).read_bytes()
    for length in (*range(0, len(whole), 37), len(whole) - 1):
        (tmp_path / FILE).write_bytes(whole[:length])
        assert FILE in refused(tmp_path)


def test_a_file_altered_anywhere_is_refused(tmp_path: Path) -> None:
    write_arrays(tmp_path, ARRAYS, {"seed": "7"})
    whole = (tmp_path / FILE).read_bytes()
    assert len(whole) > 500
    for at in range(0, len(whole), 5):
        if whole[at] == ord(" ") or (at == 0):
            continue
        altered = bytearray(whole)
        altered[at] ^= 1
        (tmp_path / FILE).write_bytes(altered)
        assert FILE in refused(tmp_path)


def test_a_newer_version_is_distinguished_from_damage(tmp_path: Path) -> None:
    write_arrays(tmp_path, ARRAYS, {})
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole.replace(b'"version": "1"', b'"version": "8"'))
    assert "is of version 8; this program reads up to 1" in refused(tmp_path)


def test_a_foreign_file_is_named_one(tmp_path: Path) -> None:
    text = json.dumps({"a": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}).encode()
    (tmp_path / FILE).write_bytes(len(text).to_bytes(8, "little") + text)
    assert "is no model of this recommender" in refused(tmp_path)
    (tmp_path / FILE).write_bytes(b"\x80\x04\x95" * 50)
    assert "damaged" in refused(tmp_path)


def test_a_missing_folder_and_an_unwritable_one_are_named(tmp_path: Path) -> None:
    assert "cannot be read (No such file or directory)" in refused(tmp_path / "nothing")
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInputError, match="cannot be written"):
        write_arrays(tmp_path / "file", ARRAYS, {})


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    write_arrays(tmp_path, ARRAYS, {})
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(KeyError):
        write_arrays(tmp_path, {"odd": np.zeros(2, np.complex128)}, {})
    assert (tmp_path / FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
