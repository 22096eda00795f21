"""Signing in with Discogs: by the browser that began, once, into a session of its own, and out again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import Morsel, SimpleCookie
from threading import Barrier, Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlalchemy import event, select, update
from starlette.testclient import TestClient
from tests.web.hosted import AGENT, HostedApp, open_hosted_app

from discogs_assistant.config import Settings
from discogs_assistant.errors import TokenRefusedError, UnreachableError
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.sources.discogs.oauth import OAuthSigner
from discogs_assistant.sources.retries import Failure, TryAgainError
from discogs_assistant.store import schema
from discogs_assistant.store.accounts import accounts, discogs_tokens
from discogs_assistant.web.accounts import sign_in_page
from discogs_assistant.web.session import TheOperator
from discogs_sandbox.world.entities import Account

REQUESTS_OF_A_SIGN_IN = 3


@pytest.fixture(scope="module")
def hosted_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedApp]:
    """One instance for all tests of this file; each signs in as it likes."""
    with open_hosted_app(tmp_path_factory.mktemp("hosted")) as opened:
        yield opened


def is_in(browser: TestClient) -> bool:
    return browser.get("/settings").status_code == 200


def test_who_allows_it_at_discogs_is_signed_in(hosted_app: HostedApp) -> None:
    browser = hosted_app.sign_in(hosted_app.names[0])
    assert f">{hosted_app.names[0]}</a>" in browser.get("/settings").text
    assert browser.get("/sign-in").headers["location"] == "/"


def test_a_page_without_a_session_leads_to_the_sign_in_and_back(hosted_app: HostedApp) -> None:
    browser = hosted_app.browser()
    asked = browser.get("/recommendations?top=20&user=x").headers["location"]
    assert asked == "/sign-in?next=%2Frecommendations%3Ftop%3D20%26user%3Dx"
    page = browser.get(asked)
    assert 'action="/sign-in?next=/recommendations%3Ftop%3D20%26user%3Dx"' in page.text
    hosted_app.sign_in(hosted_app.names[0])  # known from here on, so not asked for consent again
    back = hosted_app.answer(hosted_app.authorize(browser, "/recommendations?top=20"), hosted_app.names[0])
    assert browser.get(back).headers["location"] == "/recommendations?top=20"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/x\\..\\..//evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/sign-in/back?state=x",
        "/sign-out",
    ],
)
def test_a_sign_in_leads_to_no_foreign_page(hosted_app: HostedApp, elsewhere: str) -> None:
    browser = hosted_app.browser()
    hosted_app.sign_in(hosted_app.names[1])
    back = hosted_app.answer(hosted_app.authorize(browser, elsewhere), hosted_app.names[1])
    assert browser.get(back).headers["location"] == "/"
    assert browser.get("/sign-in", params={"next": elsewhere}).headers["location"] == "/"


def test_a_new_person_is_asked_for_consent_once_and_it_is_off_before(hosted_app: HostedApp) -> None:
    browser, name = hosted_app.browser(), hosted_app.names[2]
    asked = browser.get(hosted_app.answer(hosted_app.authorize(browser, "/shop"), name)).headers["location"]
    assert asked == "/sign-in/consent?next=%2Fshop"
    owner = owner_of(hosted_app, name)
    assert accounts.consent(hosted_app.app.ctx.db, owner) is False
    assert "Yes, learn from mine" in browser.get(asked).text
    assert browser.post("/sign-in/consent", data={"next": "/shop", "consent": "yes"}).headers["location"] == (
        "/shop"
    )
    assert accounts.consent(hosted_app.app.ctx.db, owner) is True
    browser.post("/settings", data={"currency": "EUR"})
    assert accounts.consent(hosted_app.app.ctx.db, owner) is False
    assert browser.get(hosted_app.answer(hosted_app.authorize(browser), name)).headers["location"] == "/"


def test_after_a_copy_was_put_back_everybody_signs_in_and_is_asked_again(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with open_hosted_app(tmp_path_factory.mktemp("restored")) as restored:
        name, ctx = restored.names[0], restored.app.ctx
        browser = restored.sign_in(name)
        browser.post("/sign-in/consent", data={"consent": "yes"})
        sessions.end_after_restore(ctx)
        owner = owner_of(restored, name)
        assert (is_in(browser), accounts.consent(ctx.db, owner)) == (False, False)

        def next_page() -> str:
            return browser.get(restored.answer(restored.authorize(browser), name)).headers["location"]

        assert [next_page().partition("?")[0] for _ in range(2)] == ["/sign-in/consent"] * 2
        browser.post("/sign-in/consent", data={"consent": "no"})
        assert next_page() == "/"


def test_an_answer_that_another_browser_began_signs_nobody_in(hosted_app: HostedApp) -> None:
    attacker, victim = hosted_app.browser(), hosted_app.browser()
    back = hosted_app.answer(hosted_app.authorize(attacker), hosted_app.names[0])
    refused = victim.get(back)
    assert refused.status_code == 401
    assert "was not started in this browser" in refused.text
    assert not is_in(victim)
    hosted_app.authorize(victim)  # now it has a cookie, but of another attempt
    assert victim.get(back).status_code == 401
    assert not is_in(victim)
    assert attacker.get(back).status_code == 303


def test_a_state_that_was_changed_signs_nobody_in(hosted_app: HostedApp) -> None:
    browser = hosted_app.browser()
    back = hosted_app.answer(hosted_app.authorize(browser), hosted_app.names[0])
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert browser.get(back.replace(state, "A" * len(state))).status_code == 401
    assert browser.get(back.replace("state=", "other=")).status_code == 401
    assert not is_in(browser)


def test_an_answer_counts_for_its_first_minute_and_not_again(hosted_app: HostedApp) -> None:
    browser = hosted_app.browser()
    back = hosted_app.answer(hosted_app.authorize(browser), hosted_app.names[0])
    (copy,) = copies_of(hosted_app, browser, 1)
    assert browser.get(back).status_code == 303
    hosted_app.clock.sleep(60)
    assert copy.get(back).status_code == 401
    assert not is_in(copy)


@pytest.mark.parametrize("times", [2, 5])
def test_the_same_answer_several_times_at_once_signs_its_browser_in(
    hosted_app: HostedApp, times: int
) -> None:
    name = hosted_app.names[12]
    hosted_app.sign_in(name)  # known from here on, so not asked for consent again
    for _ in range(10):
        browser = hosted_app.browser()
        back = hosted_app.answer(hosted_app.authorize(browser, "/shop"), name)
        copies, starts = copies_of(hosted_app, browser, times), Barrier(times)

        def load(copy: TestClient, starts: Barrier = starts, back: str = back) -> httpx2.Response:
            starts.wait()
            return copy.get(back)

        with ThreadPoolExecutor(times) as loading:
            answers = list(loading.map(load, copies))
        assert [answer.headers.get("location") for answer in answers] == ["/shop"] * times
        assert len(copies) == times
        assert all(is_in(copy) for copy in copies)


def test_of_two_requests_with_the_same_answer_one_asks_discogs_and_the_other_waits_for_it(
    hosted_app: HostedApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = hosted_app.browser()
    back = hosted_app.answer(hosted_app.authorize(browser), hosted_app.names[12])
    first, second = copies_of(hosted_app, browser, 2)
    is_asked, is_claimed_twice, send = Event(), Event(), hosted_app.app.http.send
    confirmed: list[str] = []
    claims: list[str] = []

    def held(method: str, url: str, *args: Any, **more: Any) -> Any:
        if url.endswith("/access_token"):
            confirmed.append(url)
            is_asked.set()
            assert is_claimed_twice.wait(20)
        return send(method, url, *args, **more)

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("UPDATE sign_in SET claimed_at"):
            claims.append(statement)
        if len(claims) == 2:
            is_claimed_twice.set()

    monkeypatch.setattr(hosted_app.app.http, "send", held)
    event.listen(hosted_app.app.ctx.db.engine, "after_cursor_execute", note)
    try:
        with ThreadPoolExecutor(2) as loading:
            answers = [loading.submit(first.get, back)]
            assert is_asked.wait(20)
            answers.append(loading.submit(second.get, back))
            assert [answer.result().status_code for answer in answers] == [303, 303]
    finally:
        event.remove(hosted_app.app.ctx.db.engine, "after_cursor_execute", note)
    assert (len(confirmed), is_in(first), is_in(second)) == (1, True, True)


def test_an_answer_that_is_loaded_again_leads_on_and_changes_no_cookie(hosted_app: HostedApp) -> None:
    browser, name = hosted_app.browser(), hosted_app.names[13]
    back = hosted_app.answer(hosted_app.authorize(browser, "/shop"), name)
    asked = browser.get(back).headers["location"]
    again = browser.get(back)
    assert again.headers["location"] == asked == "/sign-in/consent?next=%2Fshop"
    assert "set-cookie" not in again.headers
    assert is_in(browser)


def test_an_answer_that_is_loaded_again_after_signing_out_signs_nobody_in(hosted_app: HostedApp) -> None:
    browser = hosted_app.browser()
    back = hosted_app.answer(hosted_app.authorize(browser), hosted_app.names[0])
    (copy,) = copies_of(hosted_app, browser, 1)
    browser.get(back)
    browser.post("/sign-out")
    assert [client.get(back).status_code for client in (browser, copy)] == [401, 401]
    assert not is_in(browser)
    assert not is_in(copy)


def test_an_answer_whose_request_was_killed_counts_again_after_a_minute(hosted_app: HostedApp) -> None:
    browser = hosted_app.browser()
    back = hosted_app.answer(hosted_app.authorize(browser), hosted_app.names[0])
    with hosted_app.app.ctx.db.write() as connection:
        connection.execute(update(schema.sign_in).values(claimed_at=hosted_app.clock.now()))
    hosted_app.clock.sleep(60)
    assert browser.get(back).status_code == 303
    assert is_in(browser)


def test_who_waits_for_a_request_that_was_killed_learns_when_to_load_the_page_again(
    hosted_app: HostedApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_page, "PATIENCE", 0.05)
    browser = hosted_app.browser()
    back = hosted_app.answer(hosted_app.authorize(browser), hosted_app.names[0])
    with hosted_app.app.ctx.db.write() as connection:
        connection.execute(update(schema.sign_in).values(claimed_at=hosted_app.clock.now()))
    page = browser.get(back)
    assert (page.status_code, "Load this page again in a minute" in page.text) == (503, True)


def test_an_answer_that_discogs_did_not_confirm_in_time_counts_again(
    hosted_app: HostedApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*asked: object, **more: object) -> None:
        raise TryAgainError(Failure.BROKEN, UnreachableError("api.discogs.com did not answer in time."))

    browser = hosted_app.browser()
    back = hosted_app.answer(hosted_app.authorize(browser), hosted_app.names[0])
    with monkeypatch.context() as patched:
        patched.setattr(hosted_app.app.http, "send", away)
        unanswered = browser.get(back)
    assert unanswered.status_code == 503
    assert "Load this page again in a minute" in unanswered.text
    assert browser.get(back).status_code == 303
    assert is_in(browser)


def test_an_answer_counts_for_its_own_request_token_only(hosted_app: HostedApp) -> None:
    browser = hosted_app.browser()
    other = hosted_app.answer(hosted_app.authorize(hosted_app.browser()), hosted_app.names[1])
    back = hosted_app.answer(hosted_app.authorize(browser), hosted_app.names[0])
    token = {address: parse_qs(urlsplit(address).query)["oauth_token"][0] for address in (other, back)}
    assert browser.get(back.replace(token[back], token[other])).status_code == 401


def test_a_wrong_verifier_is_refused_by_discogs_and_signs_nobody_in(hosted_app: HostedApp) -> None:
    browser = hosted_app.browser()
    back = hosted_app.answer(hosted_app.authorize(browser), hosted_app.names[0])
    refused = browser.get(back[:-4] + "0000")
    assert refused.status_code == 401
    assert "Discogs did not confirm this sign-in." in refused.text


def test_an_answer_after_ten_minutes_is_too_late(hosted_app: HostedApp) -> None:
    browser = hosted_app.browser()
    back = hosted_app.answer(hosted_app.authorize(browser), hosted_app.names[0])
    hosted_app.clock.sleep(601)
    assert browser.get(back).status_code == 401


@pytest.mark.parametrize(
    "link", ["denied=1", "denied=1&state=made-up", "state=made-up&oauth_token=a&oauth_verifier=b", ""]
)
def test_a_link_of_another_site_ends_no_sign_in_under_way(hosted_app: HostedApp, link: str) -> None:
    browser = hosted_app.browser()
    back = hosted_app.answer(hosted_app.authorize(browser), hosted_app.names[0])
    followed = browser.get(f"/sign-in/back?{link}", headers={"Sec-Fetch-Site": "cross-site"})
    assert followed.status_code == 401
    assert "set-cookie" not in followed.headers
    assert browser.get(back).status_code == 303
    assert is_in(browser)


def test_who_says_no_at_discogs_sees_a_message_and_nothing_is_stored(hosted_app: HostedApp) -> None:
    browser, name = hosted_app.browser(), hosted_app.names[9]
    back = hosted_app.answer(hosted_app.authorize(browser), name, "deny")
    assert "denied=" in back
    said = browser.get(back).headers["location"]
    assert "nothing was read and nothing is stored" in browser.get(said).text
    assert accounts.accounts_of(hosted_app.app.ctx.db, name) == []  # type: ignore[arg-type]
    assert browser.get(back).status_code == 401


def test_a_session_planted_before_the_sign_in_is_worth_nothing_after(hosted_app: HostedApp) -> None:
    browser = hosted_app.browser()
    browser.cookies.set("session", "planted")
    hosted_app.sign_in(hosted_app.names[0], browser)
    planted = hosted_app.browser()
    planted.cookies.set("session", "planted")
    assert not is_in(planted)
    first = browser.cookies.get("session", domain="localhost.local") or ""
    assert first not in ("", "planted")


def test_a_second_sign_in_in_a_browser_ends_its_first_session(hosted_app: HostedApp) -> None:
    browser = hosted_app.sign_in(hosted_app.names[0])
    first = session_of(browser)
    hosted_app.sign_in(hosted_app.names[1], browser)
    assert session_of(browser) != first
    old = hosted_app.browser()
    old.cookies.set("session", first)
    assert not is_in(old)


def test_a_session_ends_when_it_is_not_used(hosted_app: HostedApp) -> None:
    browser = hosted_app.sign_in(hosted_app.names[0])
    for _ in range(4):
        hosted_app.clock.sleep(6 * 86_400)
        assert is_in(browser)
    hosted_app.clock.sleep(7 * 86_400 + 1)
    assert not is_in(browser)


def test_a_session_ends_after_its_length_however_much_it_is_used(hosted_app: HostedApp) -> None:
    browser = hosted_app.sign_in(hosted_app.names[0])
    for _ in range(5):
        hosted_app.clock.sleep(5 * 86_400)
        assert is_in(browser)
    hosted_app.clock.sleep(5 * 86_400)
    assert not is_in(browser)


def test_signing_out_ends_this_browser_s_session(hosted_app: HostedApp) -> None:
    browser, other = hosted_app.sign_in(hosted_app.names[0]), hosted_app.sign_in(hosted_app.names[0])
    copied = hosted_app.browser()
    copied.cookies.set("session", session_of(browser))
    assert browser.post("/sign-out").headers["location"] == "/sign-in?said=signed-out"
    assert not is_in(browser)
    assert not is_in(copied)
    assert is_in(other)


def test_signing_out_everywhere_ends_all_of_a_person_and_nobody_else_s(hosted_app: HostedApp) -> None:
    mine = [hosted_app.sign_in(hosted_app.names[0]) for _ in range(3)]
    other = hosted_app.sign_in(hosted_app.names[1])
    mine[0].post("/sign-out/everywhere")
    assert [is_in(client) for client in mine] == [False] * 3
    assert is_in(other)


def test_the_cookies_are_closed_to_scripts_and_to_other_sites(hosted_app: HostedApp) -> None:
    browser = hosted_app.browser()
    begun = browser.post("/sign-in", params={"next": "/"})
    back = hosted_app.answer(begun.headers["location"], hosted_app.names[0])
    done = browser.get(back)
    for answer, name in ((begun, "sign-in"), (done, "session")):
        morsel = cookie_of(answer, name)
        assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "lax", "/")
        assert morsel["domain"] == ""


def test_on_https_the_cookies_and_headers_hold_to_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = "https://crates.example.org"
    with open_hosted_app(tmp_path_factory.mktemp("https"), home) as secure:
        browser = secure.browser()
        begun = browser.post("/sign-in", params={"next": "/"})
        done = browser.get(secure.answer(begun.headers["location"], secure.names[0]))
        for answer, name in ((begun, "__Host-sign-in"), (done, "__Host-session")):
            morsel = cookie_of(answer, name)
            assert (morsel["secure"], morsel["httponly"], morsel["path"]) == (True, True, "/")
        assert done.headers["strict-transport-security"].startswith("max-age=")
        assert is_in(browser)
        assert browser.get("/", headers={"Host": "other.example.org"}).status_code == 421


def test_only_hashes_of_sessions_are_kept(hosted_app: HostedApp) -> None:
    secret = session_of(hosted_app.sign_in(hosted_app.names[0]))
    with hosted_app.app.ctx.db.read() as connection:
        ids = connection.scalars(select(schema.session.c.id)).all()
    assert secret.encode() not in ids
    assert ids
    assert all(len(id) == 32 for id in ids)


def begins(hosted_app: HostedApp, *addresses: str) -> list[int]:
    """What those at these addresses are answered who begin to sign in, one after the other."""
    return [hosted_app.browser(address).post("/sign-in").status_code for address in addresses]


def test_one_address_that_tries_too_often_waits_and_others_do_not(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with open_hosted_app(
        tmp_path_factory.mktemp("often"), sign_ins_per_address=3, sign_ins_per_network=5
    ) as strict:
        browser = strict.browser("2001:db8::1")
        assert [browser.post("/sign-in").status_code for _ in range(4)] == [303, 303, 303, 429]
        neighbour = strict.browser("2001:db8::2").post("/sign-in", params={"next": "/shop"})
        assert (neighbour.status_code, neighbour.headers["retry-after"]) == (429, "200")
        assert "Wait 4 minutes and press the button again" in neighbour.text
        assert 'action="/sign-in?next=/shop"' in neighbour.text
        assert begins(strict, "198.51.100.1", "2001:db8:0:1::1") == [303, 303]
        strict.clock.sleep(201)
        assert browser.post("/sign-in").status_code == 303


@pytest.mark.parametrize(
    ("network", "elsewhere"),
    [
        ([f"198.51.100.{last}" for last in range(6)], "198.51.101.1"),
        ([f"::ffff:198.51.100.{last}" for last in range(6)], "::ffff:198.51.101.1"),
        ([f"2001:db8:0:{last}::1" for last in range(6)], "2001:db8:1::1"),
    ],
    ids=["IPv4", "IPv4 in IPv6", "IPv6"],
)
def test_one_network_that_tries_too_often_from_many_addresses_waits_and_others_do_not(
    tmp_path_factory: pytest.TempPathFactory, network: list[str], elsewhere: str
) -> None:
    with open_hosted_app(
        tmp_path_factory.mktemp("network"), sign_ins_per_address=2, sign_ins_per_network=5
    ) as strict:
        assert begins(strict, *network) == [303] * 5 + [429]
        assert begins(strict, elsewhere) == [303]


def test_a_network_never_has_less_room_than_one_address(tmp_path_factory: pytest.TempPathFactory) -> None:
    with open_hosted_app(
        tmp_path_factory.mktemp("room"), sign_ins_per_address=4, sign_ins_per_network=1
    ) as strict:
        assert begins(strict, *["198.51.100.1"] * 5) == [303] * 4 + [429]


def test_six_addresses_that_use_up_the_limit_of_all_shut_nobody_out(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    six = [f"198.51.{network}.1" for network in range(6)]
    with open_hosted_app(tmp_path_factory.mktemp("flood"), sign_ins_per_address=20) as flooded:
        begun = begins(flooded, *six * 20)
        assert begun.count(303) == 100 + len(six), "the limit of all, and one of each network in its turn"
        person = flooded.browser("203.0.113.7")
        assert person.get(flooded.answer(flooded.authorize(person), flooded.names[0])).status_code == 303
        again = flooded.browser("203.0.113.8").post("/sign-in", params={"next": "/shop"})
        assert (again.status_code, again.headers["retry-after"]) == (429, "60")
        assert "Wait a minute and press the button again" in again.text
        flooded.clock.sleep(60)
        assert begins(flooded, *six * 20, "203.0.113.8")[-1] == 303


def test_who_is_asked_to_wait_uses_nothing_up(tmp_path_factory: pytest.TempPathFactory) -> None:
    with open_hosted_app(tmp_path_factory.mktemp("patient"), sign_ins_per_address=3, sign_ins=1) as busy:
        person = "203.0.113.7"
        begins(busy, "198.51.100.1", person)
        assert begins(busy, *[person] * 9) == [429] * 9
        busy.clock.sleep(60)
        assert begins(busy, person) == [303]


def test_all_sign_ins_together_leave_most_of_the_rate_to_others() -> None:
    chosen = Settings(_env_file=None)  # type: ignore[call-arg]
    in_ten_minutes = 10 * chosen.rate_limit * 55 / 60
    assert 5 * chosen.sign_ins <= in_ten_minutes, "begun by anybody"
    assert 1.5 * REQUESTS_OF_A_SIGN_IN * chosen.sign_ins <= in_ten_minutes, "carried through"


def test_a_token_of_discogs_is_sealed_and_says_whose_it_is(hosted_app: HostedApp) -> None:
    name = hosted_app.names[3]
    hosted_app.sign_in(name)
    ctx, owner = hosted_app.app.ctx, owner_of(hosted_app, name)
    kept = discogs_tokens.token(ctx.db, ctx.vault, owner)
    assert kept is not None
    assert kept.user == name
    assert ctx.sources.discogs(owner, None).identity().name == name


def test_a_private_profile_is_read_with_the_person_s_own_token(hosted_app: HostedApp) -> None:
    private = hosted_app.discogs.world.collectors[10]
    private.private_collection = True
    hosted_app.sign_in(private.name)
    stranger = hosted_app.names[0]
    hosted_app.sign_in(stranger)
    ctx = hosted_app.app.ctx
    own = ctx.sources.discogs(owner_of(hosted_app, private.name), None).user(private.name)  # type: ignore[arg-type]
    foreign = ctx.sources.discogs(owner_of(hosted_app, stranger), None).user(private.name)  # type: ignore[arg-type]
    assert own.collection == len(private.items)
    assert foreign.collection is None


def test_a_permission_taken_back_at_discogs_says_to_sign_in_again(hosted_app: HostedApp) -> None:
    account = hosted_app.discogs.world.collectors[4]
    hosted_app.sign_in(account.name)
    hosted_app.discogs.app.oauth.revoke(account)
    client = hosted_app.app.ctx.sources.discogs(owner_of(hosted_app, account.name), None)
    with pytest.raises(TokenRefusedError, match="sign in again with Discogs"):
        client.identity()


def test_a_name_that_discogs_gave_to_another_person_opens_nothing_of_the_first(hosted_app: HostedApp) -> None:
    db, now = hosted_app.app.ctx.db, hosted_app.clock.now()
    browser = hosted_app.sign_in(hosted_app.names[5])
    first = owner_of(hosted_app, hosted_app.names[5])
    second, new = accounts.sign_in(db, 10**9, hosted_app.names[5], now)  # type: ignore[arg-type]
    assert (new, second != first) == (True, True)
    assert not is_in(browser)
    assert accounts.accounts_of(db, hosted_app.names[5]) == [second]  # type: ignore[arg-type]


def test_who_signed_in_cannot_become_somebody_else_by_a_form(hosted_app: HostedApp) -> None:
    name, other = hosted_app.names[6], hosted_app.names[7]
    browser = hosted_app.sign_in(name)
    browser.post("/settings", data={"user": other, "currency": "EUR"})
    browser.post("/start", data={"user": other})
    assert accounts.preferences(hosted_app.app.ctx.db, owner_of(hosted_app, name)).user == name
    assert browser.post("/start", data={"user": name, "token": "pasted"}).status_code == 409
    assert browser.post("/start/made-up").status_code == 404


async def for_operators(who: TheOperator) -> str:
    """A page of the operators alone."""
    return who.signed_in_as


def is_operator(browser: TestClient) -> bool:
    return browser.get("/operator").status_code == 200


def test_the_operators_are_those_whom_the_setting_names(hosted_app: HostedApp) -> None:
    hosted_app.pages.add_api_route("/for-operators", for_operators)
    operator, person = (
        hosted_app.sign_in(hosted_app.discogs.world.demo_user),
        hosted_app.sign_in(hosted_app.names[3]),
    )
    assert operator.get("/for-operators").json() == hosted_app.discogs.world.demo_user
    assert person.get("/for-operators").status_code == 403
    assert hosted_app.browser().get("/for-operators").status_code == 303


def test_who_takes_the_name_that_an_operator_gave_up_is_no_operator(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with open_hosted_app(tmp_path_factory.mktemp("freed")) as hosted_app:
        operator, other = hosted_app.discogs.world.collectors[:2]
        given_up = operator.name
        assert is_operator(hosted_app.sign_in(given_up))
        rename(hosted_app, operator, "renamed")
        rename(hosted_app, other, given_up)
        assert not is_operator(hosted_app.sign_in(given_up))
        assert is_operator(hosted_app.sign_in("renamed"))


def test_no_secret_of_a_sign_in_is_in_a_log_an_error_or_a_page(
    hosted_app: HostedApp, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    name, browser = hosted_app.names[8], hosted_app.browser()
    hosted_app.sign_in(name, browser)
    ctx, owner = hosted_app.app.ctx, owner_of(hosted_app, name)
    kept = discogs_tokens.token(ctx.db, ctx.vault, owner)
    pages = [browser.get(path).text for path in ("/", "/settings", "/settings/tokens", "/profile/export")]
    hosted_app.discogs.app.oauth.revoke(hosted_app.discogs.world.account(name))
    pages.append(browser.post("/market/refresh", data={"seller": "x"}).text)
    output = "".join(
        [*pages, *capfd.readouterr(), caplog.text, repr(kept), repr(ctx.sources.oauth), repr(ctx.vault)]
    )
    secrets = [session_of(browser), getattr(kept, "token", ""), getattr(kept, "secret", "")]
    assert all(secrets)
    assert [secret for secret in (*secrets, "sandbox-secret") if secret in output] == []


def test_the_signature_goes_to_the_api_alone(hosted_app: HostedApp) -> None:
    asked = hosted_app.authorize(hosted_app.browser())
    assert urlsplit(asked).path == "/oauth/authorize"
    assert list(parse_qs(urlsplit(asked).query)) == ["oauth_token"]
    assert "sandbox-secret" not in repr(OAuthSigner(hosted_app.app.ctx.sources.oauth.consumer))  # type: ignore[union-attr]
    page = httpx2.get(asked, headers=AGENT)
    assert page.status_code == 200


def cookie_of(answer: httpx2.Response, name: str) -> Morsel[str]:
    """The cookie of that name that an answer sets."""
    set_ones = [SimpleCookie(line) for line in answer.headers.get_list("set-cookie")]
    return next(cookie[name] for cookie in set_ones if name in cookie)


def test_no_secret_is_in_the_database_or_a_run_s_record(hosted_app: HostedApp) -> None:
    """The files as they are on the disk, and so as a backup has them."""
    name = hosted_app.names[11]
    browser = hosted_app.sign_in(name)
    asked = parse_qs(urlsplit(hosted_app.authorize(browser)).query)["oauth_token"][0]
    browser.post("/profile/sync", data={"user": name})
    ctx, owner = hosted_app.app.ctx, owner_of(hosted_app, name)
    kept = discogs_tokens.token(ctx.db, ctx.vault, owner)
    secrets = [session_of(browser), getattr(kept, "token", ""), getattr(kept, "secret", ""), "sandbox-secret"]
    stored = b"".join(path.read_bytes() for path in ctx.settings.data_dir.glob("assistant.db*"))
    assert asked.encode() in stored
    assert all(secrets)
    assert [secret for secret in secrets if secret.encode() in stored] == []


def test_a_script_is_led_to_the_sign_in_and_a_stream_gets_an_error(hosted_app: HostedApp) -> None:
    browser = hosted_app.browser()
    script = browser.get("/shop/count", headers={"HX-Request": "true"})
    assert (script.status_code, script.headers["hx-redirect"]) == (401, "/sign-in")
    stream = browser.get(f"/runs/{'x' * 22}/stream", headers={"Accept": "text/event-stream"})
    assert stream.status_code == 401
    answer = browser.get(f"/api/runs/{'x' * 22}")
    assert (answer.status_code, answer.json()["error"]) == (401, "Please sign in.")


def copies_of(hosted_app: HostedApp, browser: TestClient, count: int) -> list[TestClient]:
    """The same browser, which asks several times at once: each copy has its cookies."""
    copies = [hosted_app.browser() for _ in range(count)]
    for copy in copies:
        copy.cookies.update(browser.cookies)
    return copies


def rename(hosted_app: HostedApp, account: Account, name: str) -> None:
    """Give an account of the made-up Discogs another name."""
    known = hosted_app.discogs.world.accounts
    known[name] = known.pop(account.name)
    account.name = name


def owner_of(hosted_app: HostedApp, name: str) -> OwnerId:
    return accounts.accounts_of(hosted_app.app.ctx.db, name)[0]  # type: ignore[arg-type]


def session_of(browser: TestClient) -> str:
    return next(cookie.value or "" for cookie in browser.cookies.jar if cookie.name == "session")
