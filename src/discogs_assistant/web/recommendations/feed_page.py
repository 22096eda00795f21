"""The feed for readers that cannot sign in: anyone with its secret address can read it, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from discogs_assistant.errors import NotFoundError
from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.web.forms import TheQuery
from discogs_assistant.web.recommendations.list_answers import atom_answer
from discogs_assistant.web.session import TheSite, Visitor, visitor_of

router = APIRouter(prefix="/feed/{secret}", include_in_schema=False)


def reader(secret: str, request: Request, site: TheSite) -> Visitor:
    """The owner of the feed; `NotFoundError` for an unknown or withdrawn secret, or in local mode."""
    found = sessions.of_bearer(site.ctx, secret, "feed") if site.ctx.settings.hosted else None
    if found is None:
        raise NotFoundError(
            "There is no feed at this address, or it was withdrawn.",
            "Its owner can make a new one in the settings.",
        )
    return visitor_of(request, site, found)


TheReader = Annotated[Visitor, Depends(reader)]


async def turn(reader: TheReader) -> AsyncIterator[None]:
    """The feed owner's turn to have it computed, until it is done."""
    async with reader.turn():
        yield


@router.get("/recommendations.atom", dependencies=[Depends(turn, scope="function")])
def recommendations(reader: TheReader, query: TheQuery, request: Request) -> Response:
    """The newest list, narrowed by the address as its page is."""
    return atom_answer(reader, query, request)
