"""The records that are most like one, weighed by the person's taste."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from discogs_assistant.engine.explain import (
    MOST_REASONS,
    Part,
    called,
    largest,
    named_parts,
    shared_parts,
    shares,
)
from discogs_assistant.engine.ranking import in_order, left_for
from discogs_assistant.engine.recommend import Contributions, Learned, Scores
from discogs_assistant.engine.taste import Taste
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.recommendation import Reason, Recommendation, RecommendationFilters
from discogs_assistant.model.release import Release

NEAR = 0.75
"""The share of the score that is likeness to the record; the rest is the person's taste.

In a sandbox of 600 records the ten nearest of 40 records shared 2.03 artists, labels and styles with them,
as they did with likeness alone (2.03), and their scores by taste rose from .504 to .565; with .5 they
shared 1.78.
"""

_EVERYTHING = RecommendationFilters(include_wantlist=True)
_NOISE = 1e-9


def more_like(
    learned: Learned,
    taste: Taste,
    record: Release,
    candidates: Iterable[Release],
    *,
    limit: int,
    prefer: Collection[ReleaseId] = frozenset(),
) -> tuple[Recommendation, ...]:
    """The `limit` best of what is wanted and of `candidates`, chosen and shown as a list of recommendations.

    score(i) = NEAR * s(i | record) + (1 - NEAR) * s(i | taste), where s is what the model gives who has the
    record alone, and who has all that the person has but it, each with 1 for the best candidate. That is
    weighted CombSUM (Fox and Shaw, Combination of Multiple Searches, TREC-2, 1994): both sums being exact,
    so is theirs, and a reason is a part of it. What has nothing of the record is not like it, however well
    it fits the taste. Never something owned or hidden, nor the record, in any pressing. `learned` has to
    know the record (Learned.places).
    """
    itself = Taste(owned=(record,))
    shown = [one for one in left_for(taste, candidates) if not itself.owns(one)]
    items = {one.item_key for one in shown}
    beside = _Beside(learned.scores(itself, items), learned.scores(_without(taste, itself), items))
    found = in_order(shown, beside, taste, _EVERYTHING, prefer=prefer)[:limit]
    best = found[0].score if found else 1.0
    return tuple(
        replace(
            one,
            rank=rank,
            score=one.score / best,
            reasons=beside.reasons(one.release.item_key, taste, record, learned.collectors),
        )
        for rank, one in enumerate(found, 1)
    )


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
        """As `explain.reasons`, and what the item shares with the record among them."""
        near, mine = self.near.contributions(item), self.mine.contributions(item)
        score = NEAR * near.total + (1 - NEAR) * mine.total
        if score <= _NOISE:
            return ()
        parts = [*_weighed(shared_parts(near, record), NEAR), *_weighed(_by_taste(mine, taste), 1 - NEAR)]
        told = largest(parts, score)[:MOST_REASONS]
        rest = score - sum(part[2] for part in told)
        if abs(rest) > _NOISE:
            kind = "collectors" if collectors else "others"
            told.append((kind, _all_else(rest, record, collectors), rest, None))
        return shares(told, score)


def _by_taste(mine: Contributions, taste: Taste) -> list[Part]:
    return named_parts(mine, taste) if mine.total > _NOISE else []


def _weighed(parts: Iterable[Part], weight: float) -> list[Part]:
    return [(kind, text, weight * added, release) for kind, text, added, release in parts]


def _without(taste: Taste, record: Taste) -> Taste:
    """The taste as if nothing was said of the record: it counts once, by likeness."""
    owned, wanted, loved, hidden = (
        tuple(one for one in some if not record.owns(one))
        for some in (taste.owned, taste.wanted, taste.loved, taste.hidden)
    )
    return replace(taste, owned=owned, wanted=wanted, loved=loved, hidden=hidden)


def _all_else(rest: float, record: Release, collectors: int) -> str:
    if rest < 0:
        return "Some of your other records, or what you hid, speak against it."
    alike = f"All else in which it is like {called(record)} or like your own records"
    return f"{alike}, and who owns them together." if collectors else f"{alike}."
