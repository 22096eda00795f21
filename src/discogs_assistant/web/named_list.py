"""The finished list that an address names, narrowed as it asks: for the page, for files and for feeds."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import UserName, parse_run_id
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.atom_export import MEDIA
from discogs_assistant.pipelines.csv_export import recommendations_csv
from discogs_assistant.pipelines.list_narrowing import NarrowedList, narrowed_list
from discogs_assistant.store import events, runs
from discogs_assistant.store.events import Feedback
from discogs_assistant.store.results import StoredResult
from discogs_assistant.web.feed import feed
from discogs_assistant.web.finished import answer, newest_answer
from discogs_assistant.web.forms import Form
from discogs_assistant.web.list_view import FinishedList
from discogs_assistant.web.list_wishes import Wishes, read_wishes
from discogs_assistant.web.visitor import Visitor

_LIST = 4_000
"""Bytes that what a page adds to a finished list takes, its choices above all."""


def named_list(visitor: Visitor, query: Form) -> FinishedList | None:
    """The list of the run that the address names, else the visitor's newest; None before there is one."""
    stored = _stored(visitor, query)
    if stored is None:
        return None
    key = ("list", visitor.owner, stored.run_id)
    return visitor.site.held.get(
        key,
        lambda: FinishedList(stored, _criteria(visitor, stored)),
        lambda _: _LIST,
        stored.document["user"],
    )


def narrowed(visitor: Visitor, finished: FinishedList, wishes: Wishes, liked: Feedback) -> NarrowedList:
    """What of a list passes these wishes and was neither hidden nor bought."""
    stored, by = finished.stored, wishes.narrowing(liked)
    return narrowed_list(visitor.ctx, visitor.owner, stored.run_id, stored.document, by)


def csv_answer(visitor: Visitor, query: Form) -> Response:
    """The narrowed list for a spreadsheet; `NotFoundError` where there is none."""
    headers = {"Content-Disposition": 'attachment; filename="recommendations.csv"'}
    text = recommendations_csv(_document(visitor, query), visitor.links)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def atom_answer(visitor: Visitor, query: Form, request: Request) -> Response:
    """The narrowed list for a reader of feeds; `NotFoundError` where there is none."""
    return Response(feed(visitor, request, query, _document(visitor, query)), media_type=MEDIA)


def _document(visitor: Visitor, query: Form) -> dict[str, Any]:
    finished = named_list(visitor, query)
    if finished is None:
        raise NotFoundError("There are no recommendations yet.", "Get recommendations first.")
    liked = events.feedback(visitor.ctx.db, visitor.owner, UserName(finished.stored.document["user"]))
    wishes = read_wishes(query, finished.surprise, visitor.chosen.currency)
    return narrowed(visitor, finished, wishes, liked).document


def _stored(visitor: Visitor, query: Form) -> StoredResult | None:
    named = query.text("run")
    if named:
        run = parse_run_id(named)
        stored = answer(visitor, run) if run else None
        if stored is None or stored.kind != RunKind.RECOMMEND:
            raise NotFoundError("These recommendations are not here.", "Get new ones.")
        return stored
    if visitor.user is None:
        return None
    return newest_answer(visitor, visitor.user, RunKind.RECOMMEND)


def _criteria(visitor: Visitor, stored: StoredResult) -> dict[str, Any]:
    run = runs.run(visitor.ctx.db, visitor.owner, stored.run_id)
    return run.criteria if run else {}
