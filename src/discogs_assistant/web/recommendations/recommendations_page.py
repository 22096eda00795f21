"""The page of recommendations: what would I love?"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import HTMLResponse, Response

from discogs_assistant.errors import BadInputError, InvalidFieldsError, NotFoundError, StorageError
from discogs_assistant.model.ids import ReleaseId, UserName, parse_run_id
from discogs_assistant.model.recommendation import Recommendation, RecommendationResult
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.recommendations import feedback
from discogs_assistant.pipelines.recommendations.options import RecommendOptions
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.options.model import RUN_AGAIN
from discogs_assistant.pipelines.runtime.results.finished import Finished
from discogs_assistant.store.recommendations import feedback as stored_feedback
from discogs_assistant.store.recommendations.feedback import Feedback
from discogs_assistant.web import choices
from discogs_assistant.web.forms import Form, ThePosted, TheQuery
from discogs_assistant.web.recommendations.card_view import Card, cards
from discogs_assistant.web.recommendations.list_answers import atom_answer, csv_answer, named_list, narrowed
from discogs_assistant.web.recommendations.list_query import NARROWING, ListQuery, read_list_query
from discogs_assistant.web.recommendations.list_view import ListView, list_view
from discogs_assistant.web.redirects import own_page, see_other
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.runs.finished_results import finished_list
from discogs_assistant.web.runs.run_view import RunView
from discogs_assistant.web.session import TheVisitor, Visitor


def seen_task(visitor: Visitor, view: ListView) -> BackgroundTask | None:
    """One write for the page, after its answer; none where the same was shown today already."""
    user, ids = view.result.user, [item.release.id for item in view.items]
    key = (visitor.owner, user, visitor.now.date(), tuple(ids))
    if not ids or key in visitor.site.seen:
        return None

    def write() -> bool | None:
        try:
            feedback.seen(visitor.ctx, visitor.owner, user, ids)
        except StorageError as error:
            # The page has already been sent, and the next one tries again.
            structlog.get_logger().warning("shown records not recorded", reason=error.sentence)
            return None
        return True

    return BackgroundTask(visitor.site.seen.recall, key, (), write)


router = APIRouter(prefix="/recommendations", include_in_schema=False)
_ACTS: dict[str, feedback.Act] = {act: act for act in ("love", "unlove", "hide", "unhide", "open")}
_OPPOSITE = {"love": "unlove", "unlove": "love", "hide": "unhide", "unhide": "hide"}


@router.get("", dependencies=COMPUTED)
def page(visitor: TheVisitor, query: TheQuery, request: Request) -> HTMLResponse:
    """A page of the newest list, or of the one that `run` names."""
    finished = named_list(visitor, query)
    if finished is None:
        return visitor.page("recommendations/recommendations.html", list=None, undo=None)
    status, form, list_query = 200, query, ListQuery()
    try:
        list_query = read_list_query(query, finished.surprise, visitor.chosen.currency)
    except InvalidFieldsError as error:
        status, form = 422, query.refused(error.fields)
    liked = stored_feedback.feedback(visitor.ctx.db, visitor.owner, finished.result.user)
    view = list_view(finished, form, list_query, narrowed(visitor, finished, list_query, liked), liked)
    here = request.url.path + (f"?{view.query_of(view.page)}" if view.query or view.page > 1 else "")
    answered = _show(visitor, view, form, liked, here, status)
    answered.background = seen_task(visitor, view)
    return answered


@router.post("")
def ask(visitor: TheVisitor, posted: ThePosted) -> Response:
    """Look for recommendations, perhaps with filters."""
    options = posted.form.options((*NARROWING, *RUN_AGAIN))
    user = posted.text("user") or visitor.user or ""
    asked = runs.request(visitor.ctx, visitor.site.queue, visitor.owner, RunKind.RECOMMEND, user, options)
    if asked.status == "finished":
        return see_other(RunView(asked.run, visitor.now, visitor.ctx.kinds).result_address + "&said=same")
    return see_other(f"/runs/{asked.run.id}")


@router.post("/feedback")
def give_feedback(visitor: TheVisitor, posted: ThePosted, request: Request) -> Response:
    """Love or hide a record, or undo it; a script gets the card, a form the page again."""
    given = _Feedback.of(visitor, posted.form)
    feedback.say(visitor.ctx.db, visitor.owner, given.user, given.release, given.act, visitor.ctx.clock.now())
    if given.act == "open":
        return Response(status_code=204)
    if "hx-request" in request.headers:
        card = _card(visitor, given)
        template = (
            "recommendations/hidden.html" if given.act == "hide" else "recommendations/card_response.html"
        )
        return visitor.page(template, card=card)
    if given.act in {"hide", "unhide"}:
        joined = "&" if "?" in given.back else "?"
        return see_other(f"{given.back}{joined}done={given.act}-{given.release}")
    return see_other(f"{given.back}#r{given.release}")


@router.get(".csv", dependencies=COMPUTED)
def as_csv(visitor: TheVisitor, query: TheQuery) -> Response:
    """The narrowed list for a spreadsheet."""
    return csv_answer(visitor, query)


@router.get(".atom", dependencies=COMPUTED)
def as_atom(visitor: TheVisitor, query: TheQuery, request: Request) -> Response:
    """The narrowed list for a reader of feeds."""
    return atom_answer(visitor, query, request)


@dataclass(frozen=True, slots=True)
class _Feedback:
    """A person's feedback on a release on the list of a run."""

    user: UserName
    run: str
    release: ReleaseId
    act: feedback.Act
    back: str

    @classmethod
    def of(cls, visitor: Visitor, form: Form) -> _Feedback:
        release, act = form.text("release"), form.text("act")
        if not (release.isascii() and release.isdecimal() and len(release) < 13) or act not in _ACTS:
            raise BadInputError("This is not a record of the list.", "Go back and press the button again.")
        back = own_page(form.text("back"), "/recommendations").partition("#")[0]
        user = visitor.spelled(form.text("user"))
        return cls(user, form.text("run"), ReleaseId(int(release)), _ACTS[act], back)


