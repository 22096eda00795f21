"""Fixtures of the browser's tests: one product, one browser, pages that tell what went wrong on them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page
from tests.e2e.product import CHROMIUM, Product, chromium, first_of_a_master, served_product, sign_in


@dataclass(frozen=True)
class ProductWithCarts:
    """A product on which a collector has synced, been recommended records (`listed`) and built carts."""

    product: Product
    user: str
    carts: str
    listed: str
    record: dict[str, Any]
    """The first recommended record of a master, as the API tells it."""

    @property
    def addresses(self) -> dict[str, str]:
        """Every page by name."""
        return {
            "start": "/",
            "records": "/profile",
            "recommendations": "/recommendations",
            "covers": "/recommendations?view=grid",
            "like": f"/recommendations/like/{self.record['release_id']}",
            "taste": "/taste",
            "market": "/market",
            "shop": "/shop",
            "carts": f"/carts/{self.carts}",
            "moved": f"/carts/{self.carts}?budget=60&min_media=NM",
            "cart": f"/carts/{self.carts}/cart/1",
            "print": f"/carts/{self.carts}/print",
            "plan": f"/carts/{self.carts}/plan",
            "plan print": f"/carts/{self.carts}/plan/print",
            "shipping": "/shipping?seller=nobody-yet",
            "sellers": "/sellers",
            "run": f"/runs/{self.carts}",
            "search": "/search",
            "found": f"/search?{urlencode({'artist': self.record['artists'][0]['name']})}",
            "release": f"/release/{self.record['release_id']}",
            "master": f"/master/{self.record['master_id']}",
            "artist": f"/artist/{self.record['artists'][0]['id']}",
            "label": f"/label/{self.record['labels'][0]['id']}",
            "unknown": "/release/1",
            "settings": "/settings",
            "about": "/about",
            "operator": "/operator",
            "delete": "/profile/delete",
            "forget": "/profile/forget",
            "missing": "/nowhere",
        }


Open = Callable[..., Any]


def scripts_ready(page: Page) -> None:
    """Wait until scripts have taken over the page's forms.

    htmx does so a moment after the page has loaded; until then a button is a plain form's.
    """
    page.locator("form[data-htmx-powered]").first.wait_for(state="attached")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; a visible skip where there is none."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI_BROWSER"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is missing")
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def product_with_carts(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ProductWithCarts]:
    """One product for all tests that only look."""
    with served_product(tmp_path_factory.mktemp("product")) as product:
        context = browser.new_context()
        user = sign_in(product, context.new_page())
        context.close()
        listed = product.run(f"/api/users/{user}/recommendations", {})
        carts = product.run(
            f"/api/users/{user}/carts", {"budget": "100", "currency": "EUR", "min_media": "VG+"}
        )
        yield ProductWithCarts(product, user, carts, listed, first_of_a_master(product, listed))


@pytest.fixture
def open_page(browser: Browser) -> Open:
    """A context manager for a page of a given width; it fails where the page's console tells a mistake."""

    @contextmanager
    def page_of_width(width: int = 1440, **more: Any) -> Iterator[Page]:
        context = browser.new_context(viewport={"width": width, "height": 900}, **more)
        page = context.new_page()
        mistakes: list[str] = []
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on("console", lambda line: mistakes.append(line.text) if line.type == "error" else None)
        yield page
        context.close()
        assert [mistake for mistake in mistakes if not _is_the_network(mistake)] == []

    return page_of_width


def _is_the_network(mistake: str) -> bool:
    # A killed server breaks a stream that was open, and the page that leads on aborts the next attempt.
    harmless = ("Failed to load resource", "Failed to fetch", "network error", "aborted without reason")
    return any(words in mistake for words in harmless)
