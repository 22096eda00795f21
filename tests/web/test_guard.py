"""The guard lets in what is ours, and every answer bears its headers."""

from __future__ import annotations

import hashlib
import re

import pytest
from starlette.testclient import TestClient
from tests.web.fakes import HOME, Instance

from discogs_assistant.config import Settings
from discogs_assistant.web.assets import Assets
from discogs_assistant.web.guard import Policy

PAGES = ("/", "/recommendations", "/no/such/page", "/api/runs/x", "/health")
STYLESHEET = "/static/style.css"


@pytest.mark.parametrize("host", ["localhost", "localhost:8300", "127.0.0.1:8300", "[::1]:8300", "LOCALHOST"])
def test_loopback_is_served(instance: Instance, host: str) -> None:
    assert instance.browser().get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io:8300", "", "[::1"]
)
@pytest.mark.parametrize("address", ["/", "/api/openapi.json"])
def test_a_foreign_host_is_refused(instance: Instance, host: str, address: str) -> None:
    answer = instance.browser().get(address, headers={"Host": host})
    assert answer.status_code == 421
    assert "not served here" in answer.text


def test_the_host_of_the_settings_is_served(instance: Instance) -> None:
    browser = instance.with_settings(host="192.168.7.7").browser()
    assert browser.get("/", headers={"Host": "192.168.7.7:8300"}).status_code == 200
    assert browser.get("/", headers={"Host": "192.168.7.8:8300"}).status_code == 421


def test_a_wildcard_address_names_no_host() -> None:
    assert Policy.of(Settings(_env_file=None, host="0.0.0.0")).hosts == {"localhost", "127.0.0.1", "[::1]"}  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "https://localhost"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": HOME, "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {},
    ],
)
def test_a_form_of_a_foreign_page_is_refused(instance: Instance, headers: dict[str, str]) -> None:
    answer = instance.program().post("/profile/delete", data={"a": "b"}, headers=headers)
    assert answer.status_code == 403
    assert "came from another page" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": HOME},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_form_of_ours_passes(instance: Instance, headers: dict[str, str]) -> None:
    assert instance.program().post("/profile/delete", data={"a": "b"}, headers=headers).status_code == 303


def test_a_program_may_send_json_without_an_origin(instance: Instance) -> None:
    assert instance.program().post("/api/users/digger/sync", json={}).status_code == 202
    assert instance.program().post("/api/users/digger/sync").status_code == 202


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_what_a_foreign_form_can_send_is_no_json(instance: Instance, media: str) -> None:
    answer = instance.program().post("/api/users/digger/sync", content=b"{}", headers={"Content-Type": media})
    assert answer.status_code == 403
    assert set(answer.json()) >= {"error", "next_step"}


def test_json_with_a_foreign_origin_is_refused(instance: Instance) -> None:
    headers = {"Origin": "https://evil.example"}
    program = instance.program()
    assert program.post("/api/users/digger/sync", json={}, headers=headers).status_code == 403
    assert program.delete(f"/api/runs/{'x' * 22}", headers=headers).status_code == 403


@pytest.mark.parametrize("address", [*PAGES, STYLESHEET])
def test_every_answer_bears_the_headers(instance: Instance, address: str) -> None:
    headers = instance.browser().get(address).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self' https://i.discogs.com https://img.discogs.com",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("address", "kept"), [*((address, "no-store") for address in PAGES), (STYLESHEET, "immutable")]
)
def test_only_a_static_file_may_be_stored(instance: Instance, address: str, kept: str) -> None:
    assert kept in instance.browser().get(address).headers["cache-control"]


def test_pictures_of_a_stand_in_are_let_in() -> None:
    settings = Settings(
        _env_file=None, discogs_api_url="http://127.0.0.1:9001/x", discogs_site_url="http://127.0.0.1:9001"
    )  # type: ignore[call-arg]
    assert "https://img.discogs.com http://127.0.0.1:9001;" in Policy.of(settings).content_security


def test_the_most_that_is_shown_is_what_the_setting_says(instance: Instance) -> None:
    browser = instance.with_settings(upload_limit=2_000_000).browser()
    answer = browser.post("/profile/files", files={"collection": ("c.csv", b"x" * 4_000_000)})
    assert "is larger than 2 MB." in answer.text


def test_too_large_an_upload_is_refused(instance: Instance) -> None:
    browser = instance.with_settings(upload_limit=1000).browser()
    answer = browser.post("/profile/files", files={"collection": ("c.csv", b"x" * 2_000_000)})
    assert answer.status_code == 413
    assert "larger than" in answer.text


def test_a_body_that_hides_its_length_is_refused(instance: Instance) -> None:
    body = (b'{"budget": "' + b"9" * 100_000 for _ in range(30))
    answer = instance.program().post(
        "/api/users/digger/carts", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413
    assert answer.json()["code"] == "too-large"


@pytest.mark.parametrize(
    "name",
    ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "style.css%00", "..\\app.py", "app.py", "", "htmx.js/.."],
)
def test_nothing_but_the_assets_is_served(instance: Instance, name: str) -> None:
    assert instance.browser().get(f"/static/{name}").status_code == 404


def test_the_htmx_of_the_wheel_is_what_is_served(instance: Instance) -> None:
    browser = instance.browser()
    pinned = {"htmx.js": HTMX, "htmx-sse.js": HTMX_SSE}
    for name, digest in pinned.items():
        answer = browser.get(f"/static/{name}")
        assert answer.headers["content-type"].startswith("text/javascript")
        assert hashlib.sha256(answer.content).hexdigest() == digest


def test_an_asset_is_served_once(instance: Instance) -> None:
    browser = instance.browser()
    first = browser.get(Assets().address("style.css"))
    again = browser.get("/static/style.css", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_pages_hold_no_inline_script_or_style(full_instance: Instance) -> None:
    browser = full_instance.browser()
    for address in ("/", "/profile", "/recommendations", "/market", "/shop", "/settings", "/about"):
        text = browser.get(address).text
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text)


def test_an_unexpected_error_is_a_page_with_a_sentence(instance: Instance) -> None:
    browser = instance.browser()
    instance.db.close()
    app = browser.app

    async def broken() -> None:
        raise RuntimeError("secret")

    app.add_api_route("/broken", broken)  # type: ignore[attr-defined]
    app.add_api_route("/api/broken", broken)  # type: ignore[attr-defined]
    page, answer = browser.get("/broken"), browser.get("/api/broken")
    assert (page.status_code, answer.status_code) == (500, 500)
    assert "Something went wrong on our side." in page.text
    assert "secret" not in page.text + answer.text
    assert page.headers["content-security-policy"]
    assert set(answer.json()) >= {"error", "next_step", "code"}


def test_a_missing_page_says_so(instance: Instance) -> None:
    browser: TestClient = instance.browser()
    assert "This page does not exist." in browser.get("/nowhere").text
    assert browser.get("/api/nowhere").json()["error"] == "This page does not exist."
    assert browser.post("/about", data={}).status_code == 405


HTMX = "28fae7bbe8e8142b702debb9d5234a9a436d9435a4b5165b195aa1a7ed840d25"
HTMX_SSE = "d3aeb71073552b253eaee99badebd60607003b1c25ac567ab88187d6887ab522"
