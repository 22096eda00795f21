"""How the inner loops of the engines are compiled and stored on disk."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numba
from platformdirs import user_cache_path

from discogs_assistant.engine.compiler_cache import SharedCache

# Sums may be taken in another order, so that the processor adds eight at once; nothing else is relaxed.
_FREEDOM = {"reassoc", "contract", "nsz"}

_HERE = Path(__file__).parent
_CONFIG: Any = numba.config
_njit: Any = numba.njit


def kernel(loop: Callable[..., Any], **options: Any) -> Any:
    """`loop` compiled at its first call, without the interpreter's lock, kept on disk for the next process.

    `options` are numba's. Where nothing can be written, each process compiles it again. Loops with a
    leading underscore, called by others alone, get no entry from Python, which would take a tenth of the
    compiling.
    """
    inner = loop.__name__.startswith("_")
    compiled: Any = _njit(nogil=True, no_cpython_wrapper=inner, no_cfunc_wrapper=inner, **options)(loop)
    with _cache_folder(Path(inspect.getfile(loop))), suppress(RuntimeError):
        compiled._cache = SharedCache(loop)  # type: ignore[no-untyped-call]
    return compiled


def loops_folder() -> Path:
    """Where it is kept which parts of the loops are compiled, named after the source of all engines."""
    return Path(_CONFIG.CACHE_DIR or _folder("**/*.py", _HERE))


@contextmanager
def _cache_folder(file: Path) -> Iterator[None]:
    """Let numba keep what it compiles in a folder named after the source of all loops beside those of `file`.

    By itself it looks at the file of a loop alone, so that one which calls a changed loop of another file
    would go on with the old one.
    """
    before = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = before or _folder(
        "**/*.py", file.parent.parent if file.parent.name == "kernels" else file.parent
    )
    try:
        yield
    finally:
        _CONFIG.CACHE_DIR = before


@cache
def _folder(sources: str, home: Path) -> str:
    """Beside the sources, or in the user's cache folder where those are read-only."""
    source = sha256(b"".join(path.read_bytes() for path in sorted(home.glob(sources)))).hexdigest()[:16]
    beside = os.access(home, os.W_OK)
    place = home / "__pycache__" if beside else user_cache_path("discogs-assistant")
    return str(place / f"kernels-{source}")


def loop(function: Callable[..., Any]) -> Any:
    """A `kernel` whose sums may be taken in any order."""
    return kernel(function, fastmath=_FREEDOM)
