"""A master as its page shows it: all its pressings, mine marked, narrowed and paged."""

from __future__ import annotations

from dataclasses import dataclass

from discogs_assistant.pipelines.catalogue.releases import KnownMaster
from discogs_assistant.web.catalogue.covers import covers
from discogs_assistant.web.catalogue.list_filters import FilterOption, choices, narrowed, query_text, shown_by
from discogs_assistant.web.catalogue.marks import mine
from discogs_assistant.web.catalogue.pressings_view import MOST, Pressing, pressings_view
from discogs_assistant.web.credits import Name, artist_names
from discogs_assistant.web.forms import Form
from discogs_assistant.web.paging import Pager, page_of
from discogs_assistant.web.session import Visitor

_PAGE = 50


@dataclass(frozen=True, slots=True)
class MasterPage:
    """A master with a page of its pressings; `unread` pressings are not among them."""

    known: KnownMaster
    cover: str | None
    show: str
    user: str
    shows: tuple[FilterOption, ...]
    pager: Pager[Pressing]
    unread: int

    @property
    def artists(self) -> list[Name]:
        """Who made it."""
        return artist_names(self.known.master.artists)

    def query_of(self, page: int) -> str:
        """What the address of another page of the same list carries."""
        return query_text(show=self.show, user=self.user, page=page)


def master_view(visitor: Visitor, known: KnownMaster, form: Form) -> MasterPage:
    """The pressings that the address narrows to."""
    show, user = shown_by(form.text("show")), form.text("user")
    rows = pressings_view(visitor, known.pressings, mine(visitor))
    return MasterPage(
        known,
        _cover(visitor, known),
        show,
        user,
        choices(rows, show, lambda option: query_text(show=option, user=user)),
        page_of(narrowed(rows, show), form.text("page"), _PAGE),
        max(0, len(known.pressings) - MOST),
    )


def _cover(visitor: Visitor, known: KnownMaster) -> str | None:
    """The main release's, else any pressing's."""
    found = covers(visitor, known.pressings[:_PAGE])
    main = known.master.main_release
    return found.get(main or 0) or next(iter(found.values()), None)
