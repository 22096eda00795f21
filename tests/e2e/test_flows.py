"""What a person does, in a real browser: by keys alone, without scripts, past a killed server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.durations import only_when_long
from tests.e2e.conftest import Open, ProductWithCarts, scripts_ready
from tests.e2e.product import served_product, sign_in

pytestmark = pytest.mark.browser
LONG = 200_000


def test_a_record_is_loved_hidden_and_shown_again_in_place(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + "/recommendations")
        scripts_ready(page)
        card = page.locator(".rec").first
        id = card.get_attribute("id")
        card.get_by_role("button", name="Love").click()
        expect(page.locator(f"#{id} .love.on")).to_be_visible()
        page.locator(f"#{id} .love.on").click()
        expect(page.locator(f"#{id} .love:not(.on)")).to_be_visible()
        page.locator(f"#{id}").get_by_role("button", name="Hide").click()
        expect(page.locator(f"#{id}.gone")).to_be_visible()
        page.locator(f"#{id}").get_by_role("button", name="Undo").click()
        expect(page.locator(f"#{id} .love")).to_be_visible()
        assert page.url.endswith("/recommendations")


def test_a_failing_server_is_shown_where_the_button_is(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + "/recommendations")
        scripts_ready(page)
        page.route("**/feedback", lambda route: route.fulfill(status=503, body="busy"))
        page.locator(".rec .love").first.click()
        expect(page.get_by_text("That did not work. Try again.")).to_be_visible()
        page.unroute("**/feedback")
        page.route("**/feedback", lambda route: route.abort())
        page.locator(".rec .love").nth(1).click()
        expect(page.get_by_text("That did not work. Try again.")).to_have_count(2)
        expect(page.locator(".rec .love").first).to_be_visible()


def test_the_list_is_walked_by_keys_alone(product_with_carts: ProductWithCarts, open_page: Open) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + "/recommendations")
        scripts_ready(page)
        page.keyboard.press("j")
        page.keyboard.press("j")
        second = page.locator(".rec").nth(1)
        expect(second).to_be_focused()
        id = second.get_attribute("id")
        page.keyboard.press("l")
        expect(page.locator(f"#{id} .love.on")).to_be_visible()
        expect(page.locator(f"#{id}")).to_be_focused()
        page.keyboard.press("l")
        expect(page.locator(f"#{id} .love:not(.on)")).to_be_visible()
        page.keyboard.press("h")
        expect(page.locator(f"#{id}.gone")).to_be_focused()
        page.keyboard.press("u")
        expect(page.locator(f"#{id}:not(.gone)")).to_be_focused()
        page.keyboard.press("k")
        expect(page.locator(".rec").first).to_be_focused()


def test_a_record_goes_onto_the_wantlist_and_off_it_by_keys_alone(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    base = product_with_carts.product.base
    with open_page() as page:
        page.goto(base + "/settings")
        page.get_by_label("Paste it here").fill(f"sandbox-{product_with_carts.user}")
        page.get_by_role("button", name="Save this token").click()
        page.goto(base + "/recommendations")
        scripts_ready(page)
        page.keyboard.press("j")
        card = page.locator(".rec").first
        page.keyboard.press("w")
        expect(card.get_by_role("status")).to_have_text("It is on your Discogs wantlist.")
        expect(card).to_be_focused()
        page.keyboard.press("w")
        expect(card.get_by_role("status")).to_have_text("It is no longer on your Discogs wantlist.")
        page.goto(base + "/settings")
        page.get_by_role("button", name="Remove it").click()


def test_what_is_like_a_record_is_found_and_hidden_in_place(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + "/recommendations")
        page.locator(".rec").first.get_by_role("link", name="More like").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("More like")
        scripts_ready(page)
        card = page.locator(".rec").first
        card.get_by_role("button", name="Hide").press("Enter")
        shown = card.get_by_role("button", name="Show it again")
        expect(shown).to_be_focused()
        shown.press("Enter")
        expect(card.get_by_role("button", name="Hide", exact=True)).to_be_focused()


def test_the_keyboard_reaches_the_content_and_shows_where_it_is(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + "/shop")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator("#budget")).to_be_focused()
        assert page.locator("#budget").evaluate("one => getComputedStyle(one).outlineStyle") == "solid"


def test_the_form_counts_while_one_types(product_with_carts: ProductWithCarts, open_page: Open) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + "/shop")
        expect(page.locator("#live")).to_contain_text("for sale at")
        before = page.locator("#live").inner_text()
        page.locator("#budget").fill("1")
        page.locator("#budget").blur()
        expect(page.locator("#live")).not_to_have_text(before)
        page.route("**/shop/count*", lambda route: route.abort())
        page.locator("#budget").fill("90")
        page.locator("#budget").blur()
        expect(page.get_by_text("these numbers may be old")).to_be_visible()
        page.unroute("**/shop/count*")
        page.locator("#budget").fill("100")
        page.locator("#budget").blur()
        expect(page.get_by_text("these numbers may be old")).to_have_count(0)


def test_a_wrong_budget_is_shown_and_everything_typed_is_kept(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + "/shop")
        page.locator("#budget").fill("a lot")
        page.locator("#formats").fill("LP")
        page.get_by_role("button", name="Build carts").click()
        expect(page.locator("#budget-error")).to_contain_text("is not a number")
        expect(page.locator("#formats")).to_have_value("LP")
        expect(page.locator("#budget")).to_have_value("a lot")


def test_a_cart_is_copied_as_text(product_with_carts: ProductWithCarts, open_page: Open) -> None:
    with open_page(permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(product_with_carts.product.base + product_with_carts.addresses["carts"])
        page.locator("[data-copy]").first.click()
        expect(page.get_by_text("Copied.")).to_be_visible()
        assert "Together" in page.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_needs_scripts_is_offered_where_they_run(
    product_with_carts: ProductWithCarts, open_page: Open, scripts: bool
) -> None:
    with open_page(java_script_enabled=scripts) as page:
        page.goto(product_with_carts.product.base + product_with_carts.addresses["carts"] + "/cart/1")
        expect(page.get_by_role("button", name="in my Discogs cart")).to_have_count(int(scripts))


def test_a_record_and_a_cart_are_bought_and_undone_in_place(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + product_with_carts.addresses["carts"])
        cart = page.locator("#cart-1")
        cart.get_by_role("button", name="I bought it").first.click()
        expect(cart.get_by_text("You bought 1 record of this cart.")).to_be_visible()
        cart.get_by_role("button", name="Not bought after all:").click()
        expect(cart.get_by_text("You bought")).to_have_count(0)
        cart.get_by_role("button", name="I bought this cart").click()
        expect(cart.get_by_text("You bought this cart.")).to_be_visible()
        cart.get_by_role("button", name="Not bought after all", exact=True).click()
        expect(cart.get_by_role("button", name="I bought this cart")).to_be_visible()
        assert page.url.endswith(product_with_carts.addresses["carts"])


def test_what_a_cart_leaves_out_opens_in_place(product_with_carts: ProductWithCarts, open_page: Open) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + product_with_carts.addresses["carts"])
        id = page.locator("article.cart:has(a[href$='-beside'])").first.get_attribute("id")
        cart = page.locator(f"#{id}")
        cart.get_by_text("left out").click()
        expect(cart.locator(".beside li").first).to_contain_text(
            re.compile("over the budget by|does without")
        )
        assert page.url.endswith(product_with_carts.addresses["carts"])


def test_a_search_is_moved_in_place_by_keys_alone(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + product_with_carts.addresses["carts"])
        page.locator("#budget").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("60")
        page.keyboard.press("Tab")
        expect(page.locator("#headline")).to_contain_text("within 60.00 EUR")
        expect(page.locator("#changed")).to_contain_text("Budget: 60 EUR, was 100 EUR")
        expect(page.locator("#include_shipping")).to_be_focused()
        assert page.url.endswith("?budget=60")
        page.reload()
        expect(page.locator("#headline")).to_contain_text("within 60.00 EUR")
        page.go_back()
        expect(page.locator("#headline")).to_contain_text("within 100.00 EUR")
        expect(page.locator("#budget")).to_have_value("100")


def test_a_card_leaves_out_a_record_and_locks_one_in_where_one_looks(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + product_with_carts.addresses["carts"])
        card = page.locator("#cart-1")
        card.get_by_role("button", name="Leave out").first.click()
        expect(page.locator("#picked [name=exclude_release]:checked")).to_have_count(1)
        expect(card).to_be_in_viewport()
        card.get_by_role("button", name="Lock in").first.click()
        expect(card.get_by_text("locked in")).to_be_visible()
        card.get_by_role("button", name="Leave this seller out").click()
        expect(page.locator("#picked [name=exclude_seller]:checked")).to_have_count(1)
        page.locator("#picked [name=exclude_seller]:checked").uncheck()
        expect(page.locator("#picked [name=exclude_seller][type=checkbox]")).to_have_count(0)
        page.get_by_role("link", name="Undo everything").click()
        expect(page.locator("#changed")).to_be_empty()
        assert page.url.endswith(product_with_carts.addresses["carts"])


def test_a_wrong_wish_is_shown_at_its_field_and_the_carts_stay_as_they_are(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + product_with_carts.addresses["moved"])
        page.locator("#budget").fill("a lot")
        page.locator("#budget").blur()
        expect(page.locator("#budget-error")).to_contain_text("is not a number")
        expect(page.locator("#budget")).to_have_value("a lot")
        expect(page.locator("#headline")).to_contain_text("within 60.00 EUR")
        page.locator("#budget").fill("70")
        page.locator("#budget").blur()
        expect(page.locator("#headline")).to_contain_text("within 70.00 EUR")
        expect(page.locator("#budget-error")).to_be_empty()


@only_when_long
def test_a_search_is_moved_and_made_ones_own_without_scripts(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page(java_script_enabled=False) as page:
        page.goto(product_with_carts.product.base + product_with_carts.addresses["carts"])
        page.locator("#budget").fill("60")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.locator("#headline")).to_contain_text("within 60.00 EUR")
        page.locator("#cart-1").get_by_role("button", name="Leave out").first.click()
        expect(page.locator("#changed li")).to_have_count(2)
        page.get_by_role("link", name=re.compile("Undo.*Budget")).click()
        expect(page.locator("#headline")).to_contain_text("within 100.00 EUR")
        page.get_by_role("button", name="Make this my search").click()
        page.wait_for_url(re.compile("/carts/"), timeout=LONG)
        expect(page.locator("#changed")).to_be_empty()
        expect(page.locator("#picked [name=exclude_release]:checked")).to_have_count(1)


@only_when_long
@pytest.mark.timeout(400)
def test_the_main_job_is_done_without_scripts(tmp_path: Path, open_page: Open) -> None:
    with served_product(tmp_path) as product, open_page(java_script_enabled=False) as page:
        sign_in(product, page)
        page.goto(product.base + "/")
        page.get_by_role("button", name="Get recommendations").click()
        page.wait_for_url("**/recommendations?*", timeout=LONG)
        title = page.locator(".rec h2").first.inner_text()
        page.get_by_role("button", name="Hide").first.click()
        expect(page.get_by_text("Hidden:").first).to_be_visible()
        expect(page.locator(".rec h2").first).not_to_have_text(title)
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".rec h2").first).to_have_text(title)
        page.get_by_role("link", name="Build carts from these").click()
        page.get_by_role("button", name="Count what is for sale").click()
        expect(page.locator("#live").get_by_text("for sale")).to_be_visible()
        page.get_by_role("button", name="Build carts").click()
        page.wait_for_url("**/carts/*", timeout=LONG)
        expect(page.locator(".cart").first).to_be_visible()


@only_when_long
@pytest.mark.timeout(400)
def test_the_page_of_a_run_survives_a_killed_server_and_leads_on(tmp_path: Path, open_page: Open) -> None:
    with served_product(tmp_path) as product, open_page() as page:
        page.goto(product.base + "/")
        page.get_by_role("button", name="Try it now").click()
        page.wait_for_url(re.compile("/runs/"))
        product.kill()
        product.start()
        page.wait_for_url("**/profile?*", timeout=LONG)
        assert_known(page)


def assert_known(page: Page) -> None:
    """The collector's records are there."""
    expect(page.locator(".figures")).to_contain_text("owned")
