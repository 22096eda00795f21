"""`sync`: a profile from Discogs or from exported files."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from discogs_assistant.cli.output import AsJson, open_files, print_json, print_table, say_partial


def sync(
    user: Annotated[str, typer.Argument(help="The Discogs user name.")],
    options: Mapping[str, Any],
    collection: Annotated[
        Path | None, typer.Option(help="An exported collection CSV, instead of Discogs.")
    ] = None,
    wantlist: Annotated[
        Path | None, typer.Option(help="An exported wantlist CSV, instead of Discogs.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch a profile from Discogs, or read exported CSV files."""
    document = _import(user, collection, wantlist) if collection or wantlist else _fetch(user, options)
    if as_json:
        return print_json(document)
    say_partial(document)
    print_table(
        f"{document['user']}",
        ("in the collection", "on the wantlist", "added", "removed"),
        [(document["collection"], document["wantlist"], document["added"], document["removed"])],
    )


def _fetch(user: str, options: Mapping[str, Any]) -> dict[str, object]:
    from discogs_assistant.cli.following import run_to_result
    from discogs_assistant.model.run import RunKind

    return run_to_result(RunKind.SYNC, user, options)


def _import(user: str, collection: Path | None, wantlist: Path | None) -> dict[str, object]:
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.upload_reading import UploadedFile

    named = {"--collection": collection, "--wantlist": wantlist}
    with ExitStack() as opened:
        files: dict[str, UploadedFile | None] = dict.fromkeys(named)
        for option, path in named.items():
            if path is not None:
                (content,) = opened.enter_context(open_files([path], option))
                files[option] = UploadedFile(path.name, content)
        session = opened.enter_context(bootstrap.local_session())
        return session.import_profile(user, files["--collection"], files["--wantlist"])
