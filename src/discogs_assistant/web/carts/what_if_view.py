"""What the overrides changed, in words: the criteria, and the best cart compared with the search's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.carts.result import Cart, CartsResult
from discogs_assistant.web import formatting, release_text
from discogs_assistant.web.carts.overrides import LISTS, Overrides
from discogs_assistant.web.market.search_form import areas

SHOWN = (
    "budget",
    "min_media",
    "min_sleeve",
    "min_seller_rating",
    "ships_from",
    "include_shipping",
    "min_orders",
)
"""The overrides that have a field of their own beside the carts; a card's buttons make the others."""
_PICKED = ("exclude_seller", "exclude_release", "must")
_OPTIONS = ShopOptions.definitions()


@dataclass(frozen=True, slots=True)
class Change:
    """One criterion that differs from the search, and the part of the address that undoes it."""

    words: str
    undo: str


@dataclass(frozen=True, slots=True)
class Pick:
    """A seller or a record that was left out or locked in: a check box, ticked while that applies."""

    field: str
    value: str
    words: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class WhatIfView:
    """Overrides of a search with the document `own` that it found, and the document `now` that they give."""

    overrides: Overrides
    own: CartsResult
    now: CartsResult

    @property
    def moved(self) -> bool:
        """Whether anything differs from the search."""
        return bool(self.overrides.changed)

    @property
    def changes(self) -> list[Change]:
        """The criteria that were changed."""
        return list(self._changes())

    @property
    def picks(self) -> list[Pick]:
        """What was left out or locked in, by the search or since."""
        own, now = self.overrides.own, self.overrides.now
        return [
            Pick(name, str(picked), self._picked(name, picked), picked in now[name])
            for name in _PICKED
            for picked in [*own[name], *(picked for picked in now[name] if picked not in own[name])]
        ]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Further overrides that came with the address and have no field."""
        names = [name for name in self.overrides.changed if name not in (*SHOWN, *_PICKED)]
        return [(name, self.overrides.text(name)) for name in names]

    @property
    def elsewhere(self) -> list[str]:
        """Sentences about overrides that have no field to show them at."""
        return [sentence for name, sentence in self.overrides.form.errors.items() if name not in SHOWN]

    @property
    def difference(self) -> str:
        """The best cart beside the one that the search found, in a sentence."""
        if not self.now.carts:
            return "No cart fits any more." if self.own.carts else "Still no cart fits."
        if not self.own.carts:
            return f"{formatting.count(len(self.now.carts), 'cart')}, where the search found none."
        before, after = self.own.carts[0], self.now.carts[0]
        if before.listing_ids == after.listing_ids:
            return f"The best cart stays the same{self._carts()}."
        parts = [_records(after.items - before.items), self._price(_spent(after) - _spent(before))]
        if after.seller != before.seller:
            parts.append(f"from {after.seller} instead of {before.seller}")
        return f"The best cart: {', '.join(parts)}{self._carts()}."

    def _changes(self) -> Iterator[Change]:
        own, now = self.overrides.own, self.overrides.now
        for name in self.overrides.changed:
            if name not in _PICKED:
                after, before = self._value(name, now[name]), self._value(name, own[name])
                words = f"{_OPTIONS[name].label}: {after}, was {before}"
                yield Change(words, self.overrides.without(name))
                continue
            for picked in sorted(set(own[name]) ^ set(now[name])):
                again = "" if picked in now[name] else " – not any more"
                yield Change(self._picked(name, picked) + again, self.overrides.without(name, picked))

    def _picked(self, name: str, picked: Any) -> str:
        if name == "exclude_seller":
            return f"Without {picked}"
        release = self.now.releases.get(picked) or self.own.releases.get(picked)
        record = f"{release_text.artists(release)} – {release.title}" if release else f"release {picked}"
        return f"With {record}" if name == "must" else f"Without {record}"

    def _value(self, name: str, value: Any) -> str:
        if value in (None, []):
            return "any"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if name in LISTS:
            return ", ".join(areas(value) if name == "ships_from" else value)
        if name in ("budget", "max_price"):
            return f"{value} {self.own.currency}"
        return f"{value} %" if name == "min_seller_rating" else str(value)

    def _price(self, more: int) -> str:
        if not more:
            return "the same total"
        return f"{formatting.money(abs(more), self.own.currency)} {'dearer' if more > 0 else 'cheaper'}"

    def _carts(self) -> str:
        before, after = len(self.own.carts), len(self.now.carts)
        return "" if before == after else f"; {formatting.count(after, 'cart')} instead of {before}"


def _spent(cart: Cart) -> int:
    """Records and shipping together, whether the budget limits both or not."""
    return (cart.merchandise_minor or 0) + (cart.shipping.minor or 0)


def _records(more: int) -> str:
    if not more:
        return "as many records"
    return f"{formatting.count(abs(more), 'record')} {'more' if more > 0 else 'fewer'}"
