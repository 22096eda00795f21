"""All commands, put together; each imports what it needs only when it runs."""

from __future__ import annotations

import typer

from discogs_assistant.cli import (
    account,
    carts,
    catalogue,
    inspect,
    keeping,
    market,
    models,
    operator,
    plan,
    profile,
    recommend,
    recommender,
    secrets,
    serve,
    shop,
)

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
app.command("sync")(profile.sync)
app.command("recommend")(recommend.recommend)
app.command("shop")(shop.shop)
app.command("carts")(carts.carts)
app.command("plan")(plan.plan)
app.command("train")(recommender.train)
app.command("rank")(recommender.rank)
app.command("evaluate")(recommender.evaluate)
app.command("settings")(inspect.settings)
app.command("doctor")(inspect.doctor)
app.command("backup")(keeping.backup)
app.command("restore")(keeping.restore)
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(market.app, name="market")
app.add_typer(models.app, name="models")
app.add_typer(account.app, name="account")
app.add_typer(operator.app, name="operator")
app.add_typer(secrets.app, name="secrets")
