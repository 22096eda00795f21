"""A recommended release with the reasons for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from discogs_assistant.model.grade import Grade
from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.model.money import Money
from discogs_assistant.model.release import Release


@dataclass(frozen=True, slots=True)
class Reason:
    """A part of the score: `share` of 1, from an owned record or a shared feature, or from all else.

    `kind` is owned, artist, label, style or credit, alike for what was learned of a record that more is asked
    like, or of all else collectors, where others' records are among it, or others. The shares of a
    recommendation add up to 1, and that of all else may be below 0.
    `text` is a sentence for the person.
    """

    kind: str
    text: str
    share: float
    release_id: ReleaseId | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A release with rank (from 1), score above 0, and reasons, the largest share first."""

    rank: int
    release: Release
    score: float
    reasons: tuple[Reason, ...]
    new_artist: bool
    new_label: bool
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class RecommendationFilters:
    """What a person narrows the list by; an empty set and None allow all.

    `decades` by their first years. `max_price` and `min_media` ask for what is known to be for sale now, and
    at least one copy meets both. At most `per_artist` records have an artist in common. `surprise` from 0,
    the safe list in the order of its scores, to 1, the adventurous one (`engine/recommendations/novelty.py`).
    """

    new_artists: bool = False
    new_labels: bool = False
    include_wantlist: bool = False
    genres: frozenset[str] = field(default_factory=frozenset)
    styles: frozenset[str] = field(default_factory=frozenset)
    formats: frozenset[str] = field(default_factory=frozenset)
    countries: frozenset[str] = field(default_factory=frozenset)
    year_from: int | None = None
    year_to: int | None = None
    decades: frozenset[int] = field(default_factory=frozenset)
    max_price: Money | None = None
    min_media: Grade | None = None
    per_artist: int | None = None
    surprise: Decimal = Decimal(0)

    @property
    def for_sale(self) -> bool:
        """Whether only records that can be bought now are asked for."""
        return self.max_price is not None or self.min_media is not None

    @property
    def narrow(self) -> bool:
        """Whether anything is kept off the list: surprise changes its order alone."""
        plain = RecommendationFilters(include_wantlist=self.include_wantlist, surprise=self.surprise)
        return self != plain


@dataclass(frozen=True, slots=True)
class RecommendationResult:
    """A finished list for `user`, made by `model` from `collectors` profiles. `partial`: what it lacks."""

    user: UserName
    model: str
    made_at: datetime
    collectors: int
    recommendations: tuple[Recommendation, ...]
    partial: tuple[str, ...] = ()
