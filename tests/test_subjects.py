"""The subjects in each room: imports between them run in one direction, and files are where one looks."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "src"
ROOT = SOURCES / "discogs_assistant"
OWN = ""
"""A room's own files, which lie in none of its subjects' folders."""
ORDER: dict[str, tuple[str, ...]] = {
    "engine": (OWN, "shipping", "carts", "plans", "recommendations"),
    "sources": (OWN, "csv_files", "discogs", "dumps", "profiles", "recommendations", "market", "files"),
    "store": (
        *("schema", OWN, "runs", "accounts", "catalogue", "profiles"),
        *("recommendations", "market", "operations", "migrations"),
    ),
    "pipelines": (
        *(OWN, "runtime", "accounts", "catalogue", "profiles", "recommendations", "market", "carts"),
        *("files", "operations"),
    ),
    "web": (
        *("middleware", OWN, "runs", "accounts", "catalogue", "profiles", "recommendations", "market"),
        *("carts", "operations", "api"),
    ),
}
"""A subject imports only what stands before it in its room."""
ABOVE = {"engine": {"warm_up"}, "web": {"app"}}
"""A room's own files that put its subjects together."""
PLACES = {
    "where is a cart proven best?": "engine/carts/bounds.py",
    "where is the API's rate kept?": "store/runs/rate_budget.py",
    "where do a recommendation's reasons come from?": "engine/recommendations/reasons.py",
    "how old may a price be?": "model/freshness.py",
    "where is a profile synced?": "pipelines/profiles/sync.py",
    "which copies may be bought?": "engine/carts/eligibility.py",
    "what does a parcel cost where nobody said?": "engine/shipping/estimates.py",
    "where is a saved page read?": "sources/market/saved_pages.py",
    "which requests are let in?": "web/guard.py",
    "where does a run wait, begin again and end?": "pipelines/runtime/runner.py",
}
MOST_FILES = 24
NO_NAMES = {"utils", "util", "helpers", "common", "misc", "base", "tools"}


def subject_of(module: tuple[str, ...]) -> str:
    """The folder of a module within its room; `module` begins with the room."""
    return module[1] if len(module) > 1 and (ROOT / module[0] / module[1]).is_dir() else OWN


def imported(path: Path) -> Iterator[tuple[str, ...]]:
    """What a file imports of the product, each from its room on."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{ROOT.name}."):
            module = tuple((node.module or "").split(".")[1:])
            for alias in node.names:
                yield (*module, alias.name)


@pytest.mark.parametrize("room", ORDER)
def test_a_subject_imports_only_those_before_it(room: str) -> None:
    rank = {subject: place for place, subject in enumerate(ORDER[room])}
    files = [path for path in (ROOT / room).rglob("*.py") if path.stem not in ABOVE.get(room, set())]
    arrows = [
        (path, subject_of(path.relative_to(ROOT).with_suffix("").parts), subject_of(module))
        for path in files
        for module in imported(path)
        if module[0] == room
    ]
    assert len(arrows) > 20
    assert [(str(path), to) for path, of, to in arrows if rank[to] > rank[of]] == []


@pytest.mark.parametrize("room", ORDER)
def test_each_subject_has_its_place_in_the_order(room: str) -> None:
    folders = {path.parent.relative_to(ROOT / room).parts[0] for path in (ROOT / room).glob("*/*.py")}
    assert folders == set(ORDER[room]) - {OWN}


@pytest.mark.parametrize(("question", "answer"), PLACES.items())
def test_a_newcomer_finds_the_file_by_its_name(question: str, answer: str) -> None:
    assert (ROOT / answer).is_file(), question


def test_the_page_for_newcomers_has_the_same_answers() -> None:
    page = (SOURCES.parent / "docs" / "start.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+\?) \| `([^`|]+)` \|$", page, re.MULTILINE)
    assert {question.lower(): answer for question, answer in rows} == {
        question.lower(): answer for question, answer in PLACES.items()
    }


def test_no_folder_holds_more_files_than_one_looks_through() -> None:
    tracked = (".py", ".html", ".css", ".js", ".svg")
    full = Counter(path.parent for path in SOURCES.rglob("*") if path.suffix in tracked)
    assert len(full) > 40
    assert {str(folder): count for folder, count in full.items() if count > MOST_FILES} == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    files = list(SOURCES.rglob("*.py"))
    assert len(files) > 300
    assert [str(path) for path in files if path.stem in NO_NAMES] == []
