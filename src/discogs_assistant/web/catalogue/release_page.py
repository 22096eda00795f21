"""The page of a release, with love, hide and wantlist buttons."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.recommendations import feedback
from discogs_assistant.web.catalogue.marks import mine
from discogs_assistant.web.catalogue.not_found import unknown_page
from discogs_assistant.web.catalogue.release_reasons import why_by_taste, why_on_list
from discogs_assistant.web.catalogue.release_view import find_release, release_view
from discogs_assistant.web.catalogue.state import catalogue_state
from discogs_assistant.web.catalogue.want_button import WantButton, act_of, change, pressed
from discogs_assistant.web.forms import ThePosted, TheQuery
from discogs_assistant.web.person import Person
from discogs_assistant.web.redirects import own_page, see_other
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.session import TheNumber, TheVisitor, Visitor

router = APIRouter(prefix="/release", include_in_schema=False)
_ACTS: dict[str, feedback.Act] = {act: act for act in ("love", "unlove", "hide", "unhide", "open")}


@router.get("/{id}", dependencies=COMPUTED)
def page(id: TheNumber, visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """All that is known of a release; 404 where neither source knows it."""
    known = find_release(visitor, ReleaseId(id))
    if known is None:
        return unknown_page(visitor, "release", id)
    view = release_view(visitor, known)
    why = view.why or (why_by_taste(visitor, known.release) if query.has("why", "on") else None)
    return visitor.page(
        "catalogue/release.html",
        view=view,
        why=why,
        own=view.own,
        want=_want(visitor, view.release, f"/release/{id}{visitor.suffix}", marks=True),
        state=catalogue_state(visitor.ctx.catalogue),
    )


@router.get("/{id}/why", dependencies=COMPUTED)
def why(id: TheNumber, visitor: TheVisitor) -> HTMLResponse:
    """The reasons by themselves, for a page that a script fills."""
    known = find_release(visitor, ReleaseId(id))
    if known is None:
        return unknown_page(visitor, "release", id)
    found = why_on_list(visitor, known.release) or why_by_taste(visitor, known.release)
    return visitor.page("catalogue/release_why.html", why=found)


@router.post("/{id}/feedback")
def give_feedback(id: TheNumber, visitor: TheVisitor, posted: ThePosted, request: Request) -> Response:
    """Love or hide the release, or undo it; a script gets the new buttons, a form the page."""
    act = _ACTS.get(posted.text("act"))
    if act is None:
        raise BadInputError("You cannot do that with a record.", "Go back and press the button again.")
    user = visitor.spelled(posted.text("user"))
    feedback.say(visitor.ctx.db, visitor.owner, user, ReleaseId(id), act, visitor.ctx.clock.now())
    if act == "open":
        return Response(status_code=204)
    if "hx-request" not in request.headers:
        return see_other(_after(visitor, id, act, posted.text("back")))
    return visitor.page("catalogue/feedback_buttons.html", id=id, own=mine(visitor), back=posted.text("back"))


@router.post("/{id}/wantlist")
def change_wantlist(id: TheNumber, visitor: TheVisitor, posted: ThePosted, request: Request) -> Response:
    """Put the release on the wantlist at Discogs or take it off; a script gets the button, a form the page.

    An error is shown beside the button, or on a page of its own.
    """
    act, user = act_of(posted.text("act")), visitor.spelled(posted.text("user"))
    back = own_page(posted.text("back"), f"/release/{id}{visitor.suffix}")
    if "hx-request" not in request.headers:
        change(visitor, user, id, act)
        return see_other(back)
    for_user, known = replace(visitor, user=user), find_release(visitor, ReleaseId(id))
    release = known.release if known else Release(ReleaseId(id), f"release {id}")
    button = _want(for_user, release, back, marks=posted.form.has("marks", "on"))
    want = pressed(for_user, button, act)
    return visitor.page(
        "catalogue/want_changed.html", want=replace(want, mark=mine(for_user).mark([release.id]))
    )


def _after(person: Person, id: int, act: str, back: str) -> str:
    """The page that the button stood on; what was hidden there is gone from it, and can be undone."""
    itself = f"/release/{id}{person.suffix}"
    page = own_page(back, itself)
    if act != "hide" or page == itself:
        return page
    address = page.partition("#")[0]
    return f"{address}{'&' if '?' in address else '?'}hidden={id}"


def _want(visitor: Visitor, release: Release, back: str, *, marks: bool) -> WantButton:
    wanted = release.id in mine(visitor).wanted
    return WantButton(release.id, release.title, visitor.user or "", back, wanted, marks)
