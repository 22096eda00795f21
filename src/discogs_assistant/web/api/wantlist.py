"""The JSON API's changes of a wantlist at Discogs."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.pipelines.profiles import wantlist
from discogs_assistant.web.api.schemas import FAILURES, UPSTREAM, WantDocument
from discogs_assistant.web.session import TheNumber, TheVisitor

router = APIRouter(prefix="/api/users/{user}/wants", tags=["wantlist"], responses=FAILURES | UPSTREAM)


@router.put("/{id}")
def put(user: str, id: TheNumber, visitor: TheVisitor) -> WantDocument:
    """Put a release on the wantlist at Discogs with the user's token, and then on the one here."""
    want = wantlist.add(visitor.ctx, visitor.owner, visitor.spelled(user), ReleaseId(id))
    return WantDocument(release_id=want.release_id, added=want.added.isoformat() if want.added else None)


@router.delete("/{id}", status_code=204)
def delete(user: str, id: TheNumber, visitor: TheVisitor) -> Response:
    """Take a release off both; one that is on neither is fine."""
    wantlist.drop(visitor.ctx, visitor.owner, visitor.spelled(user), ReleaseId(id))
    return Response(status_code=204)
