"""A snapshot of training data is read as it was written, and nothing else passes for one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.store.files import modes_below, usual_umask

from discogs_assistant.errors import BadInputError
from discogs_assistant.store.recommendations.training_snapshots import Snapshot, read_snapshot, write_snapshot

IDS = {"users": ["пользователь", "7"], "items": ["a, b", "ジャズ", "c"], "features": ["dub"], "taggers": []}
OWNED = (np.array([0, 1, 1]), np.array([0, 0, 2]), np.array([1.0, 2.5, 1e12]))
SAID = (np.array([0, 1]), np.array([0, 0]), np.array([1.0, 0.0]), np.array([-1, -1]))
WHOLE = Snapshot(IDS, OWNED, SAID)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    for snapshot in (WHOLE, Snapshot(IDS, OWNED, None)):
        write_snapshot(tmp_path / "data", snapshot)
        found = read_snapshot(tmp_path / "data")
        assert {key: list(texts) for key, texts in found.ids.items()} == IDS
        assert [column.tolist() for column in found.interactions] == [column.tolist() for column in OWNED]
        assert (found.statements is None) is (snapshot.statements is None)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_snapshot_is_open_to_its_owner_alone(tmp_path: Path) -> None:
    with usual_umask():
        write_snapshot(tmp_path / "new" / "data", WHOLE)
    modes = modes_below(tmp_path)
    assert {path for path, mode in modes.items() if mode == "0o700"} == {"new", "new/data"}
    assert {path for path, mode in modes.items() if mode == "0o600"} == {
        f"new/data/{name}.parquet" for name in ("interactions", "statements", *IDS)
    }


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(BadInputError, match="holds something else"):
        write_snapshot(tmp_path, WHOLE)
    assert (tmp_path / "letters.txt").read_text() == "dear"


def test_a_missing_snapshot_is_called_so(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="is no snapshot of training data"):
        read_snapshot(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["interactions.parquet", "items.parquet", "statements.parquet"])
def test_a_file_cut_off_is_damage(tmp_path: Path, name: str) -> None:
    write_snapshot(tmp_path / "data", WHOLE)
    file = tmp_path / "data" / name
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(BadInputError, match="is damaged"):
        read_snapshot(tmp_path / "data")


@pytest.mark.parametrize(
    ("user", "item", "weight"), [(2, 0, 1.0), (0, 3, 1.0), (-1, 0, 1.0), (0, 0, 0.0), (0, 0, float("inf"))]
)
def test_places_and_weights_that_cannot_be_are_damage(
    tmp_path: Path, user: int, item: int, weight: float
) -> None:
    write_snapshot(tmp_path / "data", WHOLE)
    table = pa.table({"user": [user], "item": [item], "weight": [weight]})
    pq.write_table(table, tmp_path / "data" / "interactions.parquet")
    with pytest.raises(BadInputError, match="do not fit each other"):
        read_snapshot(tmp_path / "data")


def test_another_column_in_place_of_one_is_damage(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "data", WHOLE)
    pq.write_table(pa.table({"name": ["a"]}), tmp_path / "data" / "users.parquet")
    with pytest.raises(BadInputError, match="is damaged"):
        read_snapshot(tmp_path / "data")
