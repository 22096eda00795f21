"""`secrets`: the key that seals people's tokens."""

from __future__ import annotations

import typer

from discogs_assistant.cli.output import AsJson, print_json

app = typer.Typer(help="The key that seals people's tokens.", no_args_is_help=True)


@app.callback()
def secrets() -> None:
    """The key that seals people's tokens."""


@app.command()
def rotate(as_json: AsJson = False) -> None:
    """Seal everything anew with SECRET_KEY; what PREVIOUS_SECRET_KEYS sealed can still be read until then."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.accounts.accounts import rotate as seal_anew

    with bootstrap.local_session() as session:
        sealed = seal_anew(session.context)
        left = len(session.context.settings.previous_secret_keys)
    if as_json:
        return print_json({"sealed_anew": sealed})
    typer.echo(f"{sealed} sealed anew with the key of SECRET_KEY.")
    if left:
        typer.echo("Nothing needs the older keys any more: take PREVIOUS_SECRET_KEYS out of the settings.")
