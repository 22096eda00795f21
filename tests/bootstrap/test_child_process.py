"""Processes of ours end with the one that began them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from discogs_assistant.bootstrap import child_process

_PARENT = """
from discogs_assistant.bootstrap import child_process
one = child_process.begin("sandbox", "--port", "0", "--releases", "60", "--users", "2", "--sellers", "1")
print(one.pid, flush=True)
one.wait()
"""


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    def wait(holds: Callable[[], bool]) -> None:
        waiter = threading.Event()
        for _ in range(600):
            if holds():
                return
            waiter.wait(0.05)
        raise AssertionError("it never came true")

    return wait


def test_a_child_ends_though_its_parent_was_killed(until: Callable[[Callable[[], bool]], None]) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert not _gone(pid)
    parent.kill()
    parent.wait()
    until(lambda: _gone(pid))


def test_ending_a_child_waits_for_it() -> None:
    process = child_process.begin(
        "sandbox", "--port", "0", "--releases", "60", "--users", "2", "--sellers", "1"
    )
    child_process.end(process)
    assert process.returncode is not None


def test_a_child_has_nothing_to_say_of_how_it_was_begun(capfd: pytest.CaptureFixture[str]) -> None:
    child_process.begin("settings").wait()
    assert capfd.readouterr().err == ""


def test_a_port_in_use_is_not_given_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert child_process.free_port("127.0.0.1", port) not in {0, port}
