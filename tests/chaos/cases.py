"""The pipelines as they are asked for under kills, each with the run that it needs before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from discogs_assistant.bootstrap.wiring import App
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.carts.check import request_check
from discogs_assistant.pipelines.carts.plans import request_plans
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS
from discogs_assistant.store.market import sellers
from discogs_sandbox.world.world import World

FAVOURITES = 4


@dataclass(frozen=True)
class Case:
    """A pipeline with the request that is made of it; `first` is carried out before it, in peace."""

    kind: RunKind
    user: str
    options: Mapping[str, Any] = field(default_factory=dict, compare=False)
    first: Case | None = None

    def ask(self, app: App, before: Run | None) -> Run:
        """Open the run and let workers have it; `before` is the run of `first`."""
        if before is not None and self.kind is RunKind.PLANS:
            return request_plans(app.ctx, app.runner, before, self.options).run
        if before is not None:
            return request_check(app.ctx, app.runner, app.owner, before.id, "1").run
        return runs.request(app.ctx, app.runner, app.owner, self.kind, self.user, self.options).run


def cases(world: World) -> list[Case]:
    """One of each pipeline, that with the most steps first."""
    user, names = world.demo_user, [seller.name for seller in world.sellers[:FAVOURITES]]
    shop = Case(RunKind.SHOP, user, {"budget": "150", "currency": "USD"})
    asked = [
        shop,
        Case(RunKind.CHECK, user, first=shop),
        Case(RunKind.PLANS, user, {"budget": "120"}, first=shop),
        Case(RunKind.MARKET, "", {"sellers": names}),
        Case(RunKind.SYNC, user, {"full": True}),
        Case(RunKind.RECOMMEND, user, {"top": 50}),
    ]
    assert {case.kind for case in asked} == {kind.kind for kind in RUN_KINDS}, "each pipeline is killed"
    return asked


def prepare_data(app: App, world: World) -> None:
    """Give the person the sellers whose stock carts are built from."""
    for seller in world.sellers[:FAVOURITES]:
        sellers.add_favourite(app.ctx.db, app.owner, seller.name)
