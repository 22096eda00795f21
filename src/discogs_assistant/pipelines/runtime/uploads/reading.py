"""Reading uploaded files: in processes of their own for pages, in this one for the command line."""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from multiprocessing import Pipe
from typing import Any, BinaryIO, Protocol

import structlog

from discogs_assistant.config import Settings
from discogs_assistant.errors import BadInputError, BusyError
from discogs_assistant.model.ids import printable
from discogs_assistant.model.readable import size
from discogs_assistant.model.upload import NO_LIMITS, FilePart, UploadLimits
from discogs_assistant.pipelines.runtime.uploads.child import ChildTask, Ended
from discogs_assistant.sources.files.uploads import UploadTask, read_uploads
from discogs_assistant.store.tallies import DiskTallies

_CHILD_MODULE = "discogs_assistant.pipelines.runtime.uploads.child"
_ERRORS = "discogs_assistant.errors"
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
"""The environment holds secrets, such as the key of the settings: the child gets none of the rest."""
_MODEL = "discogs_assistant.model."
_KNOWN = frozenset(
    {("decimal", "Decimal"), ("datetime", "datetime"), ("datetime", "timedelta"), ("datetime", "timezone")}
)
_PATIENCE = 120.0
_WAITING = 8
"""Forty threads of a process answer its pages: those who wait for their turn may hold up a fifth of them."""
_SMALLER = "Upload it in smaller parts."


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that a person uploaded or named: its name in sentences, and its content, open and seekable."""

    name: str
    content: BinaryIO


class UploadReader(Protocol):
    """Reads uploaded files; `limits` say how much of them."""

    @property
    def limits(self) -> UploadLimits:
        """The most that is read."""
        ...

    @property
    def block(self) -> int:
        """How many rows are saved in one transaction, of which others who save wait for the end."""
        ...

    def parts(self, task: UploadTask, contents: Sequence[BinaryIO]) -> Generator[FilePart[Any], None, None]:
        """The parts of each file in turn. Close the iterator where it is not read to its end."""
        ...

    def turn(self) -> AbstractContextManager[None]:
        """The block stores a part; it may have to wait for other uploads, and for others who save."""
        ...


@contextmanager
def _garbage_looked_for_seldom() -> Iterator[None]:
    # Rows hold no cycles. Looking for some after each 700 of them took a quarter of the time of a large file.
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@dataclass(frozen=True, slots=True)
class ReadHere:
    """Reads in this process, files of any size: of the numbers to remember, all but the first are on disk."""

    limits: UploadLimits = NO_LIMITS
    block: int = 20_000

    def parts(self, task: UploadTask, contents: Sequence[BinaryIO]) -> Generator[FilePart[Any], None, None]:
        """The parts of each file in turn."""
        with DiskTallies() as tallies, _garbage_looked_for_seldom():
            yield from read_uploads(replace(task, limits=self.limits), contents, tallies.tally)

    def turn(self) -> AbstractContextManager[None]:
        """At once: reading, which this process does in between, leaves room for others."""
        return nullcontext()


@dataclass(frozen=True)
class UploadProcesses:
    """Reads each upload in a process of its own, with limits of time and memory, a few at a time.

    A file at which the process ends costs itself only: the files after it are read by the next process, in
    the time that is left. `seconds` count while somebody waits for the process, and again its CPU time.
    """

    limits: UploadLimits
    seconds: float
    memory: int
    processes: int
    block: int = 1
    patience: float = _PATIENCE
    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    ended: Callable[[Ended], None] = lambda last: None
    _storing: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _waiting: threading.Semaphore = field(init=False, repr=False)
    _free: threading.Semaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """All places are free."""
        object.__setattr__(self, "_free", threading.Semaphore(self.processes))
        object.__setattr__(self, "_waiting", threading.Semaphore(_WAITING))

    def parts(self, task: UploadTask, contents: Sequence[BinaryIO]) -> Generator[FilePart[Any], None, None]:
        """The parts of each file in turn; `BusyError` if no place becomes free."""
        with self._place():
            yield from self._parts(replace(task, limits=self.limits), contents)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One upload of this process stores a part at a time; then all wait for as long as that took.

        SQLite has one writer, and no queue of those who wait in other processes: without the pause they found
        the place taken for seconds where three uploads took turns.
        """
        with self._storing:
            began = self.monotonic()
            yield
            self.pause(self.monotonic() - began)

    def _parts(self, task: UploadTask, contents: Sequence[BinaryIO]) -> Iterator[FilePart[Any]]:
        first, left = 0, self.seconds
        while first < len(contents):
            rest = replace(task, files=task.files[first:])
            reached, error = 0, None
            with _Child(ChildTask(rest, left, self.memory), contents[first:]) as child:
                while True:
                    asked_at = self.monotonic()
                    message = child.receive(left)
                    left -= self.monotonic() - asked_at
                    if not isinstance(message, FilePart):
                        break
                    reached = message.file
                    yield replace(message, file=first + message.file)
            if isinstance(message, Ended):
                self.ended(message)
                if not (message.out_of_memory or message.trace):
                    return
            error = self._why(_shown(task, first + reached), message, left)
            yield FilePart(first + reached, error=error)
            first += reached + 1
            if left <= 0:
                yield from self._unread(task, first)
                return

    def _why(self, name: str, last: object, left: float) -> BadInputError:
        """Why the process read no further, from its last message and the seconds that were left."""
        if isinstance(last, Ended) and last.trace:
            structlog.get_logger().error("an uploaded file could not be read", trace=last.trace)
            return BadInputError(
                f"{name} cannot be read: this program failed at it.", "The operator's log says why."
            )
        if isinstance(last, Ended):
            needs = f"more than {size(self.memory)} of memory"
            return BadInputError(f"{name} was not read to its end: it needs {needs}.", _SMALLER)
        if left <= 0:
            return BadInputError(
                f"{name} was not read to its end: it takes more than {self.seconds:,.0f} seconds.", _SMALLER
            )
        return BadInputError(
            f"{name} was not read to its end: the process that read it ran out of time or memory.",
            _SMALLER,
        )

    def _unread(self, task: UploadTask, first: int) -> Iterator[FilePart[Any]]:
        for place in range(first, len(task.files)):
            sentence = f"{_shown(task, place)} was not read: the files before it took all the time."
            yield FilePart(place, error=BadInputError(sentence, "Upload it again, without them."))

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._waiting.acquire(blocking=False):
            raise _busy()
        try:
            if not self._free.acquire(timeout=self.patience):
                raise _busy()
        finally:
            self._waiting.release()
        try:
            yield
        finally:
            self._free.release()


