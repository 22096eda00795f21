"""The page of what is more like one record."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.recommendations.similar import MoreLike, NotLearnedError, more_like
from discogs_assistant.web.catalogue.covers import covers
from discogs_assistant.web.catalogue.marks import Mine, mine
from discogs_assistant.web.catalogue.not_found import unknown_page
from discogs_assistant.web.catalogue.release_view import find_release
from discogs_assistant.web.credits import artist_names
from discogs_assistant.web.forms import TheQuery
from discogs_assistant.web.person import Person
from discogs_assistant.web.recommendations.card_view import Card, cards
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.session import TheNumber, TheVisitor, Visitor

router = APIRouter(prefix="/recommendations/like", include_in_schema=False, dependencies=COMPUTED)
_SHOWN = 24


@router.get("/{id}")
def page(id: TheNumber, visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """Records like a release, weighed by taste; what to do first where nothing was learned yet."""
    known = find_release(visitor, ReleaseId(id))
    if known is None:
        return unknown_page(visitor, "release", id)
    if visitor.user is None:
        return _page(visitor, known.release)
    try:
        found = more_like(visitor.ctx, visitor.owner, visitor.user, known.release, _SHOWN)
    except NotLearnedError as error:
        return _page(visitor, known.release, error.http_status, problem=error.sentence)
    own = mine(visitor)
    hidden = _hidden(visitor, query.text("hidden"), own)
    made = _cards(visitor, found, own)
    return _page(visitor, known.release, cards=made, collectors=found.collectors, own=own, hidden=hidden)


def _page(visitor: Visitor, record: Release, status: int = 200, **shown: Any) -> HTMLResponse:
    nothing: dict[str, object] = {"cards": None, "problem": "", "hidden": None}
    return visitor.page(
        "recommendations/similar.html",
        status,
        record=record,
        names=artist_names(record.artists),
        cover=covers(visitor, [record.id]).get(record.id),
        here=_address(visitor, record),
        **(nothing | shown),
    )


def _cards(visitor: Visitor, found: MoreLike, own: Mine) -> list[Card]:
    here = _address(visitor, found.record)
    return cards(visitor, found.recommendations, user=found.user, run="", back=here, loved=own.loved)


def _address(person: Person, record: Release) -> str:
    return f"/recommendations/like/{record.id}{person.suffix}"


def _hidden(visitor: Visitor, typed: str, own: Mine) -> Release | None:
    """The record that a form has just hidden from here, so that it can be undone."""
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 11 else 0
    known = find_release(visitor, ReleaseId(number)) if number in own.hidden else None
    return known.release if known else None
