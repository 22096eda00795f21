"""Attacks on the web, each sent to every route that the router has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient
from tests.store.accounts.exports import whole_export
from tests.web.every_route import Route, every_route, filled_in
from tests.web.fakes import HOME, USER, Instance
from tests.web.hostile import EVIL, MARK, import_evil_dumps, overrun
from tests.web.people import ANONYMOUS, OWNER, HostedInstance

from discogs_assistant.model.ids import UserName

FOREIGN = "https://evil.example"
PERSONAL = "private, no-store"
CACHED = {(True, "public, max-age=31536000, immutable"), (False, PERSONAL)}
"""Whether an answer is a static file, and what its cache-control says."""
LEADS = (
    FOREIGN,
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/..//evil.example",
    "http://localhost@evil.example/",
    "http://localhost.evil.example/",
)
BREAKS = ("x\r\nX-Injected: 1\r\n\r\n<b>", '/x"; filename="y.exe\u2028\nX-Injected: 1')
ENDS = ("/sign-out/everywhere", "/profile/forget", "/profile/delete", "/sign-out")
"""After these the browser is nobody's, or nothing is left to lead to."""


@pytest.fixture(scope="module")
def evil_dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of hostile names, to be copied."""
    return import_evil_dumps(tmp_path_factory.mktemp("evil"))


def routes(client: TestClient, *methods: str) -> list[Route]:
    found = [route for route in every_route(client.app) if route[0] in methods]
    assert len(found) > 20
    return found


def owned(where: HostedInstance) -> Any:
    return whole_export(where.instance.db, where.owners[OWNER])


def signed_in(where: HostedInstance) -> TestClient:
    """The owner's browser, without the headers that say where a request comes from."""
    browser = where.browser(OWNER)
    del browser.headers["Origin"], browser.headers["Sec-Fetch-Site"]
    return browser


# What other sites in the same browser can send.


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": FOREIGN},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:9999"},
        {"Origin": HOME, "Sec-Fetch-Site": "cross-site"},
        {"Origin": HOME, "Sec-Fetch-Site": "same-site"},
        {},
    ],
    ids=str,
)
def test_no_form_of_another_site_does_anything(
    hosted_instance: HostedInstance, headers: dict[str, str]
) -> None:
    browser = signed_in(hosted_instance)
    before = owned(hosted_instance)
    for method, path in routes(browser, "POST", "PUT", "DELETE", "PATCH"):
        if not headers and method != "POST":
            # A form knows only this method; for another a browser asks first, with an Origin.
            continue
        answer = browser.request(
            method, filled_in(path, hosted_instance.ids), data={"user": USER, "a": "b"}, headers=headers
        )
        assert answer.status_code == 403, (method, path)
    assert owned(hosted_instance) == before


@pytest.mark.parametrize(
    "media",
    ["text/plain", "text/plain; charset=utf-8", "application/x-www-form-urlencoded", "multipart/form-data"],
)
def test_json_in_the_clothes_of_a_form_is_refused(hosted_instance: HostedInstance, media: str) -> None:
    browser = signed_in(hosted_instance)
    for method, path in routes(browser, "POST"):
        answer = browser.request(
            method, filled_in(path, hosted_instance.ids), content=b'{"a": 1}', headers={"Content-Type": media}
        )
        assert answer.status_code == 403, path


def test_reading_changes_nothing(hosted_instance: HostedInstance) -> None:
    """What a link or a picture of another site can make a browser ask for."""
    browser, before = signed_in(hosted_instance), owned(hosted_instance)
    for _, path in routes(browser, "GET"):
        browser.get(filled_in(path, hosted_instance.ids), headers={"Sec-Fetch-Site": "cross-site"})
    seen_and_opened = {
        name: rows for name, rows in owned(hosted_instance).items() if name not in ("event", "session")
    }
    assert seen_and_opened == {name: before[name] for name in seen_and_opened}


# Names of hosts.


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:80:80", "", "localhost@evil"]
)
def test_no_route_answers_to_a_foreign_host(hosted_instance: HostedInstance, host: str) -> None:
    browser = hosted_instance.browser(OWNER)
    for method, path in routes(browser, "GET", "POST", "PUT", "DELETE", "PATCH"):
        answer = browser.request(method, filled_in(path, hosted_instance.ids), headers={"Host": host})
        assert answer.status_code == 421, (method, path)


