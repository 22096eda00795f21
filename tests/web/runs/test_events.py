"""Streams of events end with what opened them: the session, the token, the account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from anyio import Event, create_task_group, fail_after
from anyio.to_thread import run_sync
from tests.web.asgi import Sent, alone
from tests.web.people import OWNER, HostedInstance

from discogs_assistant.model.ids import parse_run_id
from discogs_assistant.pipelines.accounts import accounts, sessions
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.web.app import create_app

WITHIN = 5.0
"""Seconds that are promised."""
PAGE, API = "/runs/{run}/stream", "/api/runs/{run}/events"


@dataclass
class Watched(Sent):
    """A stream that is read until it ends."""

    ended: Event = field(default_factory=Event)

    async def watch(self) -> None:
        await self.ask()
        self.ended.set()


def by_session(where: HostedInstance, role: str) -> dict[str, str]:
    return {"Cookie": f"session={where.session(role)}"}


def by_token(where: HostedInstance, role: str) -> dict[str, str]:
    token = sessions.add_api_token(where.instance.ctx, where.owners[role], "a program")
    return {"Authorization": f"Bearer {token}"}


def sign_out_everywhere(where: HostedInstance) -> None:
    sessions.end_everywhere(where.instance.ctx.db, where.owners[OWNER])


def withdraw(where: HostedInstance) -> None:
    sessions.withdraw_api_token(where.instance.ctx.db, where.owners[OWNER], "a program")


def delete(where: HostedInstance) -> None:
    accounts.delete_account(where.instance.ctx, where.owners[OWNER])


def let_expire(where: HostedInstance) -> None:
    where.instance.clock.sleep(where.instance.settings.session_idle.total_seconds() + 1)


@pytest.mark.parametrize(
    ("address", "shown", "end"),
    [
        (PAGE, by_session, sign_out_everywhere),
        (API, by_session, sign_out_everywhere),
        (PAGE, by_session, let_expire),
        (API, by_token, withdraw),
        (PAGE, by_session, delete),
        (API, by_token, delete),
    ],
)
def test_a_stream_ends_with_what_opened_it(
    hosted_instance: HostedInstance,
    address: str,
    shown: Callable[[HostedInstance, str], dict[str, str]],
    end: Callable[[HostedInstance], None],
) -> None:
    # At the pace of a served process, where a second is between two looks.
    app = create_app(hosted_instance.instance.ctx, hosted_instance.instance.queue, poll=1.0)
    headers = shown(hosted_instance, OWNER)

    async def work() -> Watched:
        stream = Watched(app, "GET", address.format(run=hosted_instance.ids["waiting"]), headers)
        async with create_task_group() as tasks:
            tasks.start_soon(stream.watch)
            await stream.begun.wait()
            with fail_after(WITHIN):
                await run_sync(end, hosted_instance)
                await stream.ended.wait()
        return stream

    assert alone(work).status == 200


def test_streams_of_other_browsers_go_on(hosted_instance: HostedInstance) -> None:
    ctx, run = hosted_instance.instance.ctx, parse_run_id(hosted_instance.ids["waiting"])
    assert run is not None
    app = create_app(ctx, hosted_instance.instance.queue, poll=0.01)
    ending, staying = hosted_instance.session(OWNER), hosted_instance.session(OWNER)

    async def work() -> tuple[str, str]:
        first, second = (
            Watched(app, "GET", PAGE.format(run=run), {"Cookie": f"session={secret}"})
            for secret in (ending, staying)
        )
        async with create_task_group() as tasks:
            for stream in (first, second):
                tasks.start_soon(stream.watch)
                await stream.begun.wait()
            with fail_after(WITHIN):
                await run_sync(sessions.end_session, ctx, ending)
                await first.ended.wait()
            await run_sync(runs.cancel, ctx, hosted_instance.owners[OWNER], run)
        return first.text, second.text

    ended, stayed = alone(work)
    assert "event: done" not in ended
    assert stayed.endswith("event: done\ndata: cancelled\n\n")
