"""All commands, put together; each imports what it needs only when it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import typer

from discogs_assistant.cli import (
    account,
    backup,
    carts,
    catalogue,
    check,
    diagnostics,
    market,
    models,
    operator,
    plan,
    profile,
    recommender,
    run_results,
    secrets,
    serve,
    shipping,
    shop,
)
from discogs_assistant.cli.model_options import Show, add_command, add_run_command
from discogs_assistant.cli.output import show_document
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS, Registry

_SHOW: Mapping[str, Show] = {"recommend": run_results.show_recommendations}
_FUNCTIONS: Mapping[str, Callable[..., None]] = {"sync": profile.sync, "shop": shop.shop}
"""Commands that do more than to start a run."""
_REQUIRED = {"shop": ("currency",)}
"""A budget on the command line says its currency."""
_FILE_OPTIONS = "discogs_assistant.pipelines.files.options"


def make_app(kinds: Registry = RUN_KINDS) -> typer.Typer:
    """The commands, with one for each kind of run that has a command."""
    app = typer.Typer(
        name="discogs-assistant",
        help="Recommendations and proven-best carts for record collectors on Discogs.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.command("run")(serve.run)
    app.command("web")(serve.web)
    app.command("worker")(serve.worker)
    app.command("sandbox")(serve.sandbox)
    for kind in kinds:
        if kind.command is None:
            continue
        if kind.command in _FUNCTIONS:
            required = _REQUIRED.get(kind.command, ())
            add_command(app, kind.command, _FUNCTIONS[kind.command], kind.options, required)
        else:
            show = _SHOW.get(kind.command, show_document)
            add_run_command(app, kinds, kind, show)
    app.command("check")(check.check)
    add_command(app, "carts", carts.carts, f"{_FILE_OPTIONS}:CartFileOptions", required=("budget",))
    add_command(app, "plan", plan.plan, f"{_FILE_OPTIONS}:PlanFileOptions")
    app.command("train")(recommender.train)
    app.command("rank")(recommender.rank)
    app.command("evaluate")(recommender.evaluate)
    app.command("settings")(diagnostics.settings)
    app.command("doctor")(diagnostics.doctor)
    app.command("backup")(backup.backup)
    app.command("restore")(backup.restore)
    app.add_typer(catalogue.app, name="catalogue")
    app.add_typer(market.app, name="market")
    app.add_typer(shipping.app, name="shipping")
    app.add_typer(models.app, name="models")
    app.add_typer(account.app, name="account")
    app.add_typer(operator.app, name="operator")
    app.add_typer(secrets.app, name="secrets")
    return app


app = make_app()
