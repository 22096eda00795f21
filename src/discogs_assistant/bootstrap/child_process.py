"""Runs a command as a child process that ends with its parent, however the parent ends."""

from __future__ import annotations

import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping

_STOP_SECONDS = 15
_DRAIN_SECONDS = 10
_STDIN = 0


def begin(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start `discogs-assistant` with `arguments`; it lives as long as its standard input is open.

    A session of its own keeps the terminal's Ctrl+C from it: its parent ends it in its own order.
    """
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", f"from {__name__} import main; main()", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=os.environ | dict(environment or {}),
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and make sure that it does."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    finally:
        if process.stdin is not None:
            process.stdin.close()


def free_port(host: str, wanted: int = 0) -> int:
    """The port `wanted` where nobody has it, else any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, wanted))
        except OSError:
            probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _end_with_parent() -> None:
    # Not through sys.stdin: its lock, held by this thread, would abort a child that ends by itself.
    while os.read(_STDIN, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(_DRAIN_SECONDS)
    os._exit(1)


def main() -> None:
    """The command of the arguments, until it ends or its standard input does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    runpy.run_module("discogs_assistant", run_name="__main__", alter_sys=True)
