"""Which releases are bought: the shares of recommendations and wants in carts, all wants in plans.

Carts, by original.md's rules:

- Ratio 0: the recommendations alone; 1: the wantlist alone, all of it.
- Between: of n affordable recommendations the top (1 − ratio)·n, and ratio·n wants drawn by user and day.
- "At least 200": where n is below 200 the shares are taken of 200. A side that is shorter than its share is
  filled up by the other, so there are fewer than 200 only where fewer affordable releases are known at all.
- A release whose usual price is above the budget drops out; one whose price is not known stays.
- A required release is always in, whatever its price, its share or its origin.

Plans: all of the wantlist, whatever it costs, and the required releases; at ratio 0 those alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.model.cart import MICRO, Candidate
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import MasterId, ReleaseId, UserName
from discogs_assistant.model.money import Money, round_half_up
from discogs_assistant.model.recommendation import Recommendation

AT_LEAST = 200
WANTED = "wanted"
RECOMMENDED = "recommended"


@dataclass(frozen=True, slots=True)
class Pool:
    """What candidates are chosen from.

    `recommended` by rank, after all filters; `scores` what the person's own taste gives wants and required;
    `prices` the usual price of a release in the budget's currency, where it is known (prices.typical_price);
    `master_of` the masters of all releases known, which matter where any pressing will do.
    """

    recommended: Sequence[Recommendation]
    wanted: Iterable[ReleaseId]
    scores: Mapping[ReleaseId, float]
    prices: Mapping[ReleaseId, Money]
    master_of: Mapping[ReleaseId, MasterId]


@dataclass(frozen=True, slots=True)
class DrawnCandidates:
    """The candidates by falling score, and how many wants and recommendations were too dear."""

    candidates: tuple[Candidate, ...]
    too_dear: int


@dataclass(frozen=True, slots=True)
class _Draw:
    """All `required` and `wants`, and what of them and of the recommendations was `chosen` for carts."""

    required: Sequence[_Item]
    wants: Sequence[_Item]
    chosen: Sequence[_Item]
    too_dear: int


@dataclass(frozen=True, slots=True)
class _Item:
    """One candidate, or one for each pressing that will do; `score` None where the taste knows none."""

    releases: tuple[ReleaseId, ...]
    origin: str
    score: float | None
    reason: str
    group: int | None


def choose_candidates(pool: Pool, criteria: CartCriteria, user: UserName, day: date) -> DrawnCandidates:
    """The candidates of `user` on `day`: the same day draws the same wants, and a larger share only adds."""
    draw = _draw(pool, criteria, user, day)
    return DrawnCandidates(_scored(draw.chosen, draw, uniform=criteria.uniform_wants), draw.too_dear)


def wants_to_plan(pool: Pool, criteria: CartCriteria, user: UserName, day: date) -> tuple[Candidate, ...]:
    """What plans buy, by falling score; each scores the same as in the carts of `user` on `day`."""
    draw = _draw(pool, criteria, user, day)
    wants = draw.wants if criteria.ratio > 0 else ()
    return _scored([*draw.required, *wants], draw, uniform=criteria.uniform_wants)


def _draw(pool: Pool, criteria: CartCriteria, user: UserName, day: date) -> _Draw:
    items = _Items(pool, any_pressing=criteria.any_pressing)
    required = items.wanted(criteria.must, "You required it")
    wants = _apart(items.wanted(pool.wanted, "On your wantlist"), required)
    recommended = _apart(items.recommended(), [*required, *wants])
    near_wants = _affordable(wants, pool.prices, criteria.budget)
    near = _affordable(recommended, pool.prices, criteria.budget)
    wanted = set(pool.wanted)
    already = sum(bool(wanted & set(item.releases)) for item in required)
    want_share, share = shares(criteria.ratio, len(near_wants) + already, len(near))
    drawn = sorted(near_wants, key=lambda item: _draw_key(user, day, item))[: max(0, want_share - already)]
    too_dear = len(wants) - len(near_wants) + len(recommended) - len(near)
    return _Draw(required, wants, [*required, *drawn, *near[:share]], too_dear)


def shares(ratio: Decimal, wants: int, recommended: int) -> tuple[int, int]:
    """How many of the affordable `wants` and `recommended` are candidates (the module's rules)."""
    if ratio <= 0:
        return 0, recommended
    if ratio >= 1:
        return wants, 0
    size = max(recommended, AT_LEAST)
    want_share = min(wants, round_half_up(ratio * size))
    share = min(recommended, size - want_share)
    return min(wants, size - share), share


def rules_for(criteria: CartCriteria, candidates: Sequence[Candidate]) -> Rules:
    """The rules of each cart; of a required release's group any pressing will do."""
    group_of = {candidate.release_id: candidate.group for candidate in candidates}
    members: dict[int, set[ReleaseId]] = {}
    for candidate in candidates:
        if candidate.group is not None:
            members.setdefault(candidate.group, set()).add(candidate.release_id)
    required = (_one_of(release, group_of.get(release), members) for release in sorted(criteria.must))
    return Rules(
        criteria.budget.minor, criteria.min_items, tuple(dict.fromkeys(required)), criteria.min_orders
    )


def _one_of(
    release: ReleaseId, group: int | None, members: Mapping[int, set[ReleaseId]]
) -> frozenset[ReleaseId]:
    return frozenset({release}) if group is None else frozenset(members[group])


class _Items:
    """Makes items, each with all pressings that will do."""

    def __init__(self, pool: Pool, *, any_pressing: bool) -> None:
        self._pool = pool
        self._any_pressing = any_pressing
        self._scores = {
            recommendation.release.id: recommendation.score for recommendation in pool.recommended
        } | dict(pool.scores)
        self._pressings: dict[MasterId, list[ReleaseId]] = {}
        for release in sorted(pool.master_of):
            self._pressings.setdefault(pool.master_of[release], []).append(release)

    def wanted(self, releases: Iterable[ReleaseId], reason: str) -> list[_Item]:
        """One item a release, or a master: by id, with the best of their scores."""
        found: dict[tuple[ReleaseId, ...], _Item] = {}
        for release in sorted(set(releases)):
            item = self._item(release, WANTED, self._scores.get(release), reason)
            before = found.get(item.releases, item)
            found[item.releases] = max(before, item, key=lambda item: item.score or 0.0)
        return list(found.values())

    def recommended(self) -> list[_Item]:
        """One item a recommendation, by rank."""
        return [
            self._item(
                recommendation.release.id,
                RECOMMENDED,
                recommendation.score,
                recommendation.reasons[0].text if recommendation.reasons else "",
            )
            for recommendation in self._pool.recommended
        ]

    def _item(self, release: ReleaseId, origin: str, score: float | None, reason: str) -> _Item:
        master = self._pool.master_of.get(release)
        if not self._any_pressing or master is None:
            return _Item((release,), origin, score, reason, None)
        return _Item(tuple(self._pressings[master]), origin, score, reason, int(master))


def _apart(items: Iterable[_Item], others: Iterable[_Item]) -> list[_Item]:
    """The `items` that share no release with `others`."""
    taken = {release for item in others for release in item.releases}
    return [item for item in items if not taken & set(item.releases)]


def _affordable(items: Iterable[_Item], prices: Mapping[ReleaseId, Money], budget: Money) -> list[_Item]:
    """Items without the pressings whose usual price is above the budget; those of none left drop out."""
    least_cost = {id for id, price in prices.items() if price > budget}
    near = (
        item
        if least_cost.isdisjoint(item.releases)
        else replace(item, releases=tuple(id for id in item.releases if id not in least_cost))
        for item in items
    )
    return [item for item in near if item.releases]


def _draw_key(user: UserName, day: date, item: _Item) -> bytes:
    """A draw that depends on nothing but who, when and what."""
    what = item.releases[0] if item.group is None else f"master {item.group}"
    return sha256(f"{user}/{day.isoformat()}/{what}".encode("utf-8", "surrogatepass")).digest()


def _scored(items: Sequence[_Item], draw: _Draw, *, uniform: bool) -> tuple[Candidate, ...]:
    """Wants carry the taste's score; `uniform`, or unknown to the taste, the lowest recommendation's."""
    lowest = _lowest(draw.chosen or draw.wants, uniform=uniform)
    candidates = [
        Candidate(
            release, _micro(item, lowest, uniform=uniform), item.origin, item.group, item.reason or None
        )
        for item in items
        for release in item.releases
    ]
    return tuple(sorted(candidates, key=lambda candidate: (-candidate.score_micro, candidate.release_id)))


def _lowest(items: Sequence[_Item], *, uniform: bool) -> int:
    """The lowest recommendation's score; without any, 1 for all wants, or the lowest that a want has."""
    of_recommended = [_to_micro(item.score) for item in items if item.origin == RECOMMENDED and item.score]
    of_wants = [_to_micro(item.score) for item in items if item.score] if not uniform else []
    return min(of_recommended or of_wants, default=MICRO)


def _micro(item: _Item, lowest: int, *, uniform: bool) -> int:
    if not item.score or item.score <= 0 or (uniform and item.origin == WANTED):
        return lowest
    return _to_micro(item.score)


def _to_micro(score: float) -> int:
    return max(1, round(score * MICRO))
