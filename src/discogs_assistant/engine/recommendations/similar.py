"""The records that are most like one, weighed by the person's taste."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from discogs_assistant.engine.recommendations.ranking import in_order, left_for
from discogs_assistant.engine.recommendations.reasons import (
    MOST_REASONS,
    Part,
    called,
    largest,
    named_parts,
    shared_parts,
    shares,
)
from discogs_assistant.engine.recommendations.scoring import Contributions, Learned, Scores
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.recommendation import Reason, Recommendation, RecommendationFilters
from discogs_assistant.model.release import Release
from discogs_assistant.model.search_words import name_key

NEAR = 0.75
"""The share of the score that is likeness to the record; the rest is the person's taste.

In a sandbox of 600 records the ten nearest of 40 records shared 2.03 artists, labels and styles with them,
as they did with likeness alone (2.03), and their scores by taste rose from .504 to .565; with .5 they
shared 1.78.
"""

_EVERYTHING = RecommendationFilters(include_wantlist=True)
_NOISE = 1e-9


@dataclass(frozen=True)
class Neighbourhood:
    """What may be like a record: a person's wants and `candidates`, neither owned nor hidden in any pressing.

    Of an item's pressings the same is shown as in a list of recommendations.
    """

    learned: Learned
    taste: Taste
    candidates: Sequence[Release] = field(repr=False)
    prefer: Collection[ReleaseId] = frozenset()

    def like(self, record: Release, limit: int) -> tuple[Recommendation, ...]:
        """The `limit` records that are most like `record`, which the model knows (Learned.places).

        score(i) = NEAR * s(i | record) + (1 - NEAR) * s(i | taste), where s is what the model gives who has
        the record alone, and who has all that the person has but it, each with 1 for the best candidate; then
        scaled so that the first has 1. That is weighted CombSUM (Fox and Shaw, Combination of Multiple
        Searches, TREC-2, 1994): both sums being exact, so is theirs, and a reason is a part of it. What has
        nothing of the record is not like it, however well it fits the taste. Never the record itself, in any
        pressing.
        """
        itself = Taste(owned=(record,))
        others = self._all_but(record, itself)
        near = self.learned.scores(itself, [candidate.release.item_key for candidate in others])
        beside = _Beside(near, self._mine_without(itself))
        scored = [(beside.of(candidate.release.item_key), candidate) for candidate in others]
        found = sorted((pair for pair in scored if pair[0] > 0), key=_order)[:limit]
        return tuple(
            replace(
                candidate,
                rank=rank,
                score=score / found[0][0],
                reasons=beside.reasons(
                    candidate.release.item_key, self.taste, record, self.learned.collectors
                ),
            )
            for rank, (score, candidate) in enumerate(found, 1)
        )

    def _all_but(self, record: Release, itself: Taste) -> list[Recommendation]:
        """Without any pressing of the record; titles are compared first, as they are quick to compare."""
        item, title = record.item_key, name_key(record.title)
        return [
            candidate
            for candidate, other in zip(self._described, self._titles, strict=True)
            if (other != title and candidate.release.item_key != item) or not itself.owns(candidate.release)
        ]

    @cached_property
    def _described(self) -> list[Recommendation]:
        """One release for each item, its score and reasons still to come."""
        return in_order(
            left_for(self.taste, self.candidates), _Alike(), self.taste, _EVERYTHING, prefer=self.prefer
        )

    @cached_property
    def _titles(self) -> list[str]:
        return [name_key(candidate.release.title) for candidate in self._described]

    @cached_property
    def _mine(self) -> Scores:
        return self.learned.scores(self.taste, [candidate.release.item_key for candidate in self._described])

    def _mine_without(self, itself: Taste) -> Scores:
        """By taste without feedback on the record: it counts once, by similarity."""
        taste = self.taste
        roles = (taste.owned, taste.wanted, taste.loved, taste.hidden)
        if not any(itself.owns(candidate) for role in roles for candidate in role):
            return self._mine
        owned, wanted, loved, hidden = (tuple(o for o in role if not itself.owns(o)) for role in roles)
        rest = replace(taste, owned=owned, wanted=wanted, loved=loved, hidden=hidden)
        return self.learned.scores(rest, [candidate.release.item_key for candidate in self._described])


def _order(pair: tuple[float, Recommendation]) -> tuple[float, int]:
    return -pair[0], pair[1].release.id


class _Alike:
    """Scores before anything is asked."""

    def of(self, item: int) -> float:
        """1 for each item."""
        return 1.0


@dataclass(frozen=True, slots=True)
class _Beside:
    """Scores by likeness and by taste together."""

    near: Scores
    mine: Scores

    def of(self, item: int) -> float:
        """The score of an item, 0 where it has nothing of the record."""
        near = self.near.of(item)
        return NEAR * near + (1 - NEAR) * self.mine.of(item) if near > 0 else 0.0

    def reasons(self, item: int, taste: Taste, record: Release, collectors: int) -> tuple[Reason, ...]:
        """As `explain.reasons`, with what the item shares with the record, and what was learned of both."""
        near, mine = self.near.contributions(item), self.mine.contributions(item)
        score = NEAR * near.total + (1 - NEAR) * mine.total
        if score <= _NOISE:
            return ()
        by_record = [*shared_parts(near, record), _together(near, record, collectors)]
        by_taste = named_parts(mine, taste) if mine.total > _NOISE else []
        parts = largest([*_weighed(by_record, NEAR), *_weighed(by_taste, 1 - NEAR)], score)[:MOST_REASONS]
        rest = score - sum(part[2] for part in parts)
        if abs(rest) > _NOISE:
            parts.append(("collectors" if collectors else "others", _all_else(rest, record), rest, None))
        return shares(parts, score)


def _weighed(parts: Iterable[Part], weight: float) -> list[Part]:
    return [(kind, text, weight * added, release) for kind, text, added, release in parts]


def _together(near: Contributions, record: Release, collectors: int) -> Part:
    """What the model learned of both, beyond what they are made of."""
    source = "other collections show" if collectors else "was learned from your records and the catalogue"
    return (
        "alike",
        f"Who likes {called(record)} is likely to like it, as {source}.",
        float(near.together.sum()),
        None,
    )


def _all_else(rest: float, record: Release) -> str:
    if rest < 0:
        return "Some of your other records, or what you hid, speak against it."
    return f"All else in which it is like {called(record)} or like your own records."
