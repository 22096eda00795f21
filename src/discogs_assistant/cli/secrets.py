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
    """Seal all tokens again with SECRET_KEY; until then PREVIOUS_SECRET_KEYS are still needed."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.accounts.accounts import rotate as seal_again

    with bootstrap.local_session() as session:
        sealed = seal_again(session.context)
        left = len(session.context.settings.previous_secret_keys)
    if as_json:
        return print_json({"sealed_anew": sealed})
    typer.echo(f"{sealed} sealed again with the key in SECRET_KEY.")
    if left:
        typer.echo("The older keys are no longer needed: remove PREVIOUS_SECRET_KEYS from the settings.")
