"""The first page: where am I, what can I do now?"""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse, Response

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import UserName, parse_user_name
from discogs_assistant.model.run import RunKind, RunState
from discogs_assistant.pipelines.accounts import accounts
from discogs_assistant.pipelines.market import favourites
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.runs import runs as stored_runs
from discogs_assistant.web.catalogue.covers import newest
from discogs_assistant.web.forms import Form, ThePosted, problems
from discogs_assistant.web.person import Person
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.runs.run_view import RunView
from discogs_assistant.web.session import TheVisitor, Visitor

router = APIRouter(include_in_schema=False)
_NEWEST = 8
_RECENT = 30
_SHOWN = 6


@router.get("/")
def page(visitor: TheVisitor) -> HTMLResponse:
    """What is known and what is running, or how to start."""
    return _page(visitor, Form())


@router.post("/start")
def start(visitor: TheVisitor, posted: ThePosted) -> Response:
    """Save a user name and an optional token, and read the records."""
    try:
        user = parse_user_name(posted.text("user"))
        if posted.text("token").strip():
            accounts.save_token(visitor.ctx, visitor.owner, posted.text("token"))
    except BadInputError as error:
        return _page(replace(visitor, user=None), posted.form.refused(problems(error, "user")), 422)
    return begin_with(visitor, user)


@router.post("/start/demo")
def start_demo(visitor: TheVisitor, posted: ThePosted) -> Response:
    """Choose a collector of the made-up world, and read the records.

    A person who deleted everything before gets the favourites back.
    """
    chosen = posted.text("user")
    if chosen not in visitor.site.demo_users:
        return see_other("/")
    if not profiles.profiles(visitor.ctx.db, visitor.owner):
        favourites.add_many(visitor.ctx.db, visitor.owner, visitor.site.demo_sellers)
    return begin_with(visitor, UserName(chosen))


def begin_with(visitor: Visitor, user: UserName) -> RedirectResponse:
    """Make `user` the owner's own, and start reading their records."""
    accounts.set_preferences(visitor.ctx, visitor.owner, replace(visitor.chosen, user=user))
    answer = runs.request(visitor.ctx, visitor.site.queue, visitor.owner, RunKind.SYNC, user, {})
    return see_other(f"/runs/{answer.run.id}")


def _page(visitor: Visitor, form: Form, status: int = 200) -> HTMLResponse:
    if visitor.user is None:
        return visitor.page("profiles/home.html", status, form=form, site=visitor.site)
    views = [
        RunView(run, visitor.now, visitor.ctx.kinds)
        for run in stored_runs.runs(visitor.ctx.db, visitor.owner, _RECENT)
    ]
    profile = profiles.profile(visitor.ctx.db, visitor.owner, visitor.user)
    return visitor.page(
        "profiles/home.html",
        profile=profile,
        newest=newest(visitor, profile, _NEWEST) if profile else [],
        running=[view for view in views if not view.run.state.ended],
        recent=[view for view in views if view.run.state.ended][:_SHOWN],
        last_list=_last(visitor, views, RunKind.RECOMMEND),
        last_carts=_last(visitor, views, RunKind.SHOP),
    )


def _last(person: Person, views: list[RunView], kind: RunKind) -> RunView | None:
    return next(
        (
            view
            for view in views
            if view.run.kind is kind and view.run.state is RunState.DONE and view.run.user == person.user
        ),
        None,
    )
