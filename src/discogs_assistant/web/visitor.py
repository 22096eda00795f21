"""Who asks, for which collector, and when: read once for each request."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from discogs_assistant.config import Mode, Settings
from discogs_assistant.errors import AssistantError, NotFoundError
from discogs_assistant.model.ids import OwnerId, RunId, UserName, parse_run_id, parse_user_name
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.pipelines import wantlist
from discogs_assistant.pipelines.accounts import local_owner
from discogs_assistant.pipelines.context import Context
from discogs_assistant.store import accounts
from discogs_assistant.web.said import sentence_for
from discogs_assistant.web.site import Site


@dataclass(frozen=True, slots=True)
class Visitor:
    """The owner of what is shown; `user` is the collector that the address names, else the owner's own."""

    site: Site
    owner: OwnerId
    chosen: Preferences
    user: UserName | None
    now: datetime
    path: str
    said: str = ""

    @property
    def ctx(self) -> Context:
        """The parts of the product."""
        return self.site.ctx

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self.site.ctx.settings

    @property
    def since(self) -> datetime:
        """The moment from which on restricted data is still shown."""
        return self.now - self.settings.max_data_age

    @property
    def suffix(self) -> str:
        """What addresses end in, so that they keep a collector who is not the owner's own."""
        return "" if self.user in (None, self.chosen.user) else f"?user={quote(str(self.user), safe='')}"

    @property
    def may_want(self) -> bool:
        """Whether the collector's wantlist at Discogs can be changed from here."""
        return self.user is not None and wantlist.may_change(self.ctx, self.owner, self.user)

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The rendered page."""
        text = self.site.templates.render(
            template, path=self.path, visitor=self, now=self.now, said=self.said, **values
        )
        return HTMLResponse(text.encode("utf-8", "replace"), status)

    def piece(self, template: str, *key: Hashable, **values: Any) -> Markup:
        """A rendered part of a page; `key` names all that `values` depend on."""
        # Rendered by our own templates, which escape.
        return self.site.pieces.get(
            (template, *key),
            lambda: Markup(self.site.templates.render(template, **values)),  # noqa: S704
        )


class NotSignedInError(AssistantError):
    """A request of nobody known."""

    http_status = 401
    code = "not-signed-in"


async def site_of(request: Request) -> Site:
    """The parts that the request is served with."""
    site: Site = request.app.state.site
    return site


TheSite = Annotated[Site, Depends(site_of)]


def visitor(request: Request, site: TheSite) -> Visitor:
    """The person of local mode; in hosted mode nobody is let in before there is a sign-in."""
    if site.ctx.settings.mode is Mode.HOSTED:
        raise NotSignedInError("Nobody can sign in here yet.", "Run it in local mode, for one person.")
    user = request.query_params.get("user", "")
    said = sentence_for(request.query_params.get("said", ""))
    now = site.ctx.clock.now()
    # Nothing is written for most requests: a writer waits for the worker's own writes.
    owner, chosen = accounts.local_person(site.ctx.db) or (local_owner(site.ctx), Preferences())
    named = parse_user_name(user) if user.strip() else chosen.user
    return Visitor(site, owner, chosen, named, now, request.url.path, said)


# What does not wait is `async`: it then needs no thread.
async def run_id(run: str) -> RunId:
    """The run that an address names; `NotFoundError` where it has not the form of one."""
    known = parse_run_id(run)
    if known is None:
        raise NotFoundError("There is no such run.", "The first page lists what was done lately.")
    return known


TheVisitor = Annotated[Visitor, Depends(visitor)]
TheRun = Annotated[RunId, Depends(run_id)]
