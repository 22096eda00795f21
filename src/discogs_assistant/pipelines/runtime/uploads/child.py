"""The process that reads uploads: it gets the open files and nothing else, and sends what it reads.

It ends when the process that started it does, and when it has used up its time or its memory. It has neither
the database nor the settings; its arguments are the descriptors of a pipe and of the files, and it finds the
task on its standard input.
"""

from __future__ import annotations

import os
import pickle
import resource
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, fields
from io import BytesIO
from multiprocessing.connection import Connection
from operator import attrgetter
from typing import Any

from discogs_assistant.model.listing import Listing, Seller
from discogs_assistant.model.market import MarketBatch
from discogs_assistant.model.money import Money
from discogs_assistant.model.profile import CollectionItem, ListPart, Want
from discogs_assistant.model.release import ArtistCredit, Format, LabelCredit, Release
from discogs_assistant.model.tally import MemoryTally
from discogs_assistant.model.upload import FilePart
from discogs_assistant.sources.files.uploads import UploadTask, read_uploads

_STDIN = 0
_SENT = (
    Listing, Seller, Money, MarketBatch, CollectionItem, Want, ListPart, Release, ArtistCredit, LabelCredit,
    Format, FilePart,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChildTask:
    """The task with the limits of its process: seconds of CPU time and bytes of memory."""

    task: UploadTask
    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The last message: how much memory the process had, in kB, and why it read no further, if it did not.

    `trace` is an unexpected error's.
    """

    peak_kb: int
    out_of_memory: bool = False
    trace: str = ""


def main() -> None:
    """Read, send, end."""
    pipe, *files = (int(argument) for argument in sys.argv[1:])
    with os.fdopen(os.dup(_STDIN), "rb") as stdin:
        asked: ChildTask = pickle.load(stdin)  # noqa: S301 - from the process that started this one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit(asked)
    send = _sender(Connection(pipe, readable=False))
    with suppress(BrokenPipeError), ExitStack() as opened:
        contents = [opened.enter_context(os.fdopen(file, "rb")) for file in files]
        send(_read(asked.task, contents, send))


def _read(task: UploadTask, contents: list[Any], send: Callable[[object], None]) -> Ended:
    out_of_memory, trace = False, ""
    try:
        for part in read_uploads(task, contents, MemoryTally):
            send(part)
    except MemoryError:
        out_of_memory = True
    except BrokenPipeError:
        raise
    except Exception:  # noqa: BLE001 - the parent process logs it
        trace = traceback.format_exc()
    return Ended(_peak_kb(), out_of_memory, trace)


def _peak_kb() -> int:
    """The most memory of this process so far; what `getrusage` says begins with that of its parent."""
    with suppress(OSError), open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return 0


def _limit(asked: ChildTask) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = round(used.ru_utime + used.ru_stime + asked.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # a system without this limit; that of time holds there
        resource.setrlimit(resource.RLIMIT_DATA, (asked.memory, asked.memory))


def _sender(connection: Connection) -> Callable[[object], None]:
    """Sends model objects by their fields: as Python pickles frozen dataclasses it takes thrice the time."""
    table: dict[type, Any] = {kind: _by_fields(kind) for kind in _SENT}

    def send(message: object) -> None:
        packed = BytesIO()
        pickler = pickle.Pickler(packed, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = table
        pickler.dump(message)
        connection.send_bytes(packed.getbuffer())

    return send


def _by_fields(kind: Any) -> Callable[[Any], tuple[Any, tuple[Any, ...]]]:
    values = attrgetter(*(field.name for field in fields(kind)))
    return lambda instance: (kind, values(instance))


def _end_with_parent() -> None:
    while os.read(_STDIN, 1024):
        pass
    os._exit(1)
