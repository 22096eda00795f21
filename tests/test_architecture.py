"""Who may import what: the rooms, read from the imports themselves."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

PACKAGE = "discogs_assistant"
SANDBOX = "discogs_sandbox"
SOURCES = Path(__file__).parents[1] / "src"
ROOT = SOURCES / PACKAGE
MODEL = {"model", "errors"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "model": {"errors"},
    "config": MODEL,
    "engine": MODEL,
    "sources": MODEL,
    "store": MODEL,
    "pipelines": MODEL | {"config", "engine", "sources", "store"},
    "web": MODEL | {"config", "pipelines", "store"},
}
FREE = {"bootstrap", "cli", "__main__", "__init__"}
FILES = sorted(ROOT.rglob("*.py"))
SANDBOX_MAY_IMPORT: dict[str, set[str]] = {
    "world": set(),
    "wire": {"world"},
    "pages": {"world", "wire"},
    "routes": {"world", "wire", "pages", "middleware", "faults", "oauth", "rate_limit"},
}
SANDBOX_FILES = sorted((SOURCES / SANDBOX).rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(SOURCES).parts[1].removesuffix(".py")


def imported_modules(path: Path) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the room"
            module = node.module or ""
            whole = module in {PACKAGE, SANDBOX}
            modules |= {f"{module}.{alias.name}" for alias in node.names} if whole else {module}
    return modules


def imported_packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported_modules(path)}


def imported_rooms(path: Path, package: str = PACKAGE) -> set[str]:
    return {name.split(".")[1] for name in imported_modules(path) if name.startswith(f"{package}.")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    room = room_of(path)
    if room in FREE:
        return
    assert imported_rooms(path) - {room} <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", [p for p in FILES if room_of(p) not in {"store"}], ids=str)
def test_only_the_store_speaks_sql(path: Path) -> None:
    modules = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert not {m for m in modules if m.split(".")[0] in {"sqlite3", "psycopg", "alembic"}}
    assert (
        not {m for m in modules if m.split(".")[0] == "sqlalchemy" and m != "sqlalchemy"}
        or room_of(path) in FREE
    )


def test_the_sandbox_imports_nothing_of_the_product() -> None:
    assert SANDBOX_FILES
    assert not [p for p in SANDBOX_FILES if PACKAGE in imported_packages(p)]


def test_importing_the_whole_sandbox_loads_nothing_of_the_product() -> None:
    code = (
        "import pkgutil, sys, discogs_sandbox\n"
        "for module in pkgutil.walk_packages(discogs_sandbox.__path__, 'discogs_sandbox.'):\n"
        "    __import__(module.name)\n"
        "assert 'discogs_sandbox.wire.marketplace' in sys.modules\n"
        f"print([name for name in sys.modules if name.split('.')[0] == {PACKAGE!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_of_the_product_only_bootstrap_imports_the_sandbox() -> None:
    importing = {room_of(p) for p in FILES if SANDBOX in imported_packages(p)}
    assert importing == {"bootstrap"}


@pytest.mark.parametrize("room", SANDBOX_MAY_IMPORT)
def test_a_folder_of_the_sandbox_imports_only_what_it_may(room: str) -> None:
    files = [p for p in SANDBOX_FILES if room_of(p) == room]
    assert len(files) > 1
    assert set().union(*(imported_rooms(p, SANDBOX) for p in files)) - {room} <= SANDBOX_MAY_IMPORT[room]


def market_source_classes() -> dict[str, Path]:
    """The classes that answer requests of the market, by name, and where they are defined."""
    return {
        node.name: path
        for path in sorted((ROOT / "sources").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for member in node.body
        if isinstance(member, ast.AnnAssign) and ast.unparse(member.target) == "answers"
    }


def test_each_market_source_has_a_file_of_its_own() -> None:
    classes = market_source_classes()
    assert len(classes) == 5
    assert len(set(classes.values())) == len(classes)


def test_only_bootstrap_names_a_market_source() -> None:
    classes = market_source_classes()
    named = {
        (str(path.relative_to(ROOT)), alias.name)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in classes
    }
    assert {path for path, _ in named} == {"bootstrap/market_sources.py"}
    assert {name for _, name in named} == set(classes)


def test_no_room_is_called_utils() -> None:
    no_names = {"utils", "util", "helpers", "common", "base", "misc"}
    assert len(FILES) > 300
    assert [path for path in FILES + SANDBOX_FILES if path.stem in no_names] == []


def test_no_file_but_the_first_migration_is_over_350_lines() -> None:
    long = [p.name for p in FILES + SANDBOX_FILES if len(p.read_text(encoding="utf-8").splitlines()) > 350]
    assert long == ["0001_first_tables.py"]


def test_the_wheel_carries_every_package_with_its_templates(tmp_path: Path) -> None:
    wheel = next(
        iter(WheelBuilder(str(SOURCES.parent)).build(directory=str(tmp_path), versions=["standard"]))
    )
    carried = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    written = {
        str(path.relative_to(SOURCES)) for path in SOURCES.rglob("*.*") if path.suffix in {".py", ".html"}
    }
    assert {PACKAGE, SANDBOX} == {name.split("/")[0] for name in carried}
    assert not written - carried
