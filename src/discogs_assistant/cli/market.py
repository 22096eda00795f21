"""`market`: what is for sale, as far as known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from discogs_assistant.cli.output import AsJson, open_files, print_json, print_table, say_partial

app = typer.Typer(help="What is for sale, as far as known.", no_args_is_help=True)


@app.command("add")
def add(
    paths: Annotated[
        list[Path], typer.Argument(help="Saved sell pages, CSV or JSON inventories, or zips of them.")
    ],
    seller: Annotated[str | None, typer.Option(help="Whose inventory CSV it is.")] = None,
    currency: Annotated[str | None, typer.Option(help="The currency of an inventory CSV.")] = None,
    ships_from: Annotated[str | None, typer.Option(help="The country an inventory CSV ships from.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add saved pages or inventory files, of any size."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.market_uploads import add_market_files
    from discogs_assistant.pipelines.upload_reading import ReadHere, UploadedFile

    with open_files(paths, "PATH") as contents, bootstrap.local_session() as session:
        named = zip(paths, contents, strict=True)
        document = add_market_files(
            session.context,
            session.app.owner,
            [UploadedFile(path.name, content) for path, content in named],
            seller=seller,
            currency=currency,
            ships_from=ships_from,
            reader=ReadHere(),
        )
    _show(document, as_json)


@app.command("refresh")
def refresh(
    sellers: Annotated[list[str], typer.Argument(help="Sellers whose inventories are read.")],
    as_json: AsJson = False,
) -> None:
    """Read the inventories of sellers from Discogs."""
    from discogs_assistant.cli.following import run_to_result
    from discogs_assistant.model.run import RunKind

    options = {"sellers": sellers, "run_again": True}
    _show(run_to_result(RunKind.MARKET, "", options, arguments=["sellers"]), as_json)


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """What is known to be for sale, and how old that is."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.market import market_status

    with bootstrap.local_session() as session:
        document = market_status(session.context, session.app.owner)
    _show(document, as_json)


def _show(document: dict[str, Any], as_json: bool) -> None:
    if as_json:
        return print_json(document)
    say_partial(document)
    keys = [key for key in ("listings", "sellers", "releases", "oldest", "newest") if key in document]
    print_table("", keys, [[document[key] for key in keys]])