def _show(
    visitor: Visitor, view: ListView, form: Form, liked: Feedback, here: str, status: int
) -> HTMLResponse:
    user = view.result.user
    made = cards(visitor, view.items, user=user, run=view.run, back=here, loved=liked.loved)
    pieces = [
        visitor.piece("recommendations/card_response.html", card.place, card.given, card=card)
        for card in made
    ]
    undo = _undo(view.finished.answer, form.text("done"), here)
    known = {"options": RecommendOptions.definitions(), "known": choices.known(visitor.chosen.country)}
    return visitor.page(
        "recommendations/recommendations.html", status, list=view, cards=pieces, form=form, undo=undo, **known
    )


def _undo(answer: Finished[RecommendationResult], done: str, back: str) -> dict[str, object] | None:
    act, _, release = done.partition("-")
    item = _item(answer.result, release)
    if item is None or act not in _OPPOSITE:
        return None
    words = "Hidden" if act == "hide" else "Shown again"
    fields = {"user": answer.result.user, "run": answer.run_id, "release": release}
    return {
        "words": f"{words}: {item.release.title}.",
        "fields": fields | {"act": _OPPOSITE[act], "back": back},
    }


def _card(visitor: Visitor, given: _Feedback) -> Card:
    run = parse_run_id(given.run)
    found = finished_list(visitor, run) if run else None
    item = _item(found.result, str(given.release)) if found else None
    if item is None:
        raise NotFoundError("This record is not on the list.", "Read the page again.")
    liked = stored_feedback.feedback(visitor.ctx.db, visitor.owner, given.user)
    made = cards(visitor, [item], user=given.user, run=given.run, back=given.back, loved=liked.loved)
    return made[0]


def _item(result: RecommendationResult, release: str) -> Recommendation | None:
    return next(
        (
            recommendation
            for recommendation in result.recommendations
            if str(recommendation.release.id) == release
        ),
        None,
    )
