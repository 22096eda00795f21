"""Slow and too many connections: others are served meanwhile, and what does not come in time is dropped."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import uvicorn
from tests.bootstrap.processes import ask, environment, free_port, process
from tests.pipelines.workers import until

from discogs_assistant import bootstrap
from discogs_assistant.bootstrap.connections import server_config
from discogs_assistant.config import Settings
from discogs_assistant.web.app import create_app

SOON = 10.0
"""Seconds in which a busy machine answers, while nothing holds it up."""
HOST = b"Host: localhost\r\nOrigin: http://localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
UNFINISHED = b"POST /settings HTTP/1.1\r\n" + HOST + FORM + b"Content-Length: 10\r\n\r\na=b"
FILES = b"POST /sign-in HTTP/1.1\r\n" + HOST + b"Content-Type: multipart/form-data; boundary=x\r\n"


@contextmanager
def served(folder: Path, **chosen: Any) -> Iterator[int]:
    """The port of pages that are served as the command serves them, with other limits."""
    app = bootstrap.open_app(Settings(_env_file=None, data_dir=folder, **chosen))  # type: ignore[call-arg]
    server = uvicorn.Server(server_config(create_app(app.ctx, app.runner), app.ctx.settings))
    with socket.create_server(("127.0.0.1", 0), backlog=300) as bound:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        try:
            yield int(bound.getsockname()[1])
        finally:
            server.should_exit = server.force_exit = True
            thread.join(10)
            app.close()


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=SOON)


def closed(connection: socket.socket) -> bool:
    """Whether the other side closed it; what it said before is thrown away."""
    connection.setblocking(False)
    try:
        return connection.recv(65_536) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def trickle(connection: socket.socket) -> None:
    """One letter more, as long as there is somebody to take it."""
    with suppress(OSError):
        connection.send(b"a")


def everything(connection: socket.socket) -> bytes:
    """All that the other side says until it closes."""
    connection.settimeout(SOON)
    said = b""
    with suppress(ConnectionError):
        while more := connection.recv(65_536):
            said += more
    return said


def test_two_hundred_that_trickle_hold_nobody_up_and_are_dropped(tmp_path: Path) -> None:
    port, limit = free_port(), 3.0
    given = environment(tmp_path, HEADER_SECONDS=str(limit))
    with process("web", "--port", str(port), given=given, folder=tmp_path), ExitStack() as stack:
        until(lambda: ask(port, "/health")[0] == 200, 90)
        open_ones = [stack.enter_context(connect(port)) for _ in range(200)]
        began = monotonic()
        for connection in open_ones:
            connection.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        while monotonic() - began < limit / 2:
            asked = monotonic()
            assert ask(port, "/health")[0] == 200
            assert ask(port, "/api/runs/x")[0] == 404
            assert monotonic() - asked < SOON
            for connection in open_ones:
                trickle(connection)
        waiting = set(open_ones)

        def all_dropped() -> bool:
            for connection in [connection for connection in waiting if closed(connection)]:
                waiting.remove(connection)
            for connection in waiting:
                trickle(connection)
            return not waiting

        until(all_dropped, 30)
        assert monotonic() - began < limit + SOON


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Pages that give half a second for headers, and as much for a body."""
    with served(tmp_path_factory.mktemp("quick"), header_seconds=0.5, body_seconds=0.5) as number:
        yield number


def test_late_headers_are_answered_with_a_sentence(port: int) -> None:
    with connect(port) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: local")
        said = everything(slow)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"did not arrive in time" in said


def test_who_says_nothing_is_dropped_without_a_word(port: int) -> None:
    with connect(port) as silent:
        assert everything(silent) == b""


def test_the_headers_of_a_second_request_have_the_same_time(port: int) -> None:
    with connect(port) as kept:
        kept.sendall(b"GET /health HTTP/1.1\r\n" + HOST + b"\r\nGET /health HTT")
        said = everything(kept)
    assert said.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in said


def test_a_kept_connection_serves_again_after_a_pause(port: int) -> None:
    kept = HTTPConnection("127.0.0.1", port, timeout=SOON)
    for _ in range(2):
        kept.request("GET", "/health")
        assert kept.getresponse().read()
        first = kept.sock
        with connect(port) as silent:
            # The pause is as long as one in which a new connection is dropped.
            assert everything(silent) == b""
        assert not closed(first)
        first.settimeout(SOON)
    kept.close()


def test_a_body_that_does_not_come_is_answered_and_its_connection_ends(port: int) -> None:
    with connect(port) as slow:
        slow.sendall(UNFINISHED)
        said = everything(slow)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"did not arrive in time" in said


def test_a_refused_upload_is_answered_before_it_is_sent_and_not_taken(port: int) -> None:
    size, sent = 49_000_000, 0
    with connect(port) as sender:
        sender.sendall(FILES + b"Content-Length: %d\r\n\r\n" % size)
        answer = sender.recv(65_536)
        with suppress(ConnectionError):
            while sent < size:
                sent += sender.send(b"x" * 100_000)
    assert answer.startswith(b"HTTP/1.1 415 ")
    # A megabyte is read and dropped; the rest is what the machine itself holds for both sides.
    assert sent < size / 2


def test_after_the_rest_of_a_small_body_the_connection_serves_again(port: int) -> None:
    with connect(port) as sender:
        sender.sendall(FILES + b"Content-Length: 1000\r\n\r\n")
        assert sender.recv(65_536).startswith(b"HTTP/1.1 415 ")
        sender.sendall(b"x" * 1000 + b"GET /health HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        assert b"HTTP/1.1 200 " in everything(sender)


def test_a_rest_that_trickles_after_the_answer_is_dropped(port: int) -> None:
    with connect(port) as sender:
        sender.sendall(FILES + b"Content-Length: 1000\r\n\r\n")
        assert sender.recv(65_536).startswith(b"HTTP/1.1 415 ")

        def dropped() -> bool:
            trickle(sender)
            return closed(sender)

        until(dropped, 30)


def test_of_too_many_connections_the_one_idle_for_longest_makes_room(tmp_path: Path) -> None:
    with served(tmp_path, connections_at_once=10) as port, ExitStack() as stack:
        idle = [stack.enter_context(connect(port)) for _ in range(10)]
        until(lambda: ask(port, "/health")[0] == 200)
        until(lambda: closed(idle[0]))
        assert not closed(idle[-1])


def test_when_all_connections_have_a_request_a_new_one_gets_a_503(tmp_path: Path) -> None:
    with served(tmp_path, connections_at_once=10) as port, ExitStack() as stack:

        def refused() -> bool:
            stack.enter_context(connect(port)).sendall(UNFINISHED)
            status, document = ask(port, "/health")
            return status == 503 and "Too many people are connected" in json.dumps(document)

        until(refused)
