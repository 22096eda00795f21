"""A second product on the made-up world, started when a person first asks to try it."""

from __future__ import annotations

import http.client
import subprocess
import threading
from dataclasses import dataclass, field

from discogs_assistant.bootstrap import child_process
from discogs_assistant.config import PREFIX

_HOST = "127.0.0.1"


@dataclass
class TryOut:
    """`run --sandbox` as a separate process: invented and real records are never in one database."""

    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _port: int = field(default=0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def start(self) -> None:
        """Begin, unless it runs already."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._port = child_process.free_port(_HOST)
                self._process = child_process.begin(
                    "run", "--sandbox", "--port", str(self._port), environment={PREFIX + "HOST": _HOST}
                )

    def failed(self) -> bool:
        """Whether it ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def address(self) -> str | None:
        """Where its pages answer; None while it is not ready."""
        if self._process is None or self._process.poll() is not None:
            return None
        return f"http://{_HOST}:{self._port}/" if _is_ready(self._port) else None

    def stop(self) -> None:
        """End it with its server."""
        if self._process is not None:
            child_process.end(self._process)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(_HOST, port, timeout=2)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
