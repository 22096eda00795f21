"""A finished list of recommendations as its page shows it: narrowed, paged, without what is hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.pipelines.recommendation_document import choices, narrowed
from discogs_assistant.pipelines.recommendation_options import parse_filters
from discogs_assistant.store.events import Feedback
from discogs_assistant.store.results import StoredResult
from discogs_assistant.web import record_words
from discogs_assistant.web.forms import Form

PAGE = 25
NARROWING = (
    *("new_artists", "new_labels", "genres", "styles", "formats", "countries"),
    *("year_from", "year_to"),
)
_CHOICES = (
    ("genres", "Genre", "genres"),
    ("styles", "Style", "styles"),
    ("formats", "Format", "formats"),
    ("countries", "Country", "country"),
)
_MOST_CHOICES = 60
EVERYTHING = RecommendationFilters(include_wantlist=True)
"""Filters that let the whole list through."""


@dataclass(frozen=True, slots=True)
class HiddenRecord:
    """A record that the person hid, with the form that shows it again."""

    artists: str
    title: str
    undo: dict[str, str]


@dataclass(frozen=True)
class FinishedList:
    """A finished list, with what its search itself was narrowed by."""

    stored: StoredResult
    criteria: dict[str, Any]

    @cached_property
    def choices(self) -> list[tuple[str, str, list[str]]]:
        """Field, label and values of each thing to narrow by."""
        known = choices(self.stored.document)
        return [(name, label, known[key][:_MOST_CHOICES]) for name, label, key in _CHOICES if known[key]]


@dataclass(frozen=True, slots=True)
class ListView:
    """A page of the list; `items` are the document's."""

    finished: FinishedList
    form: Form
    items: list[dict[str, Any]]
    hidden: list[HiddenRecord]
    page: int
    shown: int

    @property
    def stored(self) -> StoredResult:
        """The list's answer."""
        return self.finished.stored

    @property
    def total(self) -> int:
        """How many records the whole list has."""
        return len(self.stored.document["recommendations"])

    @property
    def collectors(self) -> int:
        """From how many collections it was made."""
        return max(1, int(self.stored.document["collectors"]))

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        return self.stored.made_at

    @property
    def partial(self) -> list[str]:
        """What is missing from it."""
        return list(self.stored.document["partial"])

    @property
    def run(self) -> str:
        """The run that made it."""
        return self.stored.run_id

    @property
    def asked(self) -> str:
        """What the search itself was narrowed to, in words."""
        return ", ".join(_words(self.finished.criteria))

    @property
    def choices(self) -> list[tuple[str, str, list[str]]]:
        """Field, label and values of each thing to narrow by."""
        return self.finished.choices

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The filters of this view, as fields."""
        return [
            (name, value) for name in NARROWING for value in self.form.values.get(name, []) if value.strip()
        ]

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.filters)

    @property
    def grid(self) -> bool:
        """Whether covers are shown instead of a list."""
        return self.form.text("view") == "grid"

    @property
    def query(self) -> str:
        """What the address carries, but for the page."""
        kept = [(name, value) for name in ("run", "user", "view") if (value := self.form.text(name))]
        return urlencode(kept + self.filters)

    def query_of(self, page: int) -> str:
        """What the address of another page carries."""
        return "&".join(part for part in (self.query, f"page={page}") if part)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.shown // PAGE))

    @property
    def first(self) -> int:
        """The place of this page's first record."""
        return (self.page - 1) * PAGE + 1


def read_filters(form: Form) -> RecommendationFilters:
    """The filters of an address; `InvalidFieldsError` with a sentence per field."""
    fields, filters = parse_filters(form.options(NARROWING))
    fields.finish()
    return replace(filters, include_wantlist=True)


def narrowed_document(
    stored: StoredResult, filters: RecommendationFilters, feedback: Feedback
) -> dict[str, Any]:
    """The document with what passes the filters and is neither hidden nor bought."""
    document = stored.document if filters == EVERYTHING else narrowed(stored.document, filters)
    gone = feedback.hidden | feedback.bought
    kept = [one for one in document["recommendations"] if one["release_id"] not in gone]
    return {**document, "recommendations": kept}


def list_view(
    finished: FinishedList,
    form: Form,
    filters: RecommendationFilters,
    feedback: Feedback,
) -> ListView:
    """The page of the list that the form asks for, the nearest there is."""
    kept = narrowed_document(finished.stored, filters, feedback)["recommendations"]
    asked = form.text("page")
    pages = max(1, -(-len(kept) // PAGE))
    page = min(max(1, int(asked)), pages) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1
    hidden = _hidden(finished.stored, feedback)
    return ListView(finished, form, kept[(page - 1) * PAGE : page * PAGE], hidden, page, len(kept))


def _hidden(stored: StoredResult, feedback: Feedback) -> list[HiddenRecord]:
    document = stored.document
    return [
        HiddenRecord(
            record_words.artists(one),
            one["title"],
            {
                "user": document["user"],
                "run": stored.run_id,
                "release": str(one["release_id"]),
                "act": "unhide",
                "back": f"/recommendations?run={stored.run_id}",
            },
        )
        for one in document["recommendations"]
        if one["release_id"] in feedback.hidden
    ]


def _words(criteria: dict[str, Any]) -> Iterable[str]:
    if criteria["new_artists"]:
        yield "new artists"
    if criteria["new_labels"]:
        yield "new labels"
    for name in ("genres", "styles", "formats", "countries"):
        yield from criteria[name]
    if criteria["year_from"] or criteria["year_to"]:
        yield f"{criteria['year_from'] or ''}–{criteria['year_to'] or ''}"
