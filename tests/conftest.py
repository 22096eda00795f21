"""What all tests share: where the recorded answers lie, and no deadline for single examples."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

import discogs_assistant  # noqa: F401 - first, since it says how many threads NumPy may use

REAL = Path(__file__).parents[2] / "shared" / "real"

# A busy machine lets an example take 0.3 s at times; the time limit of the whole test still holds.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


_HERE = Path(__file__).parent
_ONE_BY_ONE = {"chaos", "engine"}
"""Folders of tests that take long by themselves and share little."""
_PATIENCE = 300
"""Seconds a browser's test may take; the first also waits until a collector has carts."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests share a process, and with it what the first of them prepares; so do all of a browser."""
    for item in items:
        folder, *_ = path = item.path.relative_to(_HERE).parts
        if folder == "e2e":
            item.add_marker(pytest.mark.timeout(_PATIENCE))
            item.add_marker(pytest.mark.xdist_group(folder))
        elif folder not in _ONE_BY_ONE:
            item.add_marker(pytest.mark.xdist_group("/".join(path)))


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command run in this process says where lines go; the next test's go where they went before."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of recorded answers beside the project: missing is a skip here, a failure in CI."""
    if not REAL.is_dir():
        sentence = f"the folder of recorded answers is missing: {REAL.name}"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return REAL
