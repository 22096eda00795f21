"""Who may import what: the rooms of the house, read from the imports themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = "discogs_assistant"
ROOT = Path(__file__).parents[1] / "src" / PACKAGE
MODEL = {"model", "errors"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "model": {"errors"},
    "config": MODEL,
    "engine": MODEL,
    "sources": MODEL,
    "store": MODEL,
    "sandbox": MODEL,
    "pipelines": MODEL | {"config", "engine", "sources", "store"},
    "web": MODEL | {"config", "pipelines", "store"},
}
FREE = {"bootstrap", "cli", "__main__", "__init__"}
FILES = sorted(ROOT.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the room"
            module = node.module or ""
            names = [f"{module}.{alias.name}" for alias in node.names] if module == PACKAGE else [module]
        rooms |= {name.split(".")[1] for name in names if name.startswith(f"{PACKAGE}.")}
    return rooms


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


def test_no_room_is_called_utils() -> None:
    assert not [p for p in FILES if p.stem in {"utils", "util", "helpers", "common", "base", "misc"}]


def test_no_file_is_over_350_lines() -> None:
    assert not [p for p in FILES if len(p.read_text(encoding="utf-8").splitlines()) > 350]
