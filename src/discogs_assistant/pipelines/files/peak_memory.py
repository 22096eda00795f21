"""The most resident memory of this process, since it began or since it was last forgotten."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc/self")


def forget_peak() -> None:
    """Start again, where the system can (Linux)."""
    with suppress(OSError):
        (_PROC / "clear_refs").write_text("5", encoding="ascii")


def peak_mb() -> float:
    """In megabytes; of the whole life of the process if the system cannot reset it."""
    with suppress(OSError):
        for line in (_PROC / "status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024, 1)
    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(usage / (1024**2 if sys.platform == "darwin" else 1024), 1)
