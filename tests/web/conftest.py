"""Fixtures of the web's tests: an instance on an SQLite file, empty or with a made-up collector's world."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from tests.store.files import close_whole, empty_file, open_copy
from tests.web.catalogue_fakes import import_small_dumps
from tests.web.fakes import Instance, fill_instance, make_instance
from tests.web.people import HostedInstance, open_hosted_instance, write_hosted_instance


@pytest.fixture(scope="session")
def full_instance_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an instance with all that a page can show, to be copied."""
    folder = tmp_path_factory.mktemp("full")
    path = folder / "full.db"
    db = open_copy(empty_file(), path)
    fill_instance(make_instance(folder, db))
    close_whole(db)
    return path


@contextmanager
def opened(file: Path, folder: Path) -> Iterator[Instance]:
    """An instance on a copy of the file."""
    db = open_copy(file, folder / "assistant.db")
    yield make_instance(folder, db)
    db.close()


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    """An instance where nobody has done anything yet."""
    with opened(empty_file(), tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def catalogue_of_dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a catalogue with small dumps in it, to be copied."""
    return import_small_dumps(tmp_path_factory.mktemp("dumps"))


@pytest.fixture
def instance_with_dumps(catalogue_of_dumps: Path, tmp_path: Path) -> Iterator[Instance]:
    """An instance with dumps, where nobody has done anything yet."""
    folder = tmp_path / "with_dumps"
    shutil.copytree(catalogue_of_dumps, folder / "catalogue")
    with opened(empty_file(), folder) as made:
        yield made


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that a database of this process is asked."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def full_instance(full_instance_file: Path, tmp_path: Path) -> Iterator[Instance]:
    """An instance with a collector's records, recommendations, copies for sale and carts."""
    with opened(full_instance_file, tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def hosted_instance_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database with all people of a hosted instance in it."""
    return write_hosted_instance(tmp_path_factory.mktemp("hosted"))


@pytest.fixture
def hosted_instance(hosted_instance_file: Path, tmp_path: Path) -> Iterator[HostedInstance]:
    """A hosted instance of the test's own, where people have done something."""
    made = open_hosted_instance(tmp_path / "hosted", hosted_instance_file)
    yield made
    made.instance.db.close()
