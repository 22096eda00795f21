"""Bodies: who may send what is decided from a request's headers, before a byte of the rest is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from anyio import create_task_group
from structlog.testing import capture_logs
from tests.web.asgi import FILES, FORM, Sent, alone, unread
from tests.web.every_route import Route, every_route, filled_in
from tests.web.fakes import Instance
from tests.web.hosted import open_hosted_app
from tests.web.people import ANOTHER, OWNER, HostedInstance

from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.pipelines.runtime.quotas import count_upload
from discogs_assistant.web.app import create_app

UPLOADS = {("POST", "/market/files"), ("POST", "/profile/files")}
JSON = {"Content-Type": "application/json"}
SMALL, HUGE = {"Content-Length": "10"}, {"Content-Length": "49000000"}
SIGN_OUT = ("POST", "/sign-out")
"""It reads no body, and is for everybody."""


def app_of(where: HostedInstance | Instance) -> Any:
    return (where.instance if isinstance(where, HostedInstance) else where).program().app


def changing(app: Any) -> list[Route]:
    return [route for route in every_route(app) if route[0] != "GET"]


def cookie(where: HostedInstance, role: str) -> dict[str, str]:
    return {"Cookie": f"session={where.session(role)}"}


def test_nothing_is_read_of_who_is_not_signed_in(hosted_instance: HostedInstance) -> None:
    app = app_of(hosted_instance)
    routes = [route for route in changing(app) if route != SIGN_OUT]
    assert len(routes) > 30
    for method, path in routes:
        kind = JSON if path.startswith("/api/") else FILES if (method, path) in UPLOADS else FORM
        size = HUGE if kind is FILES else SMALL
        answer = unread(app, method, filled_in(path, hosted_instance.ids), kind | size)
        expected = 401 if path.startswith("/api/") else 409 if path == "/sign-in" else 303
        assert answer.status == expected, (method, path)


def test_nothing_is_read_of_an_address_that_signed_in_too_often(tmp_path: Path) -> None:
    with open_hosted_app(tmp_path, sign_ins_per_address=1) as hosted_app:
        assert hosted_app.browser("203.0.113.1").post("/sign-in", params={"next": "/"}).status_code == 303
        answer = unread(hosted_app.pages, "POST", "/sign-in", FORM | SMALL, client="203.0.113.1")
        assert answer.status == 429
        assert "Retry-After".lower() in answer.answer_headers
        assert hosted_app.browser("203.0.113.2").post("/sign-in", params={"next": "/"}).status_code == 303


def test_files_are_taken_by_the_routes_that_read_them_alone(hosted_instance: HostedInstance) -> None:
    app, me = app_of(hosted_instance), cookie(hosted_instance, OWNER)
    others = [route for route in every_route(app) if route not in UPLOADS]
    assert len(others) == len(list(every_route(app))) - len(UPLOADS)
    for method, path in others:
        answer = unread(app, method, filled_in(path, hosted_instance.ids), me | FILES | HUGE)
        assert answer.status == 415, (method, path)
        assert "This address does not accept files." in answer.text


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/settings", FORM | {"Content-Length": "64001"}, 413),
        ("/market/files", FORM | {"Content-Length": "64001"}, 413),
        ("/market/files", FILES | {"Content-Length": "51000001"}, 413),
        ("/sign-in", FORM | HUGE, 413),
        ("/sign-in", FILES | HUGE, 415),
        ("/nowhere", FILES | HUGE, 415),
        ("/settings", FORM | SMALL | {"Origin": "https://evil.example"}, 403),
    ],
)
def test_what_is_too_much_or_foreign_is_refused_from_its_headers(
    hosted_instance: HostedInstance, address: str, headers: dict[str, str], status: int
) -> None:
    assert (
        unread(app_of(hosted_instance), "POST", address, cookie(hosted_instance, OWNER) | headers).status
        == status
    )


def test_json_of_a_megabyte_is_refused_from_its_headers(hosted_instance: HostedInstance) -> None:
    headers = cookie(hosted_instance, OWNER) | JSON | {"Content-Length": "1000001"}
    assert unread(app_of(hosted_instance), "POST", "/api/users/digger/sync", headers).status == 413


def test_a_form_that_hides_its_length_is_refused(hosted_instance: HostedInstance) -> None:
    async def work() -> Sent:
        form = Sent(
            app_of(hosted_instance),
            "POST",
            "/settings",
            cookie(hosted_instance, OWNER) | FORM,
            body=b"a" * 64_001,
        )
        form.rest.set()
        return await form.ask()

    answer: Sent = alone(work)
    assert answer.status == 413
    assert "larger than 64 kB" in answer.text


def test_a_body_that_does_not_arrive_in_time_is_dropped(hosted_instance: HostedInstance) -> None:
    app = app_of_settings(hosted_instance, body_seconds=0.05)

    async def work() -> Sent:
        return await Sent(app, "POST", "/settings", cookie(hosted_instance, OWNER) | FORM | SMALL).ask()

    answer: Sent = alone(work)
    assert answer.status == 408
    assert "did not arrive in time" in answer.text


def test_who_hangs_up_is_no_error_of_ours(hosted_instance: HostedInstance) -> None:
    async def work() -> Sent:
        left = Sent(
            app_of(hosted_instance),
            "POST",
            "/settings",
            cookie(hosted_instance, OWNER) | FORM,
            body=b"a",
            leaves=True,
        )
        left.rest.set()
        return await left.ask()

    with capture_logs() as logged:
        answer: Sent = alone(work)
    assert (answer.status, logged) == (0, [])


def app_of_settings(where: HostedInstance, **chosen: Any) -> Any:
    instance = where.instance.with_settings(**chosen)
    return create_app(instance.ctx, instance.queue)


def test_nothing_is_read_of_who_uploaded_too_often_today(hosted_instance: HostedInstance) -> None:
    instance = hosted_instance.instance.with_settings(uploads_per_day=1)
    app = create_app(instance.ctx, instance.queue)
    count_upload(instance.ctx, hosted_instance.owners[OWNER])
    answer = unread(app, "POST", "/market/files", cookie(hosted_instance, OWNER) | FILES | HUGE)
    assert answer.status == 429
    assert "uploaded files too often" in answer.text


@pytest.mark.parametrize(
    ("role", "client", "status"),
    [(OWNER, "203.0.113.9", 429), (ANOTHER, "203.0.113.1", 429), (ANOTHER, "203.0.113.9", 422)],
    ids=["same person", "same address", "somebody else elsewhere"],
)
def test_a_person_and_an_address_send_so_many_uploads_at_once(
    hosted_instance: HostedInstance, role: str, client: str, status: int
) -> None:
    app = app_of_settings(hosted_instance, uploads_at_once=2)
    mine, theirs = cookie(hosted_instance, OWNER), cookie(hosted_instance, role)

    async def work() -> tuple[int, list[int], int]:
        sent = [Sent(app, "POST", "/market/files", mine | FILES, body=b"--x--\r\n") for _ in range(2)]
        more = Sent(app, "POST", "/market/files", theirs | FILES, client, b"--x--\r\n")
        after = Sent(app, "POST", "/market/files", theirs | FILES, client, b"--x--\r\n")
        for request in (more, after):
            request.rest.set()
        async with create_task_group() as tasks:
            for request in sent:
                tasks.start_soon(request.ask)
            for request in sent:
                await request.reads.wait()
            await more.ask()
            for request in sent:
                request.rest.set()
        return more.status, [request.status for request in sent], (await after.ask()).status

    # 422: the form held no file.
    assert alone(work) == (status, [422, 422], 422)


def test_a_token_of_a_program_uploads_nothing_and_is_not_read(hosted_instance: HostedInstance) -> None:
    token = sessions.add_api_token(hosted_instance.instance.ctx, hosted_instance.owners[OWNER], "a program")
    headers = {"Authorization": f"Bearer {token}"} | FILES | HUGE
    assert unread(app_of(hosted_instance), "POST", "/profile/files", headers).status == 303
