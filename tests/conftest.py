"""What all tests share: where the recorded answers lie, and no deadline for single examples."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import settings
from tests import unit
from xdist.scheduler import LoadScopeScheduling

import discogs_assistant  # noqa: F401 - first, since it says how many threads NumPy may use

REAL = Path(__file__).parents[2] / "shared" / "real"

# A busy machine lets an example take 0.3 s at times; the time limit of the whole test still holds.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


_PATIENCE = 300
"""Seconds a browser's test may take; the first also waits until a collector has carts."""
_ONE_BY_ONE = {"chaos", "engine"}
"""Folders of tests that take long by themselves and share little."""
_OWN_PRODUCT = {"test_sign_in.py"}
"""Files of a browser's tests that have a product of their own."""


class Sharing(LoadScopeScheduling):  # type: ignore[misc]
    """A file's tests share a process, and with it what the first of them prepares.

    So do all of a browser that look at the one furnished product.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, _ = nodeid.partition("::")
        folder = Path(file).parts[1]
        if folder == "e2e" and Path(file).name not in _OWN_PRODUCT:
            return folder
        return nodeid if folder in _ONE_BY_ONE else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    """How tests are shared among processes."""
    return Sharing(config, log)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Files without a unit test are not even read where only those are asked for."""
    return True if unit.only_units(config) and unit.is_left_out(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers take their time; unit tests are marked."""
    for item in items:
        if item.path.parent.name == "e2e":
            item.add_marker(pytest.mark.timeout(_PATIENCE))
        if unit.is_unit(item):
            item.add_marker(unit.MARK)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Unit tests start no server and no process; garbage is looked for seldom, and not in what was collected.

    Python's own thresholds took a sixth of the time of all tests.
    """
    if unit.only_units(session.config):
        unit.refuse_servers()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command run in this process says where lines go; the next test's go where they went before."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of recorded answers beside the project; where it is missing the test is skipped.

    With REAL_REQUIRED=1, as `.ci/run` sets it, a missing folder is a failure.
    """
    if not REAL.is_dir():
        sentence = "The folder shared/real with recorded answers is missing beside the project."
        if os.environ.get("REAL_REQUIRED"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return REAL
