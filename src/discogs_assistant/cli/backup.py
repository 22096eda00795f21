"""`backup` and `restore`: copy the SQLite database, and restore a copy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from discogs_assistant.cli.output import AsJson, print_json, say

_KEY = "The copy lacks the key that seals tokens: store SECRET_KEY, or the file secret.key, in another place."


def backup(
    path: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    as_json: AsJson = False,
) -> None:
    """Copy the database to a file while the program runs."""
    from discogs_assistant.bootstrap.database_commands import save_backup

    size = save_backup(path)
    say(_KEY)
    if as_json:
        return print_json({"file": str(path), "bytes": size})
    typer.echo(f"{path}: {size:,} bytes")


def restore(
    path: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")], as_json: AsJson = False
) -> None:
    """Make a copy the database, if none exists; its runs continue with the next worker."""
    from discogs_assistant.bootstrap.database_commands import restore_backup

    place = restore_backup(path)
    say("Interrupted runs continue when a worker starts.")
    say("In hosted mode, run `discogs-assistant operator after-restore` first.")
    if as_json:
        return print_json({"database": str(place)})
    typer.echo(f"{place}")
