"""The pages of artists, labels and masters: what there is of them, and what of it is mine."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from discogs_assistant.model.ids import MasterId
from discogs_assistant.pipelines.catalogue import releases
from discogs_assistant.pipelines.catalogue.discography import discography
from discogs_assistant.web.catalogue.discography_view import discography_view
from discogs_assistant.web.catalogue.master_view import master_view
from discogs_assistant.web.catalogue.not_found import nobody_page, unknown_page
from discogs_assistant.web.catalogue.state import catalogue_state
from discogs_assistant.web.forms import Form, TheQuery
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.session import TheNumber, TheVisitor, Visitor

router = APIRouter(include_in_schema=False)


@router.get("/artist/{id}", dependencies=COMPUTED)
def artist(id: TheNumber, visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """An artist's releases by part; 404 where neither source knows the artist."""
    return _discography(visitor, "artist", id, query)


@router.get("/label/{id}", dependencies=COMPUTED)
def label(id: TheNumber, visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """A label's releases by catalogue number; 404 where neither source knows the label."""
    return _discography(visitor, "label", id, query)


@router.get("/master/{id}", dependencies=COMPUTED)
def master(id: TheNumber, visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """A master's pressings; 404 where neither source knows the master."""
    known = releases.master(visitor.ctx.db, visitor.ctx.catalogue, MasterId(id))
    if known is None:
        return unknown_page(visitor, "master", id)
    view = master_view(visitor, known, query)
    return visitor.page("catalogue/master.html", view=view, state=catalogue_state(visitor.ctx.catalogue))


def _discography(visitor: Visitor, kind: Literal["artist", "label"], id: int, query: Form) -> HTMLResponse:
    if nobody := nobody_page(visitor, kind, id):
        return nobody
    known = discography(visitor.ctx.db, visitor.ctx.catalogue, kind, id)
    if known is None:
        return unknown_page(visitor, kind, id)
    view = discography_view(visitor, known, query)
    return visitor.page("catalogue/discography.html", view=view, state=catalogue_state(visitor.ctx.catalogue))
