"""/metrics: the state of this process and of the instance, for Prometheus."""

from __future__ import annotations

import secrets
from datetime import timedelta

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from starlette.responses import Response

from discogs_assistant.config import Mode, Settings
from discogs_assistant.errors import NotFoundError
from discogs_assistant.pipelines.operations.overview import overview
from discogs_assistant.web.operations.metrics_collector import StoreCollector
from discogs_assistant.web.session import TheSite
from discogs_assistant.web.site import Site

router = APIRouter(include_in_schema=False)
_OF_LAST = timedelta(hours=1)


def registry_of(site: Site) -> CollectorRegistry:
    """The metrics of this process and of the store that it serves, in a registry of their own."""
    registry = CollectorRegistry()
    for of_process in (ProcessCollector, PlatformCollector, GCCollector):
        of_process(registry=registry)
    registry.register(
        StoreCollector(lambda: site.memory.recall("metrics", lambda: overview(site.ctx, of_last=_OF_LAST)))
    )
    return registry


@router.get("/metrics")
def metrics(request: Request, site: TheSite) -> Response:
    """The figures in the text format; 404 for anyone who may not see them."""
    if not _may_see(site.ctx.settings, request.headers.get("authorization", "")):
        raise NotFoundError("This page does not exist.", "Go back to the start.")
    encode, media = choose_encoder(request.headers.get("accept", ""))
    registry: CollectorRegistry = request.app.state.metrics
    return Response(encode(registry), headers={"Content-Type": media})


def _may_see(settings: Settings, authorization: str) -> bool:
    token = settings.metrics_token.get_secret_value()
    if not token:
        return settings.mode is Mode.LOCAL
    scheme, _, given = authorization.partition(" ")
    same = secrets.compare_digest(given.strip().encode(), token.encode())
    return same and scheme.lower() == "bearer"
