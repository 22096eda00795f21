"""`sync`: a profile from Discogs or from exported files."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from discogs_assistant.cli.output import AsJson, open_files, print_document, print_table, say_partial

if TYPE_CHECKING:
    from discogs_assistant.pipelines.runtime.results.counts import SyncResult


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
    result = _import(user, collection, wantlist) if collection or wantlist else _fetch(user, options)
    if as_json:
        return print_document(result)
    say_partial(result.partial)
    print_table(
        result.user,
        ("in the collection", "on the wantlist", "added", "removed"),
        [(result.collection, result.wantlist, result.added, result.removed)],
    )


def _fetch(user: str, options: Mapping[str, Any]) -> SyncResult:
    from discogs_assistant.cli.runs import run_to_result
    from discogs_assistant.model.run import RunKind
    from discogs_assistant.pipelines.runtime.results.counts import SyncResult

    return run_to_result(RunKind.SYNC, user, options, SyncResult)


def _import(user: str, collection: Path | None, wantlist: Path | None) -> SyncResult:
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.runtime.uploads.reading import UploadedFile

    named = {"--collection": collection, "--wantlist": wantlist}
    with ExitStack() as opened:
        files: dict[str, UploadedFile | None] = dict.fromkeys(named)
        for option, path in named.items():
            if path is not None:
                (content,) = opened.enter_context(open_files([path], option))
                files[option] = UploadedFile(path.name, content)
        session = opened.enter_context(bootstrap.local_session())
        return session.import_profile(user, files["--collection"], files["--wantlist"])