def test_forwarded_hosts_are_not_believed(hosted_instance: HostedInstance) -> None:
    browser = hosted_instance.browser(OWNER)
    headers = {
        **dict.fromkeys(("X-Forwarded-Host", "X-Forwarded-Server", "X-Host"), "evil.example"),
        **{"Forwarded": "host=evil.example", "X-Original-URL": "/operator", "X-Rewrite-URL": "/operator"},
    }
    for _, path in routes(browser, "GET"):
        answer = browser.get(filled_in(path, hosted_instance.ids), headers=headers)
        assert "evil.example" not in answer.text + str(answer.headers), path
        assert answer.status_code != 421
    assert (
        browser.get("/about", headers={"X-Forwarded-Host": "localhost", "Host": "evil.example"}).status_code
        == 421
    )


# Being led away.


def sent_to(lead: str) -> dict[str, str]:
    """A form or an address that would lead there, by whatever name the route looks at."""
    fields = ("back", "next", "return_to", "redirect", "url", "from", "path")
    return {**dict.fromkeys(fields, lead), "user": USER, "seller": "x", "release": "21", "act": "love"}


def led(client: TestClient, where: HostedInstance, route: Route, lead: str) -> list[str]:
    """Where the answer leads a browser."""
    address, sent = filled_in(route[1], where.ids), sent_to(lead)
    answer = client.post(address, data=sent) if route[0] == "POST" else client.get(address, params=sent)
    names = ("location", "hx-redirect", "hx-location", "hx-push-url", "refresh")
    return [answer.headers[name] for name in names if name in answer.headers]


@pytest.mark.parametrize(("role", "leads_on"), [(OWNER, True), (ANONYMOUS, False)])
def test_nobody_is_led_to_another_site(hosted_instance: HostedInstance, role: str, leads_on: bool) -> None:
    browser, obeyed, addresses = hosted_instance.browser(role), 0, list[tuple[Route, str, str]]()
    for route in routes(browser, "GET", "POST"):
        if route[1] in ENDS:
            continue
        obeys = any(
            "/our/own/page" in address for address in led(browser, hosted_instance, route, "/our/own/page")
        )
        obeyed += obeys
        leads = LEADS if obeys else LEADS[:1]
        addresses += [
            (route, lead, address) for lead in leads for address in led(browser, hosted_instance, route, lead)
        ]
    assert (obeyed >= 4) is leads_on, "the owner is led to a page of ours, or this test asks in the wrong way"
    assert len(addresses) > 10
    assert [(route, lead, address) for route, lead, address in addresses if not _stays(address)] == []


def _stays(address: str) -> bool:
    parts = urlsplit(address)
    plain = not parts.scheme and not parts.netloc and "\\" not in address and address.isprintable()
    return plain and not address.startswith("//")


def test_a_session_that_a_stranger_planted_is_not_taken_over(hosted_instance: HostedInstance) -> None:
    browser = hosted_instance.browser(ANONYMOUS)
    browser.cookies.set("session", "p" * 43)
    answer = browser.get("/about")
    assert "set-cookie" not in answer.headers
    owner = hosted_instance.browser(OWNER)
    assert owner.cookies["session"] != "p" * 43
    assert owner.get("/profile").status_code == 200
    assert browser.get("/profile").headers["location"].startswith("/sign-in")


# What every answer bears.


def test_every_answer_forbids_frames_scripts_of_others_and_keeping(hosted_instance: HostedInstance) -> None:
    for role in (OWNER, ANONYMOUS):
        browser = hosted_instance.browser(role)
        asked = [filled_in(path, hosted_instance.ids) for _, path in routes(browser, "GET")]
        for address in (*asked, "/nowhere", "/runs/x", "/api/nowhere"):
            headers = browser.get(address).headers
            policy = headers["content-security-policy"]
            for part in (
                "frame-ancestors 'none'",
                "default-src 'none'",
                "script-src 'self'",
                "base-uri 'none'",
            ):
                assert part in policy, address
            assert "unsafe" not in policy
            assert "*" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert (address.startswith("/static/"), headers["cache-control"]) in CACHED, address


