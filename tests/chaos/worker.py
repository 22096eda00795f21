"""A worker process that asks the test, before and after the work of each step, whether it may live on."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from discogs_assistant import bootstrap
from discogs_assistant.bootstrap.logs import configure_logs
from discogs_assistant.config import Settings
from discogs_assistant.pipelines.runtime.flow import ChunkHandler, Flow, PipelineBody

LEASE_SECONDS = 0.6


def chosen(folder: Path, url: str) -> dict[str, Any]:
    """Settings that talk to a sandbox without a limit that matters, and ask few questions."""
    return {
        "data_dir": folder,
        "discogs_api_url": url,
        "discogs_site_url": url,
        "rate_limit": 1_000_000,
        "anonymous_rate_limit": 1_000_000,
        "rate_window": 1.0,
        "discography_requests": 20,
        "market_requests": 40,
        "log_level": "WARNING",
    }


def settings_of(folder: Path, url: str) -> Settings:
    """An installation whose workers are known to be dead soon."""
    own = chosen(folder, url)
    return Settings(**own, lease_seconds=LEASE_SECONDS, _env_file=None)  # type: ignore[call-arg]


@dataclass(frozen=True)
class Asking:
    """Tells the test where the worker is, and goes on when the test answers."""

    port: int

    def __call__(self, moment: str, name: str) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall(f"{moment}\t{name}\n".encode())
            line.recv(1)

    def around(self, name: str, work: Callable[[], Any]) -> Any:
        self("before", name)
        self("within", name)
        value = work()
        self("after", name)
        return value


def asking_body(body: PipelineBody, ask: Asking) -> PipelineBody:
    """A pipeline whose steps ask, those of its fan-outs too."""

    def carry_out(flow: Flow) -> None:
        step = flow.step
        asking = lambda name, work: step(name, lambda: ask.around(name, work))  # noqa: E731
        flow.step = asking  # type: ignore[method-assign]
        body(flow)

    return carry_out


def asking_handler(name: str, handler: ChunkHandler, ask: Asking) -> ChunkHandler:
    """A chunk handler that asks."""
    return lambda run_id, chunk: ask.around(f"chunk: {name}", lambda: handler(run_id, chunk))


def main(folder: str, url: str, port: str) -> None:
    """Work until killed."""
    configure_logs("ERROR")
    ask = Asking(int(port))
    app = bootstrap.open_app(settings_of(Path(folder), url))
    app.runner.bodies = {kind: asking_body(body, ask) for kind, body in app.runner.bodies.items()}
    app.runner.handlers = {
        name: asking_handler(name, handler, ask) for name, handler in app.runner.handlers.items()
    }
    app.runner.launch()
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
