"""`account`: exports or removes a person's data at their request."""

from __future__ import annotations

from typing import Annotated

import typer

from discogs_assistant.cli.output import AsJson, print_json, print_pieces

app = typer.Typer(help="Export or remove a person's data.", no_args_is_help=True)
User = Annotated[str, typer.Argument(help="The Discogs user name with which they signed in.")]
Number = Annotated[
    int | None,
    typer.Option("--number", help="The account's number, if several accounts or none have the name."),
]


@app.command()
def export(user: User = "", number: Number = None) -> None:
    """Print all personal data as one JSON object, without secrets."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.accounts import accounts
    from discogs_assistant.pipelines.operations import account_export

    with bootstrap.local_session() as session:
        owner = accounts.account_called(session.context, user, number)
        print_pieces(account_export.export_account(session.context, owner))


@app.command()
def delete(
    user: User = "",
    number: Number = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Permanently remove an account with all its data, sessions and runs."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.accounts import accounts

    with bootstrap.local_session() as session:
        owner = accounts.account_called(session.context, user, number)
        who = user or f"account {owner}"
        if not yes:
            typer.confirm(f"Remove everything about {who}, for good?", abort=True, err=True)
        accounts.delete_account(session.context, owner)
    if as_json:
        return print_json({"deleted": who})
    typer.echo(f"Everything about {who} is removed.")


@app.command()
def forget(
    collector: Annotated[str, typer.Argument(help="The Discogs user name; an account here is not needed.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Permanently remove a collector's records and everything made from them from all accounts."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.profiles import forgetting

    with bootstrap.local_session() as session:
        keeping = len(forgetting.accounts_keeping(session.context.db, collector))
        if not yes:
            where = f"{keeping} account{'' if keeping == 1 else 's'}"
            typer.confirm(f"Forget {collector}'s records in {where}, for good?", abort=True, err=True)
        count = forgetting.forget_everywhere(session.context, collector)
    if as_json:
        return print_json({"forgotten": collector, "accounts": count})
    typer.echo(f"{collector}'s records are forgotten.")
