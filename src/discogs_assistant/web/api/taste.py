"""The JSON API's taste of a collector, with the numbers of its page."""

from __future__ import annotations

from fastapi import APIRouter

from discogs_assistant.errors import NotFoundError
from discogs_assistant.pipelines.recommendations.taste_result import TasteDocument
from discogs_assistant.web.admission import COMPUTED
from discogs_assistant.web.api.schemas import FAILURES
from discogs_assistant.web.recommendations.taste_document import known_taste
from discogs_assistant.web.session import TheVisitor

router = APIRouter(prefix="/api/users/{user}", tags=["taste"], responses=FAILURES, dependencies=COMPUTED)


@router.get("/taste")
def taste(user: str, visitor: TheVisitor) -> TasteDocument:
    """What the user owns by style, decade, label and country, the map of styles, and what each love moved."""
    found = known_taste(visitor, visitor.spelled(user))
    if found is None:
        raise NotFoundError(f"Nothing was read of {user} yet.", "Read the profile first: POST …/sync.")
    return found.document
