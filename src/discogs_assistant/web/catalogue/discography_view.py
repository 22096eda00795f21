"""An artist's or a label's releases as their page shows them: by part, mine marked, narrowed, paged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.catalogue import releases
from discogs_assistant.pipelines.catalogue.discography import KnownDiscography
from discogs_assistant.web.catalogue.list_filters import FilterOption, choices, narrowed, query_text, shown_by
from discogs_assistant.web.catalogue.marks import Mine, mine
from discogs_assistant.web.catalogue.works import Work, by_number, by_year, works
from discogs_assistant.web.credits import Name, name_of
from discogs_assistant.web.forms import Form
from discogs_assistant.web.paging import Pager, page_of
from discogs_assistant.web.session import Visitor

PARTS = {
    "main": "Main artist",
    "track": "On a track",
    "producer": "Producer",
    "remixer": "Remixer",
    "credit": "Other credits",
}
MOST = 2_000
"""Releases of a part that a page reads; what is mine is always among them."""

_PAGE = 50


@dataclass(frozen=True, slots=True)
class DiscographyView:
    """What is shown of `known`: the works of one part; `unread` releases are not among them."""

    known: KnownDiscography
    name: Name
    part: str
    show: str
    user: str
    parts: tuple[FilterOption, ...]
    shows: tuple[FilterOption, ...]
    pager: Pager[Work]
    unread: int

    def numbers(self, work: Work) -> str:
        """A work's catalogue numbers on this label."""
        return ", ".join(work.numbers_on(self.known.id))

    def query_of(self, page: int) -> str:
        """What the address of another page of the same list carries."""
        return query_text(part=self.part, show=self.show, user=self.user, page=page)


def discography_view(visitor: Visitor, known: KnownDiscography, form: Form) -> DiscographyView:
    """The part that the address names, the first there is where it names none."""
    part = form.text("part") if form.text("part") in known.parts else next(iter(known.parts), "")
    show, user, own = shown_by(form.text("show")), form.text("user"), mine(visitor)
    order = partial(by_number, known.id) if known.kind == "label" else by_year
    listed = sorted(works(_read(visitor, known, part, own), own), key=order)
    return DiscographyView(
        known,
        name_of(known.kind, known.id, known.name),
        part,
        show,
        user,
        _parts(known, part, user),
        choices(listed, show, lambda option: query_text(part=part, show=option, user=user)),
        page_of(narrowed(listed, show), form.text("page"), _PAGE),
        max(0, len(known.parts.get(part, ())) - MOST),
    )


def _parts(known: KnownDiscography, part: str, user: str) -> tuple[FilterOption, ...]:
    return tuple(
        FilterOption(PARTS[name], len(ids), query_text(part=name, user=user), name == part)
        for name, ids in known.parts.items()
    )


def _read(visitor: Visitor, known: KnownDiscography, part: str, own: Mine) -> Sequence[Release]:
    """The releases of a part, read once for those who leaf through it within seconds."""
    ids = known.parts.get(part, ())
    key = ("works", known.kind, known.id, part, known.as_of, visitor.owner, visitor.user)
    return visitor.site.memory.recall(key, lambda: _released(visitor, _first(ids, own)))


def _first(ids: Sequence[ReleaseId], own: Mine) -> list[ReleaseId]:
    if len(ids) <= MOST:
        return list(ids)
    mine_first = sorted(ids, key=lambda id: (id not in own.owned, id not in own.wanted, id))
    return mine_first[:MOST]


def _released(visitor: Visitor, ids: Sequence[ReleaseId]) -> list[Release]:
    found = releases.releases(visitor.ctx.db, visitor.ctx.catalogue, ids, visitor.owner)
    return [known.release for known in found.values()]
