"""The web reads the store and leaves every change to the pipelines; its files stay small."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.web.fakes import Instance

from discogs_assistant.config import Mode
from discogs_assistant.web.app import create_app

WEB = Path(__file__).parents[2] / "src" / "discogs_assistant" / "web"
READS = {
    "accounts": {"consent", "discogs_number", "local_person"},
    "api_tokens": {"tokens_of"},
    "releases": {"images", "pressings", "releases"},
    "feedback": {"feedback"},
    "exchange_rates": {"rates"},
    "listings": {"listings_for", "seller_matches", "summary"},
    "listing_columns": {"market_rows"},
    "price_floors": {"stats"},
    "items": {"newest", "owned_and_wanted", "wanted"},
    "profiles": {"profile", "profiles", "spelling"},
    "results": {"latest_run", "result"},
    "progress": {"log_lines"},
    "runs": {"revision", "revisions", "run", "runs"},
    "sessions": {"count_sessions"},
    "sellers": {"favourites", "inventory_states", "sellers"},
    "discogs_tokens": {"token"},
}


def is_module(name: str) -> bool:
    return (WEB.parents[1] / Path(*name.split("."))).with_suffix(".py").exists()


def store_calls(path: Path) -> set[tuple[str, str]]:
    """Pairs of a store's module and what is taken of it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("discogs_assistant.store")
        for alias in node.names
        if is_module(f"{node.module}.{alias.name}")
    }
    return {
        (modules[node.value.id], node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules
    }


def test_the_web_only_reads_the_store() -> None:
    calls = [(path.name, *call) for path in sorted(WEB.rglob("*.py")) for call in store_calls(path)]
    assert len(calls) > 30
    assert [call for call in calls if call[2] not in READS[call[1]]] == []


def test_the_stylesheet_is_short_and_asks_nobody_else() -> None:
    text = (WEB / "static" / "style.css").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 600
    assert "url(" not in text
    assert "@import" not in text


def test_no_template_carries_a_style_or_a_script_of_its_own() -> None:
    templates = list((WEB / "templates").rglob("*.html"))
    assert len(templates) > 30
    for path in templates:
        text = path.read_text(encoding="utf-8")
        assert "style=" not in text
        assert "<style" not in text
        assert "| safe" not in text
        assert "|safe" not in text


def test_in_hosted_mode_nobody_is_let_in_without_a_sign_in(instance: Instance) -> None:
    hosted = instance.with_settings(mode=Mode.HOSTED)
    browser, program = hosted.browser(), hosted.program()
    assert browser.get("/").headers["location"] == "/sign-in"
    assert program.post("/api/users/digger/sync", json={}).status_code == 401
    assert program.get("/health").status_code == 200


def test_an_app_can_be_made_twice_in_a_process(instance: Instance) -> None:
    first, second = (create_app(instance.ctx, instance.queue) for _ in range(2))
    assert first.state.site.memory is not second.state.site.memory
