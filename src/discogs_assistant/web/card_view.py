"""One recommendation as its card shows it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines import catalogue_known
from discogs_assistant.web import record_words, words
from discogs_assistant.web.credit_words import Name, OnLabel, artist_names, label_names
from discogs_assistant.web.lowest_prices import LowestPrice, lowest_prices
from discogs_assistant.web.shelf import covers
from discogs_assistant.web.visitor import Visitor

_MOST_STYLES = 4
_MOST_LABELS = 2


@dataclass(frozen=True, slots=True)
class Card:
    """A recommendation of a run for `user`, with what is known now; `back` is the page it stands on."""

    item: dict[str, Any]
    user: str
    run: str
    back: str
    loved: bool
    cover: str | None
    lowest: LowestPrice | None
    known: Release | None = None
    """The release as the catalogue knows it, with the numbers of its artists and labels."""

    @property
    def id(self) -> int:
        """The release."""
        return int(self.item["release_id"])

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What a rendered card depends on."""
        return self.run, self.id, self.user, self.back, self.loved, self.cover, self.lowest, self.known

    @property
    def rank(self) -> int:
        """Its place in the whole list."""
        return int(self.item["rank"])

    @property
    def artists(self) -> str:
        """Who made it."""
        return record_words.artists(self.item)

    @property
    def names(self) -> list[Name]:
        """Its artists with their pages, where they are known."""
        return artist_names(self.known.artists) if self.known else []

    @property
    def labels(self) -> list[OnLabel]:
        """Its first labels with their pages, where they are known."""
        return label_names(self.known.labels, brief=True)[:_MOST_LABELS] if self.known else []

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.item["title"])

    @property
    def facts(self) -> str:
        """Year, country, label and formats."""
        return record_words.facts(self.item)

    @property
    def around_labels(self) -> tuple[str, str]:
        """What stands before the labels, and after them."""
        return record_words.around_labels(self.item)

    @property
    def styles(self) -> list[str]:
        """The first styles, or genres where there are none."""
        return list(self.item["styles"] or self.item["genres"])[:_MOST_STYLES]

    @property
    def badges(self) -> list[str]:
        """What is special about it."""
        marks = (("wanted", "on the wantlist"), ("new_artist", "new artist"), ("new_label", "new label"))
        return [text for name, text in marks if self.item[name]]

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Why it is here, the largest share first."""
        return list(self.item["reasons"])

    @property
    def score(self) -> str:
        """The score to two decimals."""
        return f"{self.item['score']:.2f}"

    @property
    def price(self) -> str | None:
        """The lowest known price."""
        return str(self.lowest.price) if self.lowest else None

    @property
    def price_note(self) -> str:
        """Of how many copies."""
        return words.count(self.lowest.copies, "copy", "copies") if self.lowest else ""


def cards(
    visitor: Visitor, items: list[dict[str, Any]], *, user: str, run: str, back: str, loved: frozenset[Any]
) -> list[Card]:
    """The cards of these recommendations, with covers and lowest prices of now."""
    ids = [int(item["release_id"]) for item in items]
    key = ("beside", visitor.owner, visitor.chosen.currency, tuple(ids))
    pictures, prices, known = visitor.site.memory.recall(key, visitor.now, lambda: _beside(visitor, ids))
    return [
        Card(item, user, run, back, id in loved, pictures.get(id), prices.get(id), known.get(id))
        for id, item in zip(ids, items, strict=True)
    ]


def _beside(
    visitor: Visitor, ids: list[int]
) -> tuple[Mapping[int, str], Mapping[int, LowestPrice], Mapping[int, Release]]:
    ctx, wanted = visitor.ctx, [ReleaseId(id) for id in ids]
    found = catalogue_known.releases(ctx.db, ctx.catalogue, wanted, visitor.owner)
    known = {int(id): one.release for id, one in found.items()}
    return covers(visitor, ids), lowest_prices(visitor, ids), known
