"""`market`: the listings that are known to be for sale."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from discogs_assistant.cli.output import AsJson, open_files, print_document, print_table, say_partial

if TYPE_CHECKING:
    from discogs_assistant.pipelines.runtime.results.counts import MarketResult

app = typer.Typer(help="Listings that are known to be for sale.", no_args_is_help=True)


@app.command("add")
def add(
    paths: Annotated[
        list[Path], typer.Argument(help="Saved sell pages, CSV or JSON inventories, or zips of them.")
    ],
    seller: Annotated[str | None, typer.Option(help="The seller of an inventory CSV.")] = None,
    currency: Annotated[str | None, typer.Option(help="The currency of an inventory CSV.")] = None,
    ships_from: Annotated[str | None, typer.Option(help="The country an inventory CSV ships from.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add saved pages or inventory files, of any size."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.market.uploads import add_market_files
    from discogs_assistant.pipelines.runtime.uploads.reading import ReadHere, UploadedFile

    with open_files(paths, "PATH") as contents, bootstrap.local_session() as session:
        named = zip(paths, contents, strict=True)
        result = add_market_files(
            session.context,
            session.app.owner,
            [UploadedFile(path.name, content) for path, content in named],
            seller=seller,
            currency=currency,
            ships_from=ships_from,
            reader=ReadHere(),
        )
    _show(result, as_json)


@app.command("refresh")
def refresh(
    sellers: Annotated[list[str], typer.Argument(help="Sellers whose inventories are read.")],
    as_json: AsJson = False,
) -> None:
    """Read the inventories of sellers from Discogs."""
    from discogs_assistant.cli.runs import run_to_result
    from discogs_assistant.model.run import RunKind
    from discogs_assistant.pipelines.runtime.results.counts import MarketResult

    options = {"sellers": sellers, "run_again": True}
    _show(run_to_result(RunKind.MARKET, "", options, MarketResult, arguments=["sellers"]), as_json)


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """Show the number and the age of the known listings."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.market.refresh import market_status

    with bootstrap.local_session() as session:
        known = market_status(session.context, session.app.owner)
    ages = [("oldest", known.oldest), ("newest", known.newest)]
    _show(known, as_json, [(name, at.isoformat() if at else None) for name, at in ages])


def _show(result: MarketResult, as_json: bool, more: Sequence[tuple[str, str | None]] = ()) -> None:
    if as_json:
        return print_document(result)
    say_partial(result.partial)
    counts = [("listings", result.listings), ("sellers", result.sellers), ("releases", result.releases)]
    names, values = zip(*counts, *more, strict=True)
    print_table("", names, [values])
