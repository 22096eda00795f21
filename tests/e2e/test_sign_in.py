"""Two people at once sign in with the made-up Discogs in real browsers, and each sees only what is theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.e2e.conftest import Open
from tests.e2e.hosted import HostedProduct, hosted_product
from tests.e2e.test_pages import TOO_SMALL, WIDTH, WIDTHS, barriers

from discogs_sandbox.world.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hosted(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedProduct]:
    """One hosted instance for the tests of this file."""
    with hosted_product(tmp_path_factory.mktemp("hosted")) as served:
        yield served


@pytest.fixture(scope="module")
def names() -> list[str]:
    """Collectors of the world that the stand-in makes by itself."""
    return [collector.name for collector in World.generate(1, releases=400, users=80, sellers=10).collectors]


def sync(page: Page, hosted: HostedProduct) -> None:
    """Read one's own records, to the end."""
    page.goto(f"{hosted.base}/profile")
    page.get_by_role("button", name="Read").first.click()
    page.wait_for_url("**/profile?*", timeout=60_000)


def test_two_people_at_once_each_see_only_theirs(
    browser: Browser, hosted: HostedProduct, names: list[str]
) -> None:
    contexts: list[BrowserContext] = [browser.new_context() for _ in range(3)]
    ana, ben, ana_phone = (context.new_page() for context in contexts)
    first, second = names[:2]
    for page in (ana, ben):
        page.goto(hosted.base + "/shop")
        expect(page).to_have_url(f"{hosted.base}/sign-in?next=%2Fshop")
        page.get_by_role("button", name="Sign in with Discogs").click()
    for page, name in ((ben, second), (ana, first)):
        page.get_by_label("Who are you?").fill(name)
        page.get_by_role("button", name="Allow").click()
        expect(page.get_by_role("heading", name="May others' recommendations learn")).to_be_visible()
        page.get_by_role("button", name="No", exact=True).click()
        expect(page).to_have_url(f"{hosted.base}/shop")
    hosted.sign_in(ana_phone, first)
    for page, name, other in ((ana, first, second), (ben, second, first)):
        sync(page, hosted)
        page.goto(hosted.base + "/")
        expect(page.get_by_role("heading", name=f"{name}'s records")).to_be_visible()
        assert other not in page.locator("body").inner_text()
        assert other not in page.request.get(f"{hosted.base}/profile/export").text()
    run = ben.request.get(f"{hosted.base}/profile/export").json()["run"][0]["id"]
    seen = [page.request.get(f"{hosted.base}/api/runs/{run}").status for page in (ben, ana)]
    assert seen == [200, 404]
    ana.goto(f"{hosted.base}/settings")
    ana.get_by_role("button", name="Sign out everywhere").click()
    expect(ana.get_by_text("You are signed out in all browsers.")).to_be_visible()
    ana_phone.goto(f"{hosted.base}/profile")
    expect(ana_phone).to_have_url(f"{hosted.base}/sign-in?next=%2Fprofile")
    ben.goto(f"{hosted.base}/profile")
    expect(ben.get_by_role("link", name=second).first).to_be_visible()
    for context in contexts:
        context.close()


def test_who_denies_sees_a_message_and_is_not_signed_in(
    hosted: HostedProduct, open_page: Open, names: list[str]
) -> None:
    with open_page(390) as page:
        hosted.sign_in(page, names[2], "Deny")
        expect(page.get_by_text("You said no at Discogs")).to_be_visible()
        page.goto(f"{hosted.base}/profile")
        expect(page).to_have_url(f"{hosted.base}/sign-in?next=%2Fprofile")


def test_a_token_for_a_program_is_shown_once_and_withdrawn(
    hosted: HostedProduct, open_page: Open, names: list[str]
) -> None:
    with open_page() as page:
        hosted.sign_in(page, names[3])
        page.goto(f"{hosted.base}/settings/tokens")
        page.get_by_label("Name").fill("my shelf")
        page.get_by_role("button", name="Make a token").click()
        token = page.locator("pre code").first.inner_text()
        page.goto(f"{hosted.base}/settings/tokens")
        assert token not in page.content()
        page.get_by_role("button", name="Withdraw").click()
        expect(page.get_by_text("That token no longer works.")).to_be_visible()


@pytest.mark.parametrize(
    "address", ["/sign-in", "/sign-in/consent", "/settings", "/settings/tokens", "/about"]
)
def test_everybody_can_read_and_use_the_pages_of_signing_in(
    hosted: HostedProduct, open_page: Open, names: list[str], address: str
) -> None:
    with open_page(bypass_csp=True) as page:
        if address != "/sign-in":
            hosted.sign_in(page, names[4])
        page.goto(hosted.base + address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(WIDTH) <= width
        assert page.evaluate(TOO_SMALL) == []
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            assert barriers(page) == []
