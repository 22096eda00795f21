"""Connections to the pages: how many there are, and how long each may take to send its request.

By itself uvicorn 0.54 sets no time limit for headers: a connection that sends nothing, or a letter now and
then, stays open for ever, and so does one that keeps sending a body after its answer.
"""

from __future__ import annotations

from asyncio import BaseTransport, TimerHandle
from enum import Enum, auto
from typing import Any, ClassVar

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from discogs_assistant.config import Settings
from discogs_assistant.web.guard import BUSY

_REQUESTS_END = 10
"""Seconds that requests under way have to end once the process is asked to stop."""
_IDLE = 75
"""Seconds that an idle connection stays open: longer than at a proxy, else it may close on a request."""
_REST_SECONDS = 5.0
"""Seconds in which the rest of a body may come after its answer: many browsers read the answer only then."""
_REST_BYTES = 1_000_000
_LATE = b"The headers of this request did not arrive in time.\n"
_LATE_HEADERS = (
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-length", str(len(_LATE)).encode()),
    (b"connection", b"close"),
)


class _Wait(Enum):
    """What a connection waits for: NOTHING while a request is at work."""

    NOTHING = auto()
    HEADERS = auto()
    NEXT_REQUEST = auto()
    REST_OF_BODY = auto()


class BoundedConnection(H11Protocol):
    """A connection that is closed where what it waits for does not come in time.

    Where there are more than `most`, the one that has been without a request for longest makes room; where
    all have one, the request of the new one is refused.
    """

    header_seconds: ClassVar[float]
    most: ClassVar[int]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waits_for = _Wait.NOTHING
        self._deadline: TimerHandle | None = None
        self._rest = 0
        self._one_too_many = False
        self._idle_since: float | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Wait for a first request, if there is room for it."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._wait_for(_Wait.HEADERS)
        if len(self.connections) > self.most and not self._make_room():
            self._one_too_many = True
            self.app_state = {**self.app_state, BUSY: True}

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._wait_for(_Wait.NOTHING)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; of the rest of an answered request's body so much is dropped, then the connection ends."""
        if self._waits_for is _Wait.REST_OF_BODY:
            self._rest += len(data)
            if self._rest > _REST_BYTES:
                self.transport.abort()
                return
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """Wait for the rest of the body or the next request."""
        super().on_response_complete()
        if self._one_too_many:
            self.transport.close()
        self._look()

    def _look(self) -> None:
        """Find out what the connection waits for now."""
        theirs, ours = self.conn.their_state, self.conn.our_state
        if self.transport.is_closing():
            self._wait_for(_Wait.NOTHING)
        elif theirs is h11.IDLE:
            begun = bool(self.conn.trailing_data[0]) or self._waits_for is _Wait.HEADERS
            self._wait_for(_Wait.HEADERS if begun else _Wait.NEXT_REQUEST)
        elif theirs is h11.SEND_BODY and ours is h11.DONE:
            self._wait_for(_Wait.REST_OF_BODY)
        else:
            self._wait_for(_Wait.NOTHING)

    def _wait_for(self, what: _Wait) -> None:
        """Start to wait; bytes that arrive meanwhile do not extend the time."""
        if what is self._waits_for:
            return
        self._waits_for, self._rest = what, 0
        idle = what in (_Wait.HEADERS, _Wait.NEXT_REQUEST)
        self._idle_since = (self._idle_since or self.loop.time()) if idle else None
        if self._deadline is not None:
            self._deadline.cancel()
        seconds = {
            _Wait.HEADERS: self.header_seconds,
            _Wait.NEXT_REQUEST: self.timeout_keep_alive,
            _Wait.REST_OF_BODY: _REST_SECONDS,
        }.get(what)
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._end)

    def _end(self) -> None:
        """Close the connection: what it waited for did not come."""
        if self._waits_for is _Wait.HEADERS and self.conn.trailing_data[0]:
            answer = h11.Response(status_code=408, headers=list(_LATE_HEADERS), reason=b"Request Timeout")
            for event in (answer, h11.Data(data=_LATE), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        # A connection that is only closed would stay open for ever while its peer does not read.
        unread = self._waits_for is _Wait.REST_OF_BODY or self.transport.get_write_buffer_size() > 0
        self._wait_for(_Wait.NOTHING)
        if unread:
            self.transport.abort()
        else:
            self.transport.close()

    def _make_room(self) -> bool:
        """Close the connection that has been idle longest, if there is one besides this."""
        others = (
            connection
            for connection in self.connections
            if isinstance(connection, BoundedConnection) and connection is not self
        )
        idle = {other: other._idle_since for other in others if other._idle_since is not None}
        if not idle:
            return False
        min(idle, key=lambda connection: idle[connection])._end()
        return True


def server_config(pages: FastAPI, settings: Settings) -> uvicorn.Config:
    """How the pages are served: with the times and the number of connections that the settings say."""

    class Connection(BoundedConnection):
        header_seconds = settings.header_seconds
        most = settings.connections_at_once

    return uvicorn.Config(
        pages,
        http=Connection,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_REQUESTS_END,
        timeout_keep_alive=_IDLE,
        ws="none",
    )