def test_a_static_file_says_nothing_of_a_person_and_sets_no_cookie(hosted_instance: HostedInstance) -> None:
    nobody, owner = (hosted_instance.browser(role).get("/static/style.css") for role in (ANONYMOUS, OWNER))
    assert nobody.content == owner.content
    assert "set-cookie" not in owner.headers


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../config.py",
            "..%2f..%2fconfig.py",
            "%2e%2e/%2e%2e/config.py",
            "....//config.py",
            "..%5c..%5cconfig.py",
        ),
        *(
            "%252e%252e%252fconfig.py",
            "/etc/passwd",
            "%2fetc%2fpasswd",
            "style.css/../../config.py",
            ".",
            "~root",
        ),
        *("..%c0%afconfig.py", "style.css%00.py", "file:///etc/passwd"),
    ],
)
def test_no_path_leads_out_of_the_static_files(instance: Instance, name: str) -> None:
    answer = instance.browser().get(f"/static/{name}")
    assert answer.status_code in (404, 400)
    assert "pydantic" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize("value", BREAKS)
def test_no_line_of_a_header_can_be_added(hosted_instance: HostedInstance, value: str) -> None:
    fields = (
        "back",
        "next",
        "user",
        "name",
        "seller",
        "said",
        "view",
        "cart",
        "q",
        "from",
        "style",
        "oauth_token",
    )
    browser = hosted_instance.browser(OWNER)
    for method, path in routes(browser, "GET", "POST"):
        if path in ENDS:
            continue
        sent = dict.fromkeys(fields, value)
        address = filled_in(path, hosted_instance.ids)
        answer = browser.post(address, data=sent) if method == "POST" else browser.get(address, params=sent)
        assert answer.status_code < 500 or path == "/ready", (method, path)
        _sound_headers(answer.headers.raw, path)


def _sound_headers(raw: list[tuple[bytes, bytes]], path: str) -> None:
    for name, value in raw:
        assert not re.search(rb"[\r\n\0]", name + value), path
        assert name.lower() != b"x-injected", path
        assert b".exe" not in value, path


def test_a_run_of_an_address_reaches_no_file_name(hosted_instance: HostedInstance) -> None:
    browser = hosted_instance.browser(OWNER)
    for path in (
        "/carts/{run}.csv",
        "/carts/{run}/plan.csv",
        "/carts/{run}/plan.json",
        "/recommendations.csv",
    ):
        for run in (hosted_instance.ids["run"], "x%0d%0aX-Injected:%201", 'x";y'):
            answer = browser.get(path.replace("{run}", run), params={"user": USER})
            _sound_headers(answer.headers.raw, path)
            found = answer.headers.get("content-disposition", 'attachment; filename="a.csv"')
            assert re.fullmatch(r'attachment; filename="[a-z-]+\.(csv|json)"', found), path


# Too much.


@pytest.mark.parametrize("size", [10_000, 100_000])
def test_long_headers_and_addresses_are_no_server_error(hosted_instance: HostedInstance, size: int) -> None:
    browser, much = hosted_instance.browser(OWNER), "a" * size
    for name in (
        "Cookie",
        "Authorization",
        "Accept",
        "HX-Current-URL",
        "User-Agent",
        "Referer",
        "If-None-Match",
    ):
        assert browser.get("/profile", headers={name: much}).status_code < 500, name
    query = {"user": much[:60_000]}, {"genres": much[:60_000]}
    assert all(browser.get("/recommendations", params=parameters).status_code < 500 for parameters in query)


def test_no_route_takes_more_than_its_limit(hosted_instance: HostedInstance) -> None:
    browser = hosted_instance.browser(OWNER)
    for method, path in routes(browser, "POST"):
        sent = {
            "content": b"a=" + b"b" * 1_100_000,
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        }
        answer = browser.request(method, filled_in(path, hosted_instance.ids), **sent)  # type: ignore[arg-type]
        assert answer.status_code in (413, 303, 404, 409, 422), path
        if answer.status_code != 413:
            # It was answered before its body was read: nothing was kept of it either.
            assert "b" * 1000 not in answer.text


