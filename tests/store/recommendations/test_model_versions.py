"""Versions of models: which serves, which are kept, and the way back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from discogs_assistant.errors import NotFoundError, StorageError
from discogs_assistant.store.recommendations.model_versions import ModelVersion, ModelVersions

ONE = ModelVersion("one", "f1", "2026-11-24T12:00:00+00:00", 1, 2, 3, 4, 0.5, people=("me",))


def add(versions: ModelVersions, name: str, *, live: bool = True) -> ModelVersion:
    version = replace(ONE, name=name, fingerprint=f"of {name}")
    versions.folder(name).mkdir(parents=True, exist_ok=True)
    versions.add(version, live=live)
    return version


def test_the_version_added_last_serves_unless_it_is_added_as_not_live(tmp_path: Path) -> None:
    versions = ModelVersions(tmp_path / "models")
    assert versions.live() is None
    assert versions.all() == ()
    one, two = add(versions, "one"), add(versions, "two", live=False)
    assert versions.live() == one
    assert versions.all() == (one, two)


def test_three_are_kept_and_the_one_that_serves(tmp_path: Path) -> None:
    versions = ModelVersions(tmp_path)
    add(versions, "one")
    for name in ("two", "three", "four", "five"):
        add(versions, name, live=False)
    assert [version.name for version in versions.all()] == ["one", "three", "four", "five"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [
        "five",
        "four",
        "one",
        "three",
    ]


def test_rolled_back_the_one_before_serves_and_the_newer_is_refused(tmp_path: Path) -> None:
    versions = ModelVersions(tmp_path)
    one, two = add(versions, "one"), add(versions, "two")
    assert versions.held() is None
    assert versions.roll_back() == one == versions.live() == versions.held()
    assert versions.all()[1] == replace(two, refused="rolled back")
    with pytest.raises(NotFoundError, match="no earlier model"):
        versions.roll_back()
    assert versions.live() == one == versions.held()
    add(versions, "three", live=False)
    assert versions.live() == one
    assert versions.held() is None


def test_unwanted_versions_are_removed_with_their_files_and_the_newest_left_serves(tmp_path: Path) -> None:
    versions = ModelVersions(tmp_path)
    one, two = add(versions, "one"), add(versions, "two")
    refused = replace(add(versions, "three"), refused="worse than the one before")
    versions.add(refused, live=False)
    four = add(versions, "four")
    versions.keep(lambda version: version != one)
    assert versions.all() == (two, refused, four)
    assert versions.live() == four
    versions.keep(lambda version: version != four)
    assert versions.all() == (two, refused)
    assert versions.live() == two
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["three", "two"]
    versions.keep(lambda version: False)
    assert versions.all() == ()
    assert versions.live() is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"live": "one"}', '{"live": 1, "versions": [{"name": 1}]}'])
def test_an_index_that_cannot_be_read_names_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "versions.json").write_text(text, encoding="utf-8")
    versions = ModelVersions(tmp_path)
    assert versions.all() == ()
    assert versions.live() is None
    assert add(versions, "one") == versions.live()


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written"):
        ModelVersions(tmp_path / "models").add(ONE, live=True)


def test_all_are_forgotten(tmp_path: Path) -> None:
    versions = ModelVersions(tmp_path / "own-1" / "me")
    add(versions, "one")
    ModelVersions(tmp_path / "own-1").forget()
    assert versions.all() == ()
    assert not (tmp_path / "own-1").exists()
