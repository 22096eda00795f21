"""Which tests are unit tests: what `make test-fast` runs, in under a minute.

They use no server (the made-up Discogs on a port, Postgres), no other process, no browser and not the whole
web application, and none of them takes long. A test that is chosen and starts a server or a process
nevertheless fails: see `refuse_servers`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

MARK = "unit"
FOLDERS_LEFT_OUT = {"bootstrap", "chaos", "contract", "e2e", "web"}
"""Folders of tests of whole installations, and of the whole web application."""
SERVERS = {
    "FORKED",
    "SandboxServer",
    "at_work",
    "open_hosted_app",
    "open_app",
    "postgres",
    "run_apart",
    "subprocess",
}
"""Names that a test's file imports where it starts servers or processes."""
FIXTURES = {"discogs", "product_with_carts", "hosted_app", "postgres_server", "server"}
"""Fixtures that start some."""
FILES_LEFT_OUT = {
    "cli/test_accounts.py",
    "engine/carts/test_search_oracle.py",
    "engine/plans/test_best_plan.py",
    "engine/plans/test_curve_and_marginals.py",
    "engine/plans/test_search_oracle.py",
    "engine/plans/test_shop_instances.py",
    "engine/recommendations/learning/test_model.py",
    "engine/recommendations/test_list_quality.py",
    "engine/test_compiler.py",
    "pipelines/catalogue/test_dump_samples.py",
    "pipelines/catalogue/test_parsing.py",
    "pipelines/runtime/test_documents.py",
    "pipelines/runtime/test_json_stream.py",
    "sandbox/world/test_tastes.py",
    "sources/files/test_hostile_sizes.py",
    "sources/files/test_patterns.py",
    "store/accounts/test_personal_data.py",
    "store/catalogue/test_dump_features.py",
    "store/catalogue/test_dump_search.py",
    "store/runs/test_rate_turns.py",
    "test_architecture.py",
    "test_claims.py",
    "test_deploy.py",
    "test_docs.py",
}
"""Files whose tests take more than two seconds together, or start a process deep within."""
_TESTS = Path(__file__).parent
_REFUSED = {"os.fork", "os.posix_spawn", "socket.bind", "subprocess.Popen"}


def only_units(config: pytest.Config) -> bool:
    """Whether only unit tests were asked for."""
    return bool(config.option.markexpr == MARK)


def is_left_out(path: Path) -> bool:
    """Whether a file or folder of tests holds no unit test."""
    place = path.relative_to(_TESTS)
    return place.as_posix() in FILES_LEFT_OUT or place.parts[:1] in {(folder,) for folder in FOLDERS_LEFT_OUT}


def is_unit(item: pytest.Item) -> bool:
    """Whether a test is one."""
    fixtures = set(getattr(item, "fixturenames", ()))
    names = set(vars(getattr(item, "module", None) or object))
    marked = any(item.get_closest_marker(name) for name in ("postgres", "browser"))
    return not (is_left_out(item.path) or marked or fixtures & FIXTURES or names & SERVERS)


def refuse_servers() -> None:
    """Let this process start no other and open no port from now on."""

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event in _REFUSED:
            raise RuntimeError(f"A unit test starts a server or a process ({event}): see tests/unit.py.")

    sys.addaudithook(refuse)
