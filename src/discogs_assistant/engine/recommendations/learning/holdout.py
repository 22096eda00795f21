"""Strong generalisation: the users a model never sees, and their hidden items to find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from discogs_assistant.engine.recommendations.learning.interactions import Floats, Interactions, Ints, seed_of

FEWEST_ITEMS = 5
HELD_OUT = 0.2


class Given(NamedTuple):
    """What is known of a user: items as places in the vocabulary, ascending, and their weights.

    A weight is above 0 for what the user has or wants, and below for what they want nothing like.
    """

    items: Ints
    weights: Floats

    @property
    def signs(self) -> Floats:
        """(items,) 1 or −1."""
        return np.sign(self.weights)


class HeldOutUser(NamedTuple):
    """A model receives `given` and has to find the items in `hidden`."""

    given: Given
    hidden: Ints


@dataclass(frozen=True, slots=True)
class Split:
    """Users as places, in the order in which they were drawn."""

    test: Ints
    validation: Ints
    train: Ints


def split(users: int, test: int, validation: int, seed: int, train: int | None = None) -> Split:
    """Liang et al., WWW 2018: the first `test` of a permutation, the next `validation`, and of the rest the
    first `train`, or all."""
    order = np.random.default_rng(seed).permutation(users)
    rest = order[test + validation :]
    return Split(order[:test], order[test : test + validation], rest[:train])


def held_out(data: Interactions, users: Sequence[int], seed: int) -> list[HeldOutUser]:
    """A fifth of each user's items hidden, at least one; users with fewer than five are left out.

    `data` holds the vocabulary's items alone. The draw depends on `seed` and the user's id only.
    """
    found = []
    for user in users:
        items, weights = data.of(user)
        if len(items) < FEWEST_ITEMS:
            continue
        hide = max(1, int(HELD_OUT * len(items)))
        draw = np.random.default_rng([seed, seed_of(data.users[user])])
        hidden = np.zeros(len(items), dtype=np.bool_)
        hidden[draw.choice(len(items), hide, replace=False)] = True
        found.append(HeldOutUser(Given(items[~hidden], weights[~hidden]), items[hidden]))
    return found