def test_a_deep_or_huge_document_is_no_server_error(hosted_instance: HostedInstance) -> None:
    program = hosted_instance.program(OWNER)
    for body in (b"[" * 200_000, b'{"a":' * 50_000, b'{"budget": 1' + b"0" * 200_000 + b"}", b'"\\ud800"'):
        answer = program.post(
            f"/api/users/{USER}/carts", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422, body[:20]


# Names that would run.


def hostile_pages(instance: Instance, ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every page with hostile names on it."""
    browser = instance.browser()
    more = {
        "/search": {"q": EVIL},
        "/carts/{run}/text": {"cart": "1"},
        "/shipping": {"seller": EVIL},
        "/recommendations": {"genres": EVIL, "styles": EVIL},
    }
    others = [
        *(f"/runs/{ids[run]}{part}" for run in ("failed", "waiting") for part in ("", "/progress", "/log")),
        *("/release/101", "/artist/7", "/label/50", "/master/900", "/recommendations?view=covers"),
        *(f"/profile?user={name}" for name in ("%3Cx-pwned%3E", USER)),
    ]
    for _, path in routes(browser, "GET"):
        if not path.endswith(("/stream", "/events")) and not path.startswith("/static/"):
            answer = browser.get(filled_in(path, ids), params=more.get(path))
            assert answer.status_code < 500 or path == "/ready", path
            yield path, answer.text
    for address in others:
        yield address, browser.get(address).text


def run_by(text: str) -> list[str]:
    """What of the payload became part of the page's own structure."""
    page = LexborHTMLParser(text)
    found = [node.tag or "" for node in page.css(f"{MARK}, [data-pwned], svg[onload], img[src=x]")]
    for node in page.css("*"):
        for name, value in node.attributes.items():
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                found.append(f"{node.tag} {name}")
    return found + [node.html or "" for node in page.css("script") if "src" not in node.attributes]


def test_no_hostile_name_becomes_part_of_any_page(instance: Instance, evil_dumps: Path) -> None:
    ids = overrun(instance, evil_dumps)
    seen, broken = set(), {}
    for address, text in hostile_pages(instance, ids):
        if text.lstrip().startswith(("<", "\ufeff<")):
            if found := run_by(text):
                broken[address] = found[:3]
            if MARK in text:
                seen.add(address)
    assert broken == {}
    assert seen >= {
        *(
            "/",
            "/profile",
            "/recommendations",
            "/market",
            "/sellers",
            "/shipping",
            "/release/{id}",
            "/search",
        ),
        *("/carts/{run}", "/carts/{run}/print", "/carts/{run}/plan", "/carts/{run}/cart/{place}", "/taste"),
        *("/artist/7", "/label/50", "/master/900", "/release/101", "/operator"),
        *(f"/runs/{ids[run]}" for run in ("failed", "waiting")),
    }


def test_no_hostile_name_of_a_collector_becomes_part_of_any_page(
    instance: Instance, evil_dumps: Path
) -> None:
    ids = overrun(instance, evil_dumps)
    instance.be(UserName(EVIL))
    answers = list(hostile_pages(instance, ids))
    pages = [(address, text) for address, text in answers if text.lstrip().startswith("<")]
    assert len(pages) > 20
    assert [address for address, text in pages if run_by(text)] == []
    assert MARK in instance.browser().get("/").text


def test_documents_for_programs_cannot_be_taken_for_pages(instance: Instance, evil_dumps: Path) -> None:
    ids = overrun(instance, evil_dumps)
    browser = instance.browser()
    files = {"csv": "text/csv; charset=utf-8", "atom": "application/atom+xml"}
    paths = [path for _, path in routes(browser, "GET") if path.startswith("/api/")]
    assert len(paths) > 10
    for path in paths:
        if not path.endswith("/events"):
            answer = browser.get(filled_in(path, ids), params={"q": EVIL} if path == "/api/search" else None)
            assert answer.headers["content-type"] == files.get(path.rpartition(".")[2], "application/json")
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_search_for_what_became_part_of_a_page_would_find_it() -> None:
    for evil in (EVIL, f"<p title='{EVIL}'>", f'<p title="{EVIL}">', "<a href=' javascript:x'>"):
        assert run_by(f"<!doctype html><body>{evil}") != [], evil
