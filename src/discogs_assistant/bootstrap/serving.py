"""Serving: pages, worker and sandbox, until a signal says stop."""

from __future__ import annotations

import errno
import gc
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue
from types import FrameType

import uvicorn

from discogs_assistant.bootstrap.demo_server import TryOut
from discogs_assistant.bootstrap.demo_world import DEFAULT_WORLD, MadeUpWorld, WorldOptions, made_up_world
from discogs_assistant.bootstrap.hosted_checks import check_made_up, is_this_machine
from discogs_assistant.bootstrap.logs import configure_logs, log_format
from discogs_assistant.bootstrap.settings import read_settings
from discogs_assistant.bootstrap.wiring import App, open_app
from discogs_assistant.config import Mode, Settings
from discogs_assistant.errors import BadInputError

Announce = Callable[[str], None]
_TURN = 0.001
"""Seconds until a computing thread yields to others: pages wait for it after each answer of a database."""


class _Server(uvicorn.Server):
    """Notifies the pages when asked to stop: else streams of events would last until they are cut off."""

    def __init__(self, config: uvicorn.Config, leaving: threading.Event) -> None:
        super().__init__(config)
        self._leaving = leaving

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._leaving.set()
        super().handle_exit(sig, frame)


def serve(
    *,
    web: bool,
    worker: bool,
    sandbox: bool,
    host: str | None,
    port: int | None,
    announce: Announce,
    world_options: WorldOptions = DEFAULT_WORLD,
) -> None:
    """Serve pages, work, or both; with `sandbox` on a made-up world in place of Discogs.

    `BadInputError` for a port in use, for an address that local mode does not serve, and for the made-up
    world in hosted mode.
    """
    chosen = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = read_settings().model_copy(update=chosen)
    configure_logs(settings.log_level, log_format(settings))
    if sandbox:
        check_made_up(settings)
    elif world_options != DEFAULT_WORLD:
        field = "hours" if world_options.hours else "large"
        raise BadInputError("This option is for the made-up world only.", "Add --sandbox.", field=field)
    listener = _listen(settings) if web else None
    # Without a handler the process would end at once, with the worker's steps and lease as they are. It only
    # takes note: an exception raised while the worker is launched could end up in a thread of the library.
    leaving: SimpleQueue[int] = SimpleQueue()
    signal.signal(signal.SIGTERM, lambda number, _: leaving.put(number))
    with made_up_world(settings, announce, world_options) if sandbox else _the_real_one(settings) as world:
        app = open_app(world.settings, world_options.clock)
        try:
            world.populate(app)
            app.ctx.process.preparation.begin()
            app.ctx.kinds.load()
            if worker:
                app.runner.launch()
            _leave_alone_what_stays()
            threading.Thread(target=_warm_up, args=(app,), name="warm-up", daemon=True).start()
            if listener is None:
                announce("Working. Press Ctrl+C to stop.")
                leaving.get()
            else:
                _serve_pages(app, world, listener, announce, leaving)
        finally:
            app.close()


def serve_sandbox(
    *,
    port: int,
    seed: int,
    hours: int,
    large: bool,
    releases: int | None,
    users: int | None,
    sellers: int | None,
    rate: int,
    anonymous_rate: int | None,
    window: float,
    flaky: bool,
    anonymous_images: bool,
    announce: Announce,
) -> None:
    """Serve the stand-in Discogs alone until interrupted; `BadInputError` for a port in use.

    Sizes that are None are those of the small world, or of the large one.
    """
    from discogs_sandbox.server import LARGE, SandboxOptions, run_sandbox

    sizes = LARGE if large else SandboxOptions()
    options = replace(
        sizes,
        releases=releases or sizes.releases,
        users=users or sizes.users,
        sellers=sellers or sizes.sellers,
        seed=seed,
        hours=hours,
        rate=rate,
        anonymous_rate=anonymous_rate or max(1, rate * 25 // 60),
        window=window,
        flaky=flaky,
        anonymous_images=anonymous_images,
    )
    try:
        run_sandbox(
            "127.0.0.1",
            port,
            options,
            announce=lambda url, world: announce(
                f"A made-up Discogs answers at {url}: {rate} requests per {window:g} s with a token. "
                f"Try the collector {world.demo_user}."
            ),
        )
    except OSError as error:
        raise _port_error("127.0.0.1", port, error) from error


def _listen(settings: Settings) -> socket.socket:
    """The socket of the pages, taken before anything else is done."""
    host = settings.host.strip("[]")
    if settings.mode is Mode.LOCAL and not is_this_machine(host):
        raise BadInputError(
            f"In local mode pages are served to this machine only, not on {host}.",
            "Leave HOST at 127.0.0.1, or set MODE to hosted.",
            field="host",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, settings.port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise _port_error(host, settings.port, error) from error
    return listener


def _port_error(host: str, port: int, error: OSError) -> BadInputError:
    if error.errno == errno.EADDRINUSE:
        return BadInputError(
            f"Port {port} of {host} is in use, perhaps by this program itself.",
            "Stop the other one, or choose another port with --port.",
            field="port",
        )
    return BadInputError(
        f"Port {port} of {host} cannot be served: {error.strerror}.", "Choose another.", field="port"
    )


def _serve_pages(
    app: App, world: MadeUpWorld, listener: socket.socket, announce: Announce, leaving: SimpleQueue[int]
) -> None:
    from discogs_assistant.bootstrap.connections import server_config
    from discogs_assistant.web.app import create_app

    try_out = TryOut() if world.world is None else None
    pages = create_app(
        app.ctx, app.runner, demo_users=world.demo_users, demo_sellers=world.demo_sellers, try_out=try_out
    )
    config = server_config(pages, app.ctx.settings)
    sys.setswitchinterval(_TURN)
    host, port = listener.getsockname()[:2]
    announce(f"Open http://{f'[{host}]' if ':' in host else host}:{port}/ in your browser.")
    try:
        if leaving.empty():
            _Server(config, pages.state.site.leaving).run(sockets=[listener])
    finally:
        if try_out is not None:
            try_out.stop()


def _warm_up(app: App) -> None:
    """Have the engines' loops ready before anybody waits: pages search too, for what-if."""
    from discogs_assistant.bootstrap.kernel_cache import compile_loops

    compile_loops(app.ctx.process.preparation)


def _leave_alone_what_stays() -> None:
    # Modules and the made-up world live as long as the process. Looking through them for garbage again and
    # again stopped all threads for 180 to 250 ms each time, five times in a search for carts.
    gc.collect()
    gc.freeze()


@contextmanager
def _the_real_one(settings: Settings) -> Iterator[MadeUpWorld]:
    yield MadeUpWorld(settings)
