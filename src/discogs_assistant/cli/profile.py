"""`sync`: a profile from Discogs or from exported files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from discogs_assistant.cli.output import AsJson, print_json, print_table, read_file, say_partial


def sync(
    user: Annotated[str, typer.Argument(help="The Discogs user name.")],
    full: Annotated[bool, typer.Option("--full", help="Read everything anew.")] = False,
    collection: Annotated[
        Path | None, typer.Option(help="An exported collection CSV, instead of Discogs.")
    ] = None,
    wantlist: Annotated[
        Path | None, typer.Option(help="An exported wantlist CSV, instead of Discogs.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch a profile from Discogs, or read exported CSV files."""
    document = _import(user, collection, wantlist) if collection or wantlist else _fetch(user, full)
    if as_json:
        return print_json(document)
    say_partial(document)
    print_table(
        f"{document['user']}",
        ("in the collection", "on the wantlist", "added", "removed"),
        [(document["collection"], document["wantlist"], document["added"], document["removed"])],
    )


def _fetch(user: str, full: bool) -> dict[str, object]:
    from discogs_assistant.cli.following import run_to_result
    from discogs_assistant.model.run import RunKind

    return run_to_result(RunKind.SYNC, user, {"full": full})


def _import(user: str, collection: Path | None, wantlist: Path | None) -> dict[str, object]:
    from discogs_assistant import bootstrap

    with bootstrap.local_session() as session:
        limit = session.context.settings.upload_limit
        return session.import_profile(
            user,
            read_file(collection, "--collection", limit) if collection else None,
            read_file(wantlist, "--wantlist", limit) if wantlist else None,
            (collection.name if collection else "", wantlist.name if wantlist else ""),
        )
