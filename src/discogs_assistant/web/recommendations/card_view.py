"""One recommendation as its card shows it."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.model.recommendation import Reason, Recommendation
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.catalogue import releases
from discogs_assistant.pipelines.profiles import wantlist
from discogs_assistant.store.catalogue import releases as stored_releases
from discogs_assistant.store.profiles import items as stored_items
from discogs_assistant.web import formatting, release_text
from discogs_assistant.web.catalogue.covers import covers
from discogs_assistant.web.catalogue.lowest_prices import LowestPrice, lowest_prices
from discogs_assistant.web.catalogue.want_button import WantButton
from discogs_assistant.web.credits import Name, OnLabel, artist_names, label_names
from discogs_assistant.web.session import Visitor

_MOST_STYLES = 4
_MOST_LABELS = 2


@dataclass(frozen=True, slots=True)
class Card:
    """A recommendation for `user`, with what is known now; `back` is the page it stands on.

    `run` is that which found it, empty where none did: what is more like another record needs no run.
    """

    item: Recommendation
    user: str
    run: str
    back: str
    loved: bool
    cover: str | None
    lowest: LowestPrice | None
    known: Release | None = None
    """The release as the catalogue knows it, with the numbers of its artists and labels."""
    wanted: bool = False
    other_wanted: bool = False
    """Whether another pressing of its master is on the wantlist."""
    may_want: bool = False
    """Whether its wantlist can be changed from here."""

    @property
    def release(self) -> Release:
        """The record, as the list has it."""
        return self.item.release

    @property
    def id(self) -> int:
        """The release."""
        return int(self.release.id)

    @property
    def place(self) -> tuple[Hashable, ...]:
        """Its place on the page."""
        return self.run, self.id, self.user, self.back

    @property
    def given(self) -> tuple[Hashable, ...]:
        """What it depends on beside its place and its run's answer."""
        marks = self.loved, self.wanted, self.other_wanted, self.may_want
        return *marks, self.cover, self.lowest, tuple(self.names), tuple(self.labels)

    @property
    def want(self) -> WantButton:
        """Its button for the wantlist."""
        return WantButton(self.id, self.title, self.user, f"{self.back}#r{self.id}", self.wanted)

    @property
    def rank(self) -> int:
        """Its place in the whole list."""
        return self.item.rank

    @property
    def artists(self) -> str:
        """Who made it."""
        return release_text.artists(self.release)

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
        return self.release.title

    @property
    def facts(self) -> str:
        """Year, country, label and formats."""
        return release_text.facts(self.release)

    @property
    def around_labels(self) -> tuple[str, str]:
        """The text before the labels, and after them."""
        return release_text.around_labels(self.release)

    @property
    def styles(self) -> list[str]:
        """The first styles, or genres where there are none."""
        return list(self.release.styles or self.release.genres)[:_MOST_STYLES]

    @property
    def badges(self) -> list[str]:
        """What is special about it."""
        wanted = ["on the wantlist"] if self.wanted or self.other_wanted else []
        marks = ((self.item.new_artist, "new artist"), (self.item.new_label, "new label"))
        return wanted + [text for holds, text in marks if holds]

    @property
    def shown_reasons(self) -> tuple[Reason, ...]:
        """The reasons shown at once: the first, and another one if it applies to all lists like this."""
        reasons = self.item.reasons
        return reasons[: 2 if reasons and reasons[0].kind == "alike" else 1]

    @property
    def further(self) -> tuple[Reason, ...]:
        """The other reasons, the largest share first."""
        return self.item.reasons[len(self.shown_reasons) :]

    @property
    def score(self) -> str:
        """The score to two decimals."""
        return f"{self.item.score:.2f}"

    @property
    def price(self) -> str | None:
        """The lowest known price."""
        return str(self.lowest.price) if self.lowest else None

    @property
    def price_note(self) -> str:
        """Of how many copies."""
        return formatting.count(self.lowest.copies, "copy", "copies") if self.lowest else ""


def cards(
    visitor: Visitor,
    items: Sequence[Recommendation],
    *,
    user: str,
    run: str,
    back: str,
    loved: Collection[ReleaseId],
) -> list[Card]:
    """The cards of these recommendations, with covers and lowest prices of now."""
    ids = [item.release.id for item in items]
    key = ("beside", visitor.owner, visitor.chosen.currency, tuple(ids))
    beside = visitor.site.memory.recall(key, lambda: _beside(visitor, items))
    wanted = stored_items.wanted(visitor.ctx.db, visitor.owner, UserName(user))
    own = user == visitor.user
    may_want = visitor.may_want if own else wantlist.may_change(visitor.ctx, visitor.owner, UserName(user))
    return [
        Card(
            item,
            user,
            run,
            back,
            id in loved,
            beside.covers.get(id),
            beside.prices.get(id),
            beside.known.get(id),
            id in wanted,
            not wanted.isdisjoint(beside.pressings.get(item.release.master_id or 0, ())),
            may_want,
        )
        for id, item in zip(ids, items, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Beside:
    """Covers and prices of releases, by their ids, and the known pressings of their masters."""

    covers: Mapping[int, str]
    prices: Mapping[int, LowestPrice]
    known: Mapping[int, Release]
    pressings: Mapping[int, Collection[ReleaseId]]


def _beside(visitor: Visitor, items: Sequence[Recommendation]) -> _Beside:
    ctx, ids = visitor.ctx, [item.release.id for item in items]
    found = releases.releases(ctx.db, ctx.catalogue, ids, visitor.owner)
    known = {int(id): entry.release for id, entry in found.items()}
    masters = [item.release.master_id for item in items if item.release.master_id]
    pressings = {int(id): some for id, some in stored_releases.pressings(ctx.db, masters).items()}
    return _Beside(covers(visitor, ids), lowest_prices(visitor, ids), known, pressings)
