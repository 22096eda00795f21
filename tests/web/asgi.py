"""Requests sent to an application without a server, so that a test sees what is read of a body and when."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from anyio import Event, sleep_forever
from anyio.from_thread import start_blocking_portal
from tests.web.fakes import HOME

OURS = {"Host": urlsplit(HOME).netloc, "Origin": HOME, "Sec-Fetch-Site": "same-origin"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FILES = {"Content-Type": "multipart/form-data; boundary=x"}


def alone(work: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
    """Run in a loop of its own thread: a browser's tests may have one in this thread."""
    with start_blocking_portal() as portal:
        return portal.call(work, *arguments)


@dataclass
class Sent:
    """A request; its body is not sent before `rest` is, and then comes whole.

    `reads` is set as soon as anything waits for the body, `begun` when the answer begins. Who `leaves`
    hangs up before the body is complete.
    """

    app: Any
    method: str
    address: str
    headers: Mapping[str, str]
    client: str = "203.0.113.1"
    body: bytes = b""
    reads: Event = field(default_factory=Event)
    rest: Event = field(default_factory=Event)
    leaves: bool = False
    begun: Event = field(default_factory=Event)
    status: int = 0
    answer_headers: dict[str, str] = field(default_factory=dict)
    answer: bytes = b""

    async def ask(self) -> Sent:
        """Send it, until it is answered whole."""
        path, _, query = self.address.partition("?")
        named = {**OURS, **self.headers}
        scope = {
            **{"type": "http", "http_version": "1.1", "scheme": "http", "method": self.method},
            **{"path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": ""},
            **{"client": (self.client, 4711), "server": ("localhost", 80)},
            "headers": [(name.lower().encode(), value.encode()) for name, value in named.items()],
        }
        await self.app(scope, self._receive().__anext__, self._send)
        return self

    @property
    def text(self) -> str:
        """The answer's body."""
        return self.answer.decode()

    async def _receive(self) -> AsyncIterator[dict[str, Any]]:
        if self.method != "GET":
            self.reads.set()
            await self.rest.wait()
        yield {"type": "http.request", "body": self.body, "more_body": self.leaves}
        if self.leaves:
            yield {"type": "http.disconnect"}
        await sleep_forever()

    async def _send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.answer_headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self.begun.set()
        else:
            self.answer += message.get("body", b"")


def unread(app: Any, method: str, address: str, headers: Mapping[str, str], **more: Any) -> Sent:
    """The answer to a request whose body never comes; a failure where anything waited for it."""

    async def work() -> Sent:
        sent = Sent(app, method, address, headers, **more)
        sent.rest.set()
        return await sent.ask()

    answered: Sent = alone(work)
    assert not answered.reads.is_set(), f"{method} {address} read its body"
    return answered
