"""The web application: pages, JSON API and guard put together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from fastapi import APIRouter, FastAPI, Request
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from discogs_assistant.config import VERSION
from discogs_assistant.model.ids import UserName
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.runs import RunQueue
from discogs_assistant.pipelines.runtime.registry import Registry
from discogs_assistant.web import (
    api_catalogue,
    api_health,
    api_like,
    api_lists,
    api_operator,
    api_requests,
    api_runs,
    api_taste,
    api_wants,
    failures,
    metrics,
)
from discogs_assistant.web.admission import reads_files
from discogs_assistant.web.assets import Assets
from discogs_assistant.web.guard import Guard, Policy
from discogs_assistant.web.measuring import Measured
from discogs_assistant.web.pages import (
    about,
    carts,
    checks,
    discographies,
    feeds,
    forgetting,
    home,
    likeness,
    made_up,
    market,
    new_run,
    operator,
    plans,
    postage,
    profile,
    programs,
    purchases,
    recommendations,
    releases,
    runs,
    search,
    sellers,
    settings,
    shop,
    sign_in,
    taste,
    what_if,
)
from discogs_assistant.web.site import Site, TryOut
from discogs_assistant.web.templates import Templates

_PAGES = (
    home,
    made_up,
    profile,
    forgetting,
    recommendations,
    feeds,
    likeness,
    taste,
    market,
    shop,
    checks,
    purchases,
    what_if,
    plans,
    postage,
    sellers,
    carts,
    runs,
    search,
    releases,
    discographies,
    settings,
    programs,
    sign_in,
    operator,
    about,
)
_API = (
    api_runs,
    api_like,
    api_lists,
    api_taste,
    api_wants,
    api_catalogue,
    api_operator,
    api_health,
    metrics,
)


def create_app(
    ctx: Context,
    queue: RunQueue,
    *,
    demo_users: Sequence[UserName] = (),
    demo_sellers: Sequence[str] = (),
    poll: float = 1.0,
    try_out: TryOut | None = None,
) -> FastAPI:
    """The application; where it is the made-up world, `demo_users` are its collectors to try, and
    `demo_sellers` their favourites to begin with.

    `poll` is the time in seconds between two looks at a run that somebody watches; `try_out` begins a server
    of the made-up world where this is none.
    """
    app = FastAPI(
        title=ctx.settings.app_name,
        version=VERSION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    assets = Assets()
    templates = Templates(ctx.settings, assets, made_up=bool(demo_users))
    app.state.templates = templates
    demo = tuple(demo_users), tuple(demo_sellers)
    app.state.site = Site(
        ctx, queue, templates, *demo, poll=poll, try_out=None if ctx.settings.hosted else try_out
    )
    app.state.metrics = metrics.registry_of(app.state.site)
    failures.install(app)
    _route(app, assets, ctx.kinds)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    app.add_middleware(Guard, policy=Policy.of(ctx.settings), takes_files=_takes_files)
    app.add_middleware(Measured, registry=app.state.metrics, spans=ctx.spans)
    return app


@cache
def _routes(kinds: Registry) -> tuple[BaseRoute, ...]:
    """All but that of assets; what the first requests prepare of them serves each later application.

    Overrides of dependencies, which are an application's own, do not reach them.
    """
    every = APIRouter()
    every.include_router(api_requests.router_of(kinds))
    every.include_router(new_run.router_of(kinds))
    for module in (*_API, *_PAGES):
        every.include_router(module.router)
    return tuple(every.routes)


@cache
def _upload_routes() -> tuple[BaseRoute, ...]:
    routes = (route for module in (*_API, *_PAGES) for route in module.router.routes)
    return tuple(filter(reads_files, routes))


def _takes_files(scope: Scope) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in _upload_routes())


def _route(app: FastAPI, assets: Assets, kinds: Registry) -> None:
    app.router.routes.extend(_routes(kinds))

    async def asset(request: Request) -> Response:
        return assets.answer(request)

    app.add_route("/static/{name}", asset)
