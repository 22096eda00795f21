"""What a plan is asked for: the wants, the question and its limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from discogs_assistant.engine.carts.copies import Ints, Mask

Passed: TypeAlias = Callable[[], bool]
"""True once the time for an answer is over."""


def never() -> bool:
    """No end of time."""
    return False


class Question(StrEnum):
    """The named answers of several sellers."""

    CHEAPEST = "cheapest"
    MOST = "most"
    FEWEST = "fewest"


@dataclass(frozen=True, slots=True)
class Wants:
    """w wants, each a release of its own; every column (w,), in any order of rows.

    `score` in millionths, never negative; `copies` at least 1, all of them or none are bought. Of the wants
    of one `group` at most one is bought; a want on its own has a group of its own.
    """

    release: Ints
    score: Ints
    required: Mask
    copies: Ints
    group: Ints

    def __len__(self) -> int:
        return len(self.release)


@dataclass(frozen=True, slots=True)
class PlanRules:
    """The question and its limits; money in minor units of the budget's currency.

    CHEAPEST: the most wants, then the lowest total. MOST: the highest sum of scores, then the lowest total.
    FEWEST: as many wants as CHEAPEST for at most floor(its total × (1 + premium)), the fewest sellers, then
    the lowest total. `budget_minor` and `max_sellers` limit every answer where they are given.
    """

    question: Question = Question.CHEAPEST
    budget_minor: int | None = None
    max_sellers: int | None = None
    premium: Fraction = Fraction(1, 20)
