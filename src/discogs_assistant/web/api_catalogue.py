"""The JSON API's catalogue: releases by number, and found by words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from discogs_assistant.errors import BadInputError, NotFoundError
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import ArtistCredit
from discogs_assistant.pipelines import catalogue_known
from discogs_assistant.pipelines.catalogue_known import Known
from discogs_assistant.pipelines.release_document import release_json
from discogs_assistant.store.catalogue_files.question import Question
from discogs_assistant.web.admission import COMPUTED
from discogs_assistant.web.api_schemas import FAILURES, SEARCH_QUERY
from discogs_assistant.web.catalogue_schemas import Found, ReleaseShape, answers
from discogs_assistant.web.forms import Form, TheQuery
from discogs_assistant.web.record_number import TheNumber
from discogs_assistant.web.release_view import find_release
from discogs_assistant.web.search_question import read_question
from discogs_assistant.web.visitor import TheVisitor

router = APIRouter(prefix="/api", tags=["catalogue"], responses=FAILURES, dependencies=COMPUTED)
_USUAL, _MOST = 20, 200


@router.get("/releases/{id}", responses=answers(ReleaseShape, "What is known."))
def release(id: TheNumber, visitor: TheVisitor) -> dict[str, Any]:
    """All that is known of a release, with where from and since when; 404 where nothing is."""
    known = find_release(visitor, ReleaseId(id))
    if known is None:
        raise NotFoundError(f"No release {id} is known here.", "Look on Discogs, or import a newer month.")
    return _document(known)


@router.get("/search", responses=answers(Found, "The best first."), openapi_extra=SEARCH_QUERY)
def search(visitor: TheVisitor, query: TheQuery) -> dict[str, Any]:
    """Releases that answer, the best first, a line each; 422 where nothing is looked for."""
    question, limit = read_question(query), _limit(query)
    if question == Question():
        raise BadInputError("Nothing to look for was given.", "Give q, or a field such as artist.", field="q")
    db, files = visitor.ctx.db, visitor.ctx.catalogue
    found = catalogue_known.search(db, files, question, limit, owner=visitor.owner)
    return {"releases": [{**release_json(one.release), **_origin(one)} for one in found]}


def _limit(query: Form) -> int:
    asked = query.text("limit") or str(_USUAL)
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:5]) <= _MOST):
        raise BadInputError(f"“limit” is a number from 1 to {_MOST}.", field="limit")
    return int(asked)


def _document(known: Known) -> dict[str, Any]:
    """As `catalogue release` prints it, but for what the API alone tells."""
    one = known.release
    return {
        "release_id": one.id,
        "master_id": one.master_id,
        "title": one.title,
        "year": one.year,
        "country": one.country,
        "artists": [_artist(artist) for artist in one.artists],
        "labels": [{"id": label.id, "name": label.name, "catno": label.catno} for label in one.labels],
        "formats": [asdict(made_of) for made_of in one.formats],
        "genres": one.genres,
        "styles": one.styles,
        "credits": [{"id": who.id, "name": who.name, "role": who.role} for who in one.credits],
        "tracks": [asdict(track) for track in one.tracks],
        "identifiers": [{"type": kind, "value": value} for kind, value in one.identifiers],
        **_origin(known),
    }


def _artist(artist: ArtistCredit) -> dict[str, Any]:
    return {"id": artist.id, "name": artist.name, "anv": artist.anv, "join": artist.join}


def _origin(known: Known) -> dict[str, Any]:
    return {"source": known.source, "as_of": known.as_of.isoformat(), "complete": known.release.complete}
