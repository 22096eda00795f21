"""A search as its page shows it: what is looked for, a page of what was found, and what narrows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.catalogue import releases
from discogs_assistant.pipelines.catalogue.releases import Known
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.web import release_text
from discogs_assistant.web.catalogue.covers import covers
from discogs_assistant.web.catalogue.lowest_prices import LowestPrice, lowest_prices
from discogs_assistant.web.catalogue.marks import Mark, mine
from discogs_assistant.web.catalogue.search_query import query_of
from discogs_assistant.web.forms import Form
from discogs_assistant.web.session import Visitor

PAGE = 25
_AT_ONCE = 8
"""Pages found by one search: leafing on and what to narrow by are taken from them."""

_LAST_PAGE = 400
_MOST_CHOICES = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A release that was found, with what it is to the collector."""

    release: Release
    mark: Mark
    cover: str | None
    lowest: LowestPrice | None

    @property
    def facts(self) -> str:
        """Year, country, label and formats."""
        return release_text.facts(self.release)


@dataclass(frozen=True, slots=True)
class SearchView:
    """Page `number` of what was found: at least `least` releases, or exactly that many if `counted`."""

    form: Form
    rows: tuple[Found, ...]
    number: int
    least: int
    counted: bool
    choices: Mapping[str, Sequence[str]]

    @property
    def first(self) -> int:
        """The place of this page's first release."""
        return (self.number - 1) * PAGE + 1

    @property
    def more(self) -> bool:
        """Whether another page follows."""
        return not self.counted or self.number * PAGE < self.least

    def query_of(self, page: int) -> str:
        """What the address of another page carries."""
        return query_of(self.form, page)


def search_view(visitor: Visitor, form: Form, question: Question) -> SearchView:
    """The page that the address names; one search, and as many statements however much it finds."""
    number = _page(form.text("page"))
    found, before, more = _found(visitor, question, number)
    start = (number - 1) * PAGE - before
    return SearchView(
        form,
        _beside(visitor, found[start : start + PAGE]),
        number,
        before + len(found),
        not more,
        _choices([known.release for known in found]),
    )


def _found(visitor: Visitor, question: Question, number: int) -> tuple[Sequence[Known], int, bool]:
    """Eight pages around the one asked for, how many releases come before, and whether more come after."""
    size = PAGE * _AT_ONCE
    before = (number - 1) // _AT_ONCE * size
    key = ("search", visitor.owner, question, before)

    def ask() -> Sequence[Known]:
        db, files = visitor.ctx.db, visitor.ctx.catalogue
        return releases.search(db, files, question, size + 1, offset=before, owner=visitor.owner)

    found = visitor.site.memory.recall(key, ask)
    return found[:size], before, len(found) > size


def _beside(visitor: Visitor, some: Sequence[Known]) -> tuple[Found, ...]:
    own, ids = mine(visitor), [known.release.id for known in some]
    pictures, prices = covers(visitor, ids), lowest_prices(visitor, ids)
    return tuple(
        Found(
            known.release,
            own.mark([known.release.id]),
            pictures.get(known.release.id),
            prices.get(known.release.id),
        )
        for known in some
    )


def _choices(releases: Sequence[Release]) -> Mapping[str, Sequence[str]]:
    return {
        "style": _frequent(style for release in releases for style in release.styles),
        "genre": _frequent(genre for release in releases for genre in release.genres),
        "country": _frequent(release.country for release in releases if release.country),
        "format": _frequent(
            word
            for release in releases
            for made in release.formats
            for word in (made.name, *made.descriptions)
        ),
    }


def _frequent(values: Iterable[str]) -> list[str]:
    counts = Counter(values)
    return sorted(counts, key=lambda value: (-counts[value], value))[:_MOST_CHOICES]


def _page(asked: str) -> int:
    fine = asked.isascii() and asked.isdigit() and len(asked) < 9
    return min(_LAST_PAGE, max(1, int(asked))) if fine else 1
