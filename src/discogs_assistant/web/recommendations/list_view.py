"""A finished list of recommendations as its page shows it: narrowed, paged, without what is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from discogs_assistant.model.ids import RunId
from discogs_assistant.model.recommendation import Recommendation, RecommendationResult
from discogs_assistant.pipelines.recommendations.list_filters import NarrowedList
from discogs_assistant.pipelines.recommendations.options import RecommendOptions
from discogs_assistant.pipelines.runtime.results.finished import Finished
from discogs_assistant.pipelines.runtime.results.recommendations import choices
from discogs_assistant.store.recommendations.feedback import Feedback
from discogs_assistant.web import release_text
from discogs_assistant.web.forms import Form
from discogs_assistant.web.recommendations.list_query import NARROWING, ListQuery
from discogs_assistant.web.recommendations.list_sentences import asked_words, mixing_notes

PAGE = 25
_CHOICES = {
    "genres": "genres",
    "styles": "styles",
    "decades": "decades",
    "formats": "formats",
    "countries": "country",
}
"""The options that are chosen from what is on the list, and the document's names for their values."""
_MOST_CHOICES = 60


@dataclass(frozen=True, slots=True)
class HiddenRecord:
    """A record that the person hid, with the form that shows it again."""

    artists: str
    title: str
    undo: dict[str, str]


@dataclass(frozen=True)
class FinishedList:
    """A finished list, with what its search itself was asked."""

    answer: Finished[RecommendationResult]
    options: RecommendOptions

    @property
    def result(self) -> RecommendationResult:
        """What was found."""
        return self.answer.result

    @cached_property
    def choices(self) -> list[tuple[str, list[str]]]:
        """Option and values of each thing to narrow by."""
        known = choices(self.result.recommendations)
        return [(name, known[key][:_MOST_CHOICES]) for name, key in _CHOICES.items() if known[key]]

    @property
    def surprise(self) -> Decimal:
        """What it was made with."""
        return self.options.filters.surprise


@dataclass(frozen=True, slots=True)
class ListView:
    """A page of the list; `items` are those shown, `notes` say how the list is ordered."""

    finished: FinishedList
    form: Form
    list_query: ListQuery
    notes: list[str]
    items: tuple[Recommendation, ...]
    hidden: list[HiddenRecord]
    page: int
    shown: int

    @property
    def result(self) -> RecommendationResult:
        """The whole list."""
        return self.finished.result

    @property
    def total(self) -> int:
        """How many records the whole list has."""
        return len(self.result.recommendations)

    @property
    def collectors(self) -> int:
        """The number of collections that it was made from."""
        return max(1, self.result.collectors)

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        return self.finished.answer.made_at

    @property
    def partial(self) -> list[str]:
        """What is missing from it."""
        return list(self.result.partial)

    @property
    def run(self) -> RunId:
        """The run that made it."""
        return self.finished.answer.run_id

    @property
    def asked(self) -> str:
        """What the search itself was narrowed to, in words."""
        return ", ".join(asked_words(self.finished.options.filters))

    @property
    def choices(self) -> list[tuple[str, list[str]]]:
        """Option and values of each thing to narrow by."""
        return self.finished.choices

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The filters of this view, as fields."""
        return [
            (name, value)
            for name in NARROWING
            if name not in self.list_query.idle
            for value in self.form.values.get(name, [])
            if value.strip()
        ]

    @property
    def surprise(self) -> str:
        """Where the slider stands."""
        return self.form.text("surprise").strip() or f"{self.finished.surprise:f}"

    @property
    def search(self) -> list[tuple[str, str]]:
        """The fields of a new search with these filters."""
        return [
            *(filter_ for filter_ in self.filters if filter_[0] != "surprise"),
            ("surprise", self.surprise),
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
        """What the address carries, except the page."""
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


def list_view(
    finished: FinishedList, form: Form, list_query: ListQuery, narrowed: NarrowedList, feedback: Feedback
) -> ListView:
    """The requested page of the list, or the nearest that exists."""
    kept = narrowed.result.recommendations
    asked = form.text("page")
    pages = max(1, -(-len(kept) // PAGE))
    page = min(max(1, int(asked)), pages) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1
    return ListView(
        finished,
        form,
        list_query,
        mixing_notes(list_query, narrowed, finished.surprise),
        kept[(page - 1) * PAGE : page * PAGE],
        _hidden(finished.answer, feedback),
        page,
        len(kept),
    )


def _hidden(answer: Finished[RecommendationResult], feedback: Feedback) -> list[HiddenRecord]:
    return [
        HiddenRecord(
            release_text.artists(recommendation.release),
            recommendation.release.title,
            {
                "user": answer.result.user,
                "run": answer.run_id,
                "release": str(recommendation.release.id),
                "act": "unhide",
                "back": f"/recommendations?run={answer.run_id}",
            },
        )
        for recommendation in answer.result.recommendations
        if recommendation.release.id in feedback.hidden
    ]
