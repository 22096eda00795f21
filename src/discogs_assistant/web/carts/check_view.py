"""A checked cart as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from discogs_assistant.pipelines.carts.result import CheckResult
from discogs_assistant.web import formatting
from discogs_assistant.web.carts.carts_view import CartsView, PlacedCart

STATES = {
    "same": "for sale as before",
    "changed": "another price",
    "sold": "sold",
    "gone": "gone",
    "unread": "not read",
}


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check's document as `price_expiry.shown_check` returns it, with covers by release."""

    document: CheckResult
    covers: Mapping[int, str]

    @property
    def states(self) -> Mapping[str, str]:
        """The state of a copy, in words."""
        return STATES

    @property
    def carts(self) -> CartsView:
        """The seller's cart, built again."""
        return CartsView(self.document, self.covers)

    @property
    def card(self) -> PlacedCart | None:
        """The card of that cart, None if nothing fits any more; it has no place in a list."""
        return next((replace(placed, place="") for placed in self.carts.cards), None)

    @property
    def verdict(self) -> str:
        """What the check found, in a line."""
        document = self.document
        gone, changed, unread = document.gone, document.changed, document.unread
        copies = len(document.checked)
        if not gone and not changed and not unread:
            return (
                "Still for sale, at the same price"
                if copies == 1
                else f"All {copies} still for sale, at the same prices"
            )
        parts = [
            gone and f"{formatting.count(gone, 'copy', 'copies')} of {copies} sold or gone",
            changed and f"{formatting.count(changed, 'price')} changed",
            unread and f"{formatting.count(unread, 'copy', 'copies')} not read",
        ]
        return ", ".join(part for part in parts if part)
