"""A line between workers and the stand-in Discogs that can be cut."""

from __future__ import annotations

import asyncio
import random
import threading
from dataclasses import dataclass, field
from types import TracebackType

_PIECE = 65536


@dataclass
class Proxy:
    """Listens on a port of its own and hands all on to `host:port`; a context manager."""

    host: str
    port: int
    cuts: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop, init=False)
    _lines: set[asyncio.StreamWriter] = field(default_factory=set, init=False)
    _own: int = field(default=0, init=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._own}"

    def cut(self, dice: random.Random, share: float) -> None:
        """Drop so large a share of the connections that are open now, whatever goes over them."""

        def drop() -> None:
            for line in sorted(self._lines, key=id):
                if dice.random() < share:
                    self.cuts += 1
                    line.transport.abort()

        self._loop.call_soon_threadsafe(drop)

    def __enter__(self) -> Proxy:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), name="proxy", daemon=True)
        self._thread.start()
        ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._join, "127.0.0.1", 0))
        self._own = int(server.sockets[0].getsockname()[1])
        ready.set()
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        server.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            theirs, other = await asyncio.open_connection(self.host, self.port)
        except OSError:
            writer.transport.abort()
            return
        self._lines.add(writer)
        try:
            await asyncio.gather(_pass_on(reader, other), _pass_on(theirs, writer))
        finally:
            self._lines.discard(writer)
            for stream in (writer, other):
                stream.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.transport.close()
