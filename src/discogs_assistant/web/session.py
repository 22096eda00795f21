"""Who sends a request, for which collector, and when: read once for each request."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any

import structlog
from fastapi import Depends, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from discogs_assistant.config import Settings
from discogs_assistant.errors import NotFoundError, NotOperatorError, NotSignedInError, StorageError
from discogs_assistant.model.ids import OwnerId, RunId, UserName, parse_run_id, parse_user_name
from discogs_assistant.model.links import Links
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.pipelines.accounts.accounts import local_owner
from discogs_assistant.pipelines.profiles import forgetting, wantlist
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.accounts.sessions import SignedIn
from discogs_assistant.store.profiles import profiles
from discogs_assistant.web import cookies
from discogs_assistant.web.person import Person
from discogs_assistant.web.redirects import sentence_for
from discogs_assistant.web.site import Site

_MOST = 2**31 - 1
"""The catalogue's numbers are 32 bits wide; Discogs is far from that."""


def note_look(site: Site, owner: OwnerId, user: UserName) -> None:
    """Once a day in a process; does nothing if nothing is stored about that collector."""

    def write() -> bool | None:
        try:
            return forgetting.note_look(site.ctx.db, owner, user, site.ctx.clock.now()) or None
        except StorageError as error:
            # The page can still be shown, and the next request tries again.
            structlog.get_logger().warning("visit not recorded", reason=error.sentence)
            return None

    site.seen.recall(("look", owner, user), site.ctx.clock.now().date(), write)


@dataclass(frozen=True, kw_only=True)
class Visitor(Person):
    """A person at the page of an address, with the parts that serve it; `said` is a sentence for its top."""

    site: Site
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
    def links(self) -> Links:
        """Addresses on Discogs, or on its stand-in."""
        return Links(self.settings.discogs_site_url)

    @property
    def since(self) -> datetime:
        """The moment since which restricted data is still shown."""
        return self.settings.freshness.since(self.now)

    @cached_property
    def may_want(self) -> bool:
        """Whether the collector's wantlist at Discogs can be changed from here."""
        return self.user is not None and wantlist.may_change(self.ctx, self.owner, self.user)

    def turn(self) -> AbstractAsyncContextManager[None]:
        """The person's turn to have something computed, for as long as the block."""
        return self.site.turns.turn(self.owner, self.settings.computations_at_once)

    def spelled(self, user: str) -> UserName:
        """The collector whom a form or an address names, as they are spelled here."""
        return profiles.spelling(self.ctx.db, self.owner, parse_user_name(user))

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The rendered page."""
        text = self.site.templates.render(
            template, path=self.path, visitor=self, now=self.now, said=self.said, **values
        )
        return HTMLResponse(text.encode("utf-8", "replace"), status)

    def piece(
        self,
        template: str,
        place: tuple[Hashable, ...],
        given: tuple[Hashable, ...],
        /,
        *,
        more: Callable[[], Mapping[str, object]] = dict,
        **values: Any,
    ) -> Markup:
        """A rendered part of a page; its place there and what is `given` name all that `values` depend on,
        beside the visitor's own name.

        `more` makes the values that are only needed for rendering. It is cached compressed, since
        Python takes two bytes for each letter of a text that has a single curved quote.
        """

        def render() -> bytes:
            text = self.site.templates.render(template, **values, **more())
            return zlib.compress(text.encode("utf-8", "replace"))

        key, given = (template, self.owner, *place), (self.chosen.user, *given)
        packed = self.site.pieces.recall(key, given, render, sys.getsizeof)
        # Rendered by our own templates, which escape.
        return Markup(zlib.decompress(packed).decode())  # noqa: S704


async def site_of(request: Request) -> Site:
    """The parts that the request is served with."""
    site: Site = request.app.state.site
    return site


TheSite = Annotated[Site, Depends(site_of)]


def visitor(request: Request, site: TheSite) -> Visitor:
    """The visitor; in hosted mode `NotSignedInError` without a session or a program's token."""
    hosted = site.ctx.settings.hosted
    return visitor_of(request, site, signed_in(request, site.ctx) if hosted else _local_person(site.ctx))


