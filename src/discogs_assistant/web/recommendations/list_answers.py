"""The finished list that an address names, narrowed as it asks: for the page, for files and for feeds."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import RunId, parse_run_id
from discogs_assistant.model.recommendation import RecommendationResult
from discogs_assistant.pipelines.files.csv_export import recommendations_csv
from discogs_assistant.pipelines.recommendations.atom_feed import MEDIA, Addresses, recommendations_atom
from discogs_assistant.pipelines.recommendations.list_filters import NarrowedList, narrowed_list
from discogs_assistant.pipelines.recommendations.options import RecommendOptions
from discogs_assistant.pipelines.recommendations.recommend import options_of
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.results.finished import Finished
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.recommendations.feedback import Feedback
from discogs_assistant.web.forms import Form
from discogs_assistant.web.recommendations.list_query import NARROWING, ListQuery, read_list_query
from discogs_assistant.web.recommendations.list_view import FinishedList
from discogs_assistant.web.runs.finished_results import finished_list, newest_list
from discogs_assistant.web.session import Visitor


def feed(visitor: Visitor, request: Request, query: Form, result: RecommendationResult) -> bytes:
    """The feed of a narrowed list; each way to narrow it is a separate feed.

    An address that holds a secret is not repeated in what it leads to: feeds are passed on.
    """
    names = ("run", *NARROWING)
    narrowed_by = [(name, value) for name in names for value in query.values.get(name, []) if value.strip()]
    user = [("user", str(visitor.user))] if visitor.suffix else []
    base, asked = str(request.base_url).rstrip("/"), urlencode(user + narrowed_by)
    at = Addresses(
        itself="" if "secret" in request.path_params else str(request.url),
        page=f"{base}/recommendations{'?' if asked else ''}{asked}",
        release=lambda id: f"{base}/release/{id}{visitor.suffix}",
        at_discogs=visitor.links.release,
    )
    return recommendations_atom(result, visitor.settings.app_name, urlencode(narrowed_by), at)


_LIST = 4_000
"""Bytes that what a page adds to a finished list takes, its choices above all."""


def named_list(visitor: Visitor, query: Form) -> FinishedList | None:
    """The list of the run that the address names, else the visitor's newest; None before there is one."""
    found = _answer(visitor, query)
    if found is None:
        return None
    key = ("list", visitor.owner, found.run_id)
    return visitor.site.held.recall(
        key, found.result.user, lambda: FinishedList(found, _options(visitor, found.run_id)), lambda _: _LIST
    )


def narrowed(
    visitor: Visitor, finished: FinishedList, list_query: ListQuery, liked: Feedback
) -> NarrowedList:
    """The records of a list that match these filters and are neither hidden nor bought."""
    run, by = finished.answer.run_id, list_query.narrowing(liked)
    return narrowed_list(visitor.ctx, visitor.owner, run, finished.result, by)


def csv_answer(visitor: Visitor, query: Form) -> Response:
    """The narrowed list for a spreadsheet; `NotFoundError` where there is none."""
    headers = {"Content-Disposition": 'attachment; filename="recommendations.csv"'}
    text = recommendations_csv(_result(visitor, query), visitor.links)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def atom_answer(visitor: Visitor, query: Form, request: Request) -> Response:
    """The narrowed list for a reader of feeds; `NotFoundError` where there is none."""
    return Response(feed(visitor, request, query, _result(visitor, query)), media_type=MEDIA)


def _result(visitor: Visitor, query: Form) -> RecommendationResult:
    finished = named_list(visitor, query)
    if finished is None:
        raise NotFoundError("There are no recommendations yet.", "Get recommendations first.")
    liked = feedback.feedback(visitor.ctx.db, visitor.owner, finished.result.user)
    list_query = read_list_query(query, finished.surprise, visitor.chosen.currency)
    return narrowed(visitor, finished, list_query, liked).result


def _answer(visitor: Visitor, query: Form) -> Finished[RecommendationResult] | None:
    named = query.text("run")
    if named:
        run = parse_run_id(named)
        found = finished_list(visitor, run) if run else None
        if found is None:
            raise NotFoundError("These recommendations are not here.", "Get new ones.")
        return found
    return newest_list(visitor, visitor.user) if visitor.user else None


def _options(visitor: Visitor, run_id: RunId) -> RecommendOptions:
    return options_of(runs.find(visitor.ctx.db, visitor.owner, run_id))
