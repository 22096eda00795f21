"""`models`: which version serves, a new one learned, and the way back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.running import run

from discogs_assistant.config import PREFIX

COLLECTION = (
    "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id\n"
    "X 1,Ann,Blue Room,Blue,LP,,1970,1\nX 2,Ann,Red Room,Blue,LP,,1971,2\nX 3,Bo,Green Room,Blue,LP,,1972,3\n"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(f"{PREFIX}DATA_DIR", str(tmp_path / "data"))
    file = tmp_path / "collection.csv"
    file.write_text(COLLECTION, encoding="utf-8")
    return file


def test_models_are_learned_listed_and_rolled_back(home: Path) -> None:
    assert run("sync", "somebody", "--collection", home, "--json").status == 0
    assert run("models", "status", "--json").document == {"user": "somebody", "shared": False, "versions": []}
    first = run("models", "train", "--json").document["versions"]
    assert [
        (version["live"], version["users"], version["items"], version["ndcg@100"]) for version in first
    ] == [(True, 1, 3, None)]
    home.write_text(COLLECTION + "X 4,Bo,Last Room,Blue,LP,,1973,4\n", encoding="utf-8")
    assert run("sync", "somebody", "--collection", home, "--json").status == 0
    second = run("models", "train", "somebody", "--json").document["versions"]
    assert [(version["live"], version["items"]) for version in second] == [(False, 3), (True, 4)]
    back = run("models", "rollback", "--json").document["versions"]
    assert [(version["live"], version["refused"]) for version in back] == [
        (True, None),
        (False, "rolled back"),
    ]
    assert [version["held"] for version in (*second, *back)] == [False, False, True, False]
    shown = run("models", "status")
    assert "held" in shown.out
    assert "until you run `models train`" in shown.err
    again = run("models", "rollback")
    assert again.status == 3
    assert "no earlier model" in again.err
    retrained = run("models", "train", "--json").document["versions"]
    assert [(version["live"], version["held"]) for version in retrained] == [(False, False), (True, False)]


def test_without_a_profile_it_says_what_to_do(home: Path) -> None:
    assert run("models", "train").status == 2
    everyone = run("models", "recompute")
    assert everyone.status == 3
    assert "sync" in everyone.err
    nobody = run("models", "status", "nobody")
    assert nobody.status == 3
    assert "sync nobody" in nobody.err
