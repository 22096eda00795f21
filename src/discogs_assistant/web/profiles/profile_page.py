"""The page of a collector's records: counts, sync, import, export and deletion."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import UserName
from discogs_assistant.model.readable import duration
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.accounts import accounts
from discogs_assistant.pipelines.operations import account_export
from discogs_assistant.pipelines.profiles.file_import import import_profile_files
from discogs_assistant.pipelines.profiles.forgetting import forget_collector, stored_collector
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.uploads.reading import UploadedFile
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.profiles.profiles import ProfileState
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.web import cookies
from discogs_assistant.web.catalogue.covers import newest
from discogs_assistant.web.forms import Form, Posted, ThePosted, problems
from discogs_assistant.web.redirects import SIGN_IN, see_other
from discogs_assistant.web.route_limits import COMPUTED, TheUpload
from discogs_assistant.web.runs.run_view import RunView
from discogs_assistant.web.session import TheVisitor, Visitor

router = APIRouter(prefix="/profile", include_in_schema=False)
_NEWEST = 24


@router.get("")
def page(visitor: TheVisitor) -> HTMLResponse:
    """Counts, what changed, the newest covers."""
    return _page(visitor, Form.of({"user": visitor.user}))


@router.post("/sync")
def sync(visitor: TheVisitor, posted: ThePosted) -> RedirectResponse:
    """Read the records from Discogs."""
    user = posted.text("user") or visitor.user or ""
    options = posted.form.options(("full",))
    answer = runs.request(visitor.ctx, visitor.site.queue, visitor.owner, RunKind.SYNC, user, options)
    return see_other(f"/runs/{answer.run.id}")


@router.post("/files")
def files(visitor: TheVisitor, posted: TheUpload) -> Response:
    """Read exported CSV files; the first ones make their user the owner's own."""
    try:
        run = import_profile_files(
            visitor.ctx,
            visitor.owner,
            posted.text("user"),
            _uploaded(posted, "collection"),
            _uploaded(posted, "wantlist"),
        )
    except BadInputError as error:
        return _page(visitor, posted.form.refused(problems(error, "collection")), 422)
    if visitor.chosen.user is None:
        own = replace(visitor.chosen, user=UserName(run.user))
        accounts.set_preferences(visitor.ctx, visitor.owner, own)
    return see_other(RunView(run, visitor.now, visitor.ctx.kinds).result_address + "&said=files")


@router.get("/forget")
def ask_to_forget(visitor: TheVisitor) -> HTMLResponse:
    """What would be removed, before it is removed; `NotFoundError` if nothing is stored."""
    user = stored_collector(visitor.ctx.db, visitor.owner, visitor.user or "")
    profile = profiles.profile(visitor.ctx.db, visitor.owner, user)
    return visitor.page("profiles/forget.html", user=user, profile=profile)


@router.post("/forget")
def forget(visitor: TheVisitor, posted: ThePosted) -> RedirectResponse:
    """Remove the records, their feedback, and everything made from both."""
    forget_collector(visitor.ctx, visitor.owner, posted.text("user"))
    visitor.site.forget()
    return see_other("/profile?said=records")


def _uploaded(posted: Posted, field: str) -> UploadedFile | None:
    content = posted.file(field)
    return UploadedFile(f"the {field} file", content) if content is not None else None


@router.get("/export", dependencies=COMPUTED)
def export(visitor: TheVisitor) -> StreamingResponse:
    """Everything personal, as one file."""
    pieces = account_export.export_account(visitor.ctx, visitor.owner)
    first = next(pieces)  # what is wrong with the database from the start is an error, and no empty file
    return StreamingResponse(
        chain([first], pieces),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


@router.get("/delete")
def ask_to_delete(visitor: TheVisitor) -> HTMLResponse:
    """What would be deleted, before it is deleted."""
    return visitor.page("accounts/delete_account.html")


@router.post("/delete")
def delete(visitor: TheVisitor) -> RedirectResponse:
    """Remove everything about the person."""
    accounts.delete_account(visitor.ctx, visitor.owner)
    visitor.site.forget()
    if not visitor.signed_in_as:
        return see_other("/?said=deleted")
    answer = see_other(f"{SIGN_IN}?said=deleted")
    cookies.drop_session(answer, visitor.settings)
    return answer


def _page(visitor: Visitor, form: Form, status: int = 200) -> HTMLResponse:
    user = visitor.user
    profile = profiles.profile(visitor.ctx.db, visitor.owner, user) if user else None
    return visitor.page(
        "profiles/profile.html",
        status,
        form=form,
        profile=profile,
        newest=newest(visitor, profile, _NEWEST) if profile else [],
        bought=_bought(visitor, profile.user) if profile else [],
        others=_others(visitor),
        runs_kept=duration(visitor.settings.runs_kept),
    )


def _others(visitor: Visitor) -> list[ProfileState]:
    """Other collectors whose records are stored, by name."""
    kept = profiles.profiles(visitor.ctx.db, visitor.owner)
    return sorted(
        (profile for profile in kept if profile.user != visitor.chosen.user),
        key=lambda profile: profile.user.casefold(),
    )


def _bought(visitor: Visitor, user: UserName) -> list[Release]:
    """What was marked as bought, by name."""
    ids = feedback.feedback(visitor.ctx.db, visitor.owner, user).bought
    known = releases.releases(visitor.ctx.db, ids, visitor.owner) if ids else {}
    return sorted(
        (known.get(id) or Release(id, f"Release {id}") for id in ids),
        key=lambda release: (release.artist_text, release.title),
    )
