"""Pictures of each page into docs/screenshots: `python -m tests.e2e.screenshots [NAME…]`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, StorageState
from tests.e2e.hosted import hosted_product
from tests.e2e.product import Product, chromium, first_of_a_master, served_product, sign_in

from discogs_sandbox.world.world import World

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
_COVERS_LOADED = "[...document.images].every(one => one.complete || one.loading === 'lazy')"
_SETTLE = 700

HOSTED = {
    "sign-in": "/sign-in",
    "consent": "/sign-in/consent",
    "account": "/settings#account-title",
    "tokens": "/settings/tokens",
    "operator": "/operator",
}


@dataclass(frozen=True)
class Look:
    """How a picture is taken."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]


LIGHT = Look("1440-light", 1440, 810, "light")
DARK = Look("1440-dark", 1440, 810, "dark")
PHONE = Look("390-light", 390, 844, "light")


def take_all(wanted: set[str]) -> None:
    """Start the product on its made-up world, do the main job, and take each picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served_product(Path(folder)) as product,
        chromium() as browser,
    ):
        take(browser, product.base, "/", "first", wanted)
        for name, address in _addresses(browser, product):
            take(browser, product.base, address, name, wanted)
    if not wanted or wanted.intersection(HOSTED):
        _take_hosted(wanted)


def _take_hosted(wanted: set[str]) -> None:
    """The pages that only an instance of many people has, as its operator sees them."""
    operator = World.generate(1, releases=400, users=80, sellers=10).collectors[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        hosted_product(Path(folder), str(operator.id)) as hosted,
        chromium() as browser,
    ):
        take(browser, hosted.base, HOSTED["sign-in"], "sign-in", wanted)
        context = browser.new_context()
        page = context.new_page()
        hosted.sign_in(page, operator.name)
        page.get_by_role("button", name="No", exact=True).click()
        page.goto(f"{hosted.base}/profile")
        page.get_by_role("button", name="Read").first.click()
        page.wait_for_url("**/profile?*", timeout=60_000)
        state = context.storage_state()
        for name, address in list(HOSTED.items())[1:]:
            take(browser, hosted.base, address, name, wanted, state)


def take(
    browser: Browser, base: str, address: str, name: str, wanted: set[str], state: StorageState | None = None
) -> None:
    """One page in each look; `state` has the cookies of somebody who is signed in."""
    if wanted and name not in wanted:
        return
    for look in (LIGHT, DARK, PHONE):
        context = browser.new_context(
            viewport={"width": look.width, "height": look.height},
            color_scheme=look.scheme,
            storage_state=state,
        )
        page = context.new_page()
        page.goto(base + address)
        _show(page, address)
        path = FOLDER / f"{name}-{look.name}.png"
        page.screenshot(path=path)
        sys.stdout.write(f"{path.relative_to(FOLDER.parents[1])}\n")
        context.close()


def _show(page: Page, address: str) -> None:
    page.wait_for_function(_COVERS_LOADED)
    page.wait_for_timeout(_SETTLE)
    if "#" in address:
        page.locator("#" + address.partition("#")[2]).scroll_into_view_if_needed()


def _addresses(browser: Browser, product: Product) -> Iterator[tuple[str, str]]:
    page = browser.new_page()
    user = sign_in(product, page)
    page.goto(product.base + "/settings")
    page.locator("#currency").select_option("EUR")
    page.locator("#country").select_option("DE")
    page.get_by_role("button", name="Save", exact=True).click()
    page.close()
    listed = product.run(f"/api/users/{user}/recommendations", {})
    options = {"budget": "120", "currency": "EUR", "min_media": "VG+", "destination": "DE"}
    under_way = product.ask("POST", f"/api/users/{user}/carts", options)["run"]
    yield "run", f"/runs/{under_way}"
    carts = product.run(f"/api/users/{user}/carts", options)
    yield "start", "/"
    yield "records", "/profile"
    yield "recommendations", "/recommendations"
    yield "covers", "/recommendations?view=grid"
    yield "taste", "/taste"
    yield "taste-map", "/taste#map"
    yield "market", "/market"
    yield "shop", "/shop"
    yield "carts", f"/carts/{carts}"
    yield "cart", f"/carts/{carts}#cart-1"
    # So many that the last still waits for its turn while it is photographed.
    planned = [f"/carts/{carts}/plan?budget={budget}" for budget in range(60, 100)]
    yield "plan", f"/carts/{carts}/plan"
    page = browser.new_page()
    for address in planned:
        page.request.post(product.base + address, headers={"Origin": product.base}, max_redirects=0)
    page.close()
    yield "plan-under-way", planned[-1]
    yield "plan-parcel", f"/carts/{carts}/plan#parcel-1"
    yield "shipping", "/shipping"
    yield "sellers", "/sellers"
    record = first_of_a_master(product, listed)
    yield "search", f"/search?{urlencode({'artist': record['artists'][0]['name']})}"
    yield "release", f"/release/{record['release_id']}"
    yield "master", f"/master/{record['master_id']}"
    yield "artist", f"/artist/{record['artists'][0]['id']}"
    yield "label", f"/label/{record['labels'][0]['id']}"
    yield "settings", "/settings"
    yield "about", "/about"


if __name__ == "__main__":
    take_all(set(sys.argv[1:]))