def visitor_of(request: Request, site: Site, account: SignedIn) -> Visitor:
    """The account's person as the visitor of an address."""
    user = request.query_params.get("user", "")
    named = profiles.spelling(site.ctx.db, account.owner, parse_user_name(user)) if user.strip() else None
    looked_at = request.path_params.get("user") or named
    if looked_at and looked_at != account.chosen.user:
        note_look(site, account.owner, UserName(looked_at))
    own = str(account.chosen.user or "")
    number = accounts.discogs_number(account.name)
    return Visitor(
        site=site,
        owner=account.owner,
        chosen=account.chosen,
        user=named or account.chosen.user,
        now=site.ctx.clock.now(),
        path=request.url.path,
        said=sentence_for(request.query_params.get("said", "")),
        signed_in_as=own if site.ctx.settings.hosted else "",
        operator=not site.ctx.settings.hosted or number in site.ctx.settings.operator_numbers,
        credential=account.credential,
    )


def signed_in(request: Request, ctx: Context) -> SignedIn:
    """The person of the request's token or session; an invalid token never falls back on the cookie."""
    header = request.headers.get("authorization")
    if header is None:
        found = sessions.of_session(ctx, cookies.session_of(request, ctx.settings))
        sentence, next_step = "Please sign in.", "Open the pages and sign in with Discogs."
    else:
        found = _program(request, header, ctx)
        sentence = "This token is not known, or not for this address."
        next_step = "Make one in the settings and send it to /api/… as “Authorization: Bearer …”."
    if found is None:
        raise NotSignedInError(sentence, next_step)
    return found


def network_address(request: Request) -> str:
    """The address that the request came from, as the reverse proxy reports it."""
    return request.client.host if request.client else ""


def _program(request: Request, header: str, ctx: Context) -> SignedIn | None:
    """Programs may use only the API: they cannot change settings, make tokens or delete the account."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not request.url.path.startswith("/api/"):
        return None
    return sessions.of_bearer(ctx, token.strip())


def _local_person(ctx: Context) -> SignedIn:
    # Nothing is written for most requests: a writer waits for the worker's own writes.
    owner, chosen = accounts.local_person(ctx.db) or (local_owner(ctx.db, ctx.clock.now()), Preferences())
    return SignedIn(owner, "", chosen, note_use=False)


def maybe_visitor(request: Request, site: TheSite) -> Visitor | None:
    """The visitor, or None, for the pages that everybody may see."""
    try:
        return visitor(request, site)
    except NotSignedInError:
        return None


TheVisitor = Annotated[Visitor, Depends(visitor)]
MaybeVisitor = Annotated[Visitor | None, Depends(maybe_visitor)]


def operator(visitor: TheVisitor) -> Visitor:
    """The visitor, if they are an operator of the installation; otherwise `NotOperatorError`."""
    if not visitor.operator:
        raise NotOperatorError(
            "Only the operators of this installation see this page.",
            "The setting OPERATORS names them by their Discogs user numbers.",
        )
    return visitor


# A dependency that does not block is `async`, so that it needs no thread.
async def run_id(run: str) -> RunId:
    """The run that an address names; `NotFoundError` for a malformed id."""
    known = parse_run_id(run)
    if known is None:
        raise NotFoundError("There is no such run.", "The first page lists the recent runs.")
    return known


TheOperator = Annotated[Visitor, Depends(operator)]
TheRun = Annotated[RunId, Depends(run_id)]


async def record_number(id: str) -> int:
    """The number that an address names; `NotFoundError` if it is not a number."""
    number = int(id) if id.isascii() and id.isdigit() and len(id) < 11 else 0
    if not 0 < number <= _MOST:
        raise NotFoundError("That is not the number of a record.", "Search for it by name instead.")
    return number


TheNumber = Annotated[int, Depends(record_number)]
