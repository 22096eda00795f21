"""Serves the stand-in Discogs on a port: in a thread for tests, or as a program of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

import uvicorn

from discogs_sandbox.app import Sandbox, build_app
from discogs_sandbox.faults import Faults
from discogs_sandbox.world.ageing import pass_hours
from discogs_sandbox.world.sellers import SHOP_SIZES
from discogs_sandbox.world.world import World


class SandboxServer:
    """A context manager: `with SandboxServer(build_app(world)) as server: … server.url`.

    Port 0 means any free port. The API and the pages share one address.
    """

    def __init__(self, app: Sandbox, host: str = "127.0.0.1", port: int = 0) -> None:
        self.app = app
        self.world = app.world
        self._host = host
        self._port = port
        self._server = uvicorn.Server(_config(app))
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._socket: socket.socket | None = None

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def start(self) -> SandboxServer:
        """Bind, and serve in a thread; `OSError` where the port is in use."""
        self._socket = _bind(self._host, self._port)
        self._port = int(self._socket.getsockname()[1])
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and end the thread."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)
        if self._thread.is_alive():
            raise RuntimeError("The sandbox did not stop. End its process.")

    def __enter__(self) -> SandboxServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        assert self._socket is not None
        self._server.run(sockets=[self._socket])


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """What the command line may set.

    `users`, `releases`, `sellers`, `listings` and `shops` (the smallest and the largest seller's copies) are
    the world's sizes; `hours` have passed in it.
    """

    seed: int = 1
    hours: int = 0
    releases: int = 3000
    users: int = 300
    sellers: int = 150
    listings: int | None = None
    shops: tuple[int, int] = SHOP_SIZES
    rate: int = 60
    anonymous_rate: int = 25
    window: float = 60.0
    flaky: bool = False
    anonymous_images: bool = False


LARGE = SandboxOptions(releases=40_000, users=600, sellers=500, listings=200_000, shops=(50, 30_000))
"""A market as wide as the real one is for a single person; 15 s and 400 MB, where the default takes one."""


def made_world(options: SandboxOptions) -> World:
    """A new world of these options."""
    world = World.generate(
        options.seed,
        releases=options.releases,
        users=options.users,
        sellers=options.sellers,
        listings=options.listings,
        shops=options.shops,
    )
    pass_hours(world, options.hours)
    return world


def sandbox_app(options: SandboxOptions) -> Sandbox:
    """The app with a new world of these options."""
    world = made_world(options)
    faults = Faults(options.seed) if options.flaky else None
    return build_app(
        world,
        rate=options.rate,
        anonymous_rate=options.anonymous_rate,
        window=options.window,
        flaky=faults,
        anonymous_images=options.anonymous_images,
    )


def serve(app: Sandbox, host: str = "127.0.0.1", port: int = 0) -> SandboxServer:
    """Serve in a thread until `.stop()`; `OSError` where the port is in use."""
    return SandboxServer(app, host, port).start()


def run_sandbox(
    host: str,
    port: int,
    options: SandboxOptions,
    *,
    announce: Callable[[str, World], None] = lambda url, world: None,
) -> None:
    """Make a world and serve it until interrupted; `OSError` where the port is in use.

    `announce` gets the address and the world once the port is open.
    """
    bound = _bind(host, port)
    app = sandbox_app(options)
    announce(f"http://{host}:{bound.getsockname()[1]}", app.world)
    uvicorn.Server(_config(app)).run(sockets=[bound])


def _config(app: Sandbox) -> uvicorn.Config:
    """Without logs: the deliberate faults would be logged as errors of the server."""
    return uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", ws="none")


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(512)
    except OSError:
        bound.close()
        raise
    return bound
