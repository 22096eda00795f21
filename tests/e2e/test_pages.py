"""Every page in a real browser: at each width, light and dark, readable by everybody, light to load."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Request, expect
from tests.durations import LONG
from tests.e2e.conftest import Open, ProductWithCarts

pytestmark = pytest.mark.browser
PAGES = (
    *("start", "records", "recommendations", "covers", "market", "shop", "carts", "run", "settings", "about"),
    *("operator", "delete", "missing", "moved", "cart", "print", "taste", "like"),
    *("plan", "plan print", "shipping", "sellers"),
    *("found", "release", "master", "artist", "unknown"),
)
WIDTHS = (1440, 820, 390)
WEIGHT = 150_000
SERIOUS = {"serious", "critical"}
WIDTH = "document.documentElement.scrollWidth"
TOO_SMALL = """() => [...document.querySelectorAll(
        'button, .button, select, summary, input:not([type=hidden])')]
    .filter(one => one.checkVisibility() && one.type !== 'checkbox' && one.type !== 'radio')
    .filter(one => one.getBoundingClientRect().height < 43.5)
    .map(one => one.outerHTML.slice(0, 90))"""


def barriers(page: Page) -> list[tuple[str, str]]:
    """What axe-core finds serious: the rule, and the first place where it is broken."""
    found = Axe().run(page).response["violations"]
    return [
        (violation["id"], violation["nodes"][0]["html"][:200])
        for violation in found
        if violation["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("name", list(PAGES) if LONG else list(PAGES)[::4])
def test_everybody_can_read_and_use_the_page_at_each_width_light_and_dark(
    product_with_carts: ProductWithCarts, open_page: Open, name: str
) -> None:
    with open_page(bypass_csp=True) as page:
        page.goto(product_with_carts.product.base + product_with_carts.addresses[name])
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(WIDTH) <= width
        assert page.evaluate(TOO_SMALL) == []
        page.emulate_media(color_scheme="dark")
        assert barriers(page) == []
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(color_scheme="light")
        assert barriers(page) == []


@pytest.mark.parametrize(
    "name",
    [
        "start",
        "recommendations",
        "like",
        "taste",
        "market",
        "shop",
        "carts",
        "moved",
        "plan",
        "sellers",
        "found",
        "release",
        "artist",
    ],
)
def test_a_page_is_light_without_its_covers(
    product_with_carts: ProductWithCarts, open_page: Open, name: str
) -> None:
    sizes: list[int] = []

    def weigh(request: Request) -> None:
        if request.resource_type != "image":
            sizes.append(request.sizes()["responseBodySize"])

    with open_page() as page:
        page.on("requestfinished", weigh)
        page.goto(product_with_carts.product.base + product_with_carts.addresses[name])
        page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < WEIGHT


def test_every_page_stands_without_scripts(product_with_carts: ProductWithCarts, open_page: Open) -> None:
    addresses = product_with_carts.addresses.values()
    assert len(addresses) > 20
    with open_page(java_script_enabled=False) as page:
        for address in addresses:
            page.goto(product_with_carts.product.base + address)
            assert page.locator("h1").is_visible()
            assert page.get_by_role("contentinfo").get_by_text("not affiliated with").is_visible()


def test_a_cover_that_does_not_load_leaves_the_plain_sleeve(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page(400) as page:
        page.route("**/images/**", lambda route: route.abort())
        page.goto(product_with_carts.product.base + "/recommendations")
        page.locator(".cover").first.scroll_into_view_if_needed()
        expect(page.locator(".cover").first.locator("img")).to_have_count(0)
        assert page.locator(".cover b").first.is_visible()
