"""From a name half typed to a record, its artist and back, as a person goes: by keys, and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Open, ProductWithCarts

pytestmark = pytest.mark.browser


def bare(name: str) -> str:
    """An artist's name as pages print it."""
    return re.sub(r" \(\d+\)$", "", name)


def test_a_record_is_found_by_keys_alone_from_any_page(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    artist = product_with_carts.record["artists"][0]
    with open_page() as page:
        page.goto(product_with_carts.product.base + "/shop")
        page.locator("#find").focus()
        page.keyboard.type(bare(artist["name"])[:-1])
        meant = page.locator("#find-meant a")
        expect(meant.filter(has_text=bare(artist["name"])).first).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(meant.first).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#find")).to_be_focused()
        expect(meant).to_have_count(0)
        page.keyboard.type(bare(artist["name"])[-1])
        expect(meant.first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/(artist|master|release|label)/"))


def test_what_may_be_meant_goes_away_with_the_focus(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page(390) as page:
        page.goto(product_with_carts.product.base + "/about")
        page.locator("#find").fill(bare(product_with_carts.record["artists"][0]["name"])[:4])
        expect(page.locator("#find-meant a").first).to_be_visible()
        page.get_by_role("contentinfo").get_by_text("not affiliated with").click()
        expect(page.locator("#find-meant")).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_the_search_to_a_release_its_artist_and_what_is_lacking(
    product_with_carts: ProductWithCarts, open_page: Open, scripts: bool
) -> None:
    artist = product_with_carts.record["artists"][0]
    with open_page(390, java_script_enabled=scripts) as page:
        page.goto(product_with_carts.product.base + "/")
        page.locator("#find").fill(product_with_carts.record["title"])
        page.locator("#find").press("Enter")
        page.wait_for_url("**/search?q=*")
        link = page.locator(f'.hits a[href="/release/{product_with_carts.record["release_id"]}"]')
        link.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(product_with_carts.record["title"])
        expect(page.locator("#why + p")).to_contain_text("of your recommendations")
        page.locator(".by a").first.click()
        page.wait_for_url(f"**/artist/{artist['id']}")
        page.get_by_role("link", name=re.compile("^Not owned")).click()
        page.wait_for_url("**show=lacking*")
        assert page.locator(".badge.mine").count() == 0
        page.go_back()
        assert page.locator("tbody tr").count() > 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_release_is_loved_and_hidden_where_it_is_described(
    product_with_carts: ProductWithCarts, open_page: Open, scripts: bool
) -> None:
    with open_page(java_script_enabled=scripts) as page:
        page.goto(product_with_carts.product.base + product_with_carts.addresses["release"])
        page.get_by_role("button", name="Love").click()
        expect(page.locator(".say .love.on")).to_be_visible()
        page.locator(".say .love.on").click()
        expect(page.locator(".say .love:not(.on)")).to_be_visible()
        page.get_by_role("button", name="Hide").click()
        page.get_by_role("button", name="Hidden. Show it again").click()
        expect(page.get_by_role("button", name="Hide")).to_be_visible()
        assert page.url.endswith(product_with_carts.addresses["release"])


def test_what_speaks_for_a_record_on_no_list_is_shown_with_scripts_and_without(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    label = product_with_carts.addresses["label"] + "?show=lacking"
    listed = product_with_carts.product.ask("GET", f"/api/runs/{product_with_carts.listed}/result")[
        "recommendations"
    ]
    known = {f"/release/{record['release_id']}" for record in listed}
    with open_page() as page:
        page.goto(product_with_carts.product.base + label)
        others = page.locator('tbody a[href^="/release/"]').evaluate_all(
            "all => all.map(one => one.pathname)"
        )
        address = next(other for other in others if other not in known)
        page.goto(product_with_carts.product.base + address)
        expect(page.locator(".reasons li").first).to_be_visible()
    with open_page(java_script_enabled=False) as page:
        page.goto(product_with_carts.product.base + address)
        page.get_by_role("link", name="See which of your records suggest it").click()
        expect(page.locator(".reasons li").first).to_be_visible()
