"""From a plan to a seller's shipping and back, and the sellers by wants, as a person goes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Open, ProductWithCarts

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_shipping_is_typed_in_from_a_plan_deleted_and_brought_back(
    product_with_carts: ProductWithCarts, open_page: Open, scripts: bool
) -> None:
    with open_page(390, java_script_enabled=scripts) as page:
        page.goto(product_with_carts.product.base + product_with_carts.addresses["plan"])
        page.get_by_role("link", name="Fewest parcels").click()
        expect(page.get_by_role("heading", name="Fewest parcels:")).to_be_visible()
        page.locator("#parcel-1").get_by_role("link", name="Type").click()
        seller = page.locator("#seller").input_value()
        page.locator("#ships_to").select_option("*")
        page.locator("#first").fill("much")
        page.locator("#further").fill("1.50")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#first-error")).to_be_visible()
        page.locator("#first").fill("6")
        page.get_by_role("button", name="Save").click()
        row = page.get_by_role("row", name=seller).filter(has_text="each further record 1.50")
        expect(row).to_have_count(1)
        row.get_by_role("button", name="Delete").click()
        expect(row).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect(row).to_have_count(1)
        row.get_by_role("button", name="Delete").click()
        expect(row).to_have_count(0)


def test_the_list_of_sellers_is_narrowed_by_keyboard_alone(
    product_with_carts: ProductWithCarts, open_page: Open
) -> None:
    with open_page() as page:
        page.goto(product_with_carts.product.base + "/sellers")
        before = page.locator(".seller").count()
        page.locator("#budget").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("15")
        page.keyboard.press("Enter")
        page.wait_for_url("**/sellers?*budget=15*")
        assert 0 < page.locator(".seller").count() <= before
        totals = page.locator(".seller .total b").all_inner_texts()
        assert totals
        assert all(float(total.split()[0]) <= 15 for total in totals)
