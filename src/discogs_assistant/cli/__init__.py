"""The command line: results on stdout, progress and logs on stderr, the exit statuses of docs/cli.md."""

from __future__ import annotations

import gc
import sys

from discogs_assistant.errors import AssistantError

_COLLECTION_LIMITS = (100_000, 20, 50)
"""With Python's own, garbage is collected 400 times while the modules of a command are loaded."""


def main() -> None:
    """Run the command that the arguments name; never a traceback for what a person can fix."""
    gc.set_threshold(*_COLLECTION_LIMITS)
    from discogs_assistant.cli.commands import app

    try:
        app()
    except AssistantError as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        sys.exit(130)