class _Child:
    """The process for one task; it is ended with the block."""

    def __init__(self, asked: ChildTask, contents: Sequence[BinaryIO]) -> None:
        self._connection, theirs = Pipe(duplex=False)
        files = [content.fileno() for content in contents]
        descriptors = [theirs.fileno(), *files]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [
                    sys.executable,
                    "-P",
                    "-c",
                    f"from {_CHILD_MODULE} import main; main()",
                    *map(str, descriptors),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                cwd="/",
                pass_fds=descriptors,
                start_new_session=True,
            )
        assert self._process.stdin is not None
        self._stdin = self._process.stdin
        self._asked = asked

    def __enter__(self) -> _Child:
        with suppress(BrokenPipeError):  # where it has ended already, `receive` will find out
            pickle.dump(self._asked, self._stdin)
            self._stdin.flush()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._connection.close()
        with suppress(BrokenPipeError):
            self._stdin.close()

    def receive(self, seconds: float) -> object:
        """Its next message; None where it sends none in that time, or has ended without a word."""
        try:
            if not self._connection.poll(max(0.0, seconds)):
                return None
            return _ModelUnpickler(BytesIO(self._connection.recv_bytes())).load()
        except (EOFError, OSError):
            return None


class _ModelUnpickler(pickle.Unpickler):
    """Reads objects of the model and nothing else: somebody who took over the child gets no further."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of that name, if it may come from a child."""
        ours = module in {_ERRORS, _CHILD_MODULE} or module.startswith(_MODEL)
        if ours or (module, name) in _KNOWN:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not expected of a process that reads uploads")


def _shown(task: UploadTask, place: int) -> str:
    return printable(task.files[place][1], 80)


def _busy() -> BusyError:
    return BusyError(
        "The server is reading many other files, so yours were not read.", "Upload them again in a minute."
    )


def upload_processes(
    settings: Settings, ended: Callable[[Ended], None] = lambda last: None
) -> UploadProcesses:
    """The processes by the settings, with the limits for uploads in the browser."""
    return UploadProcesses(
        UploadLimits(settings.upload_listings, settings.upload_items, settings.upload_limit),
        settings.upload_seconds,
        settings.upload_memory,
        settings.upload_processes,
        ended=ended,
    )
