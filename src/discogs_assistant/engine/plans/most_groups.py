"""How many groups so many shops have at most, by trying all sets of shops that may have as many as one known.

A set's groups are bits. What the shops that are still to be chosen add is at most what the best of them would
add by themselves (the function is submodular), which ends most branches early.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.engine.compiler import kernel
from discogs_assistant.engine.plans.problem import PlanProblem

WORK = 900_000_000
"""Words of bits that may be looked at for all searches of a problem: about a second."""

SETS = 24
"""Sets that are remembered."""

_WORD = 64


def sets_with(problem: PlanProblem, count: int, groups: int, work: int) -> tuple[list[Ints] | None, int]:
    """The sets of `count` shops that have an offer of at least `groups` groups, as numbers of shops.

    None where there are too many, or where `work` does not suffice; and how much of that is left.
    """
    found = np.zeros((SETS, count), dtype=np.int64)
    number, work = fill_sets(_bits(problem), count, groups, found, work)
    return None if number < 0 else list(found[:number]), work


def _bits(problem: PlanProblem) -> NDArray[np.uint64]:
    """(s, words) the groups of each shop."""
    words = -(-problem.groups // _WORD)
    has = np.zeros((len(problem.shops), words * _WORD), dtype=np.uint8)
    has[problem.shop, problem.group[problem.want]] = 1
    return np.ascontiguousarray(np.packbits(has, axis=1).view(np.uint64))


@kernel
def fill_sets(bits: NDArray[np.uint64], count: int, groups: int, found: Ints, work: int) -> tuple[int, int]:
    """How many sets are in `found`, −1 where they or the work are too many; and the work left."""
    shops, words = bits.shape
    covered = np.zeros((count + 1, words), dtype=np.uint64)
    left, gain = np.zeros((count + 1, shops), dtype=np.int64), np.zeros((count + 1, shops), dtype=np.int64)
    has, size, at = (
        np.zeros(count + 1, np.int64),
        np.zeros(count + 1, np.int64),
        np.zeros(count + 1, np.int64),
    )
    size[0] = shops
    for shop in range(shops):
        left[0, shop] = shop
    _rank(bits, covered, left, gain, 0, shops)
    depth, number = 0, 0
    while depth >= 0:
        place, more = at[depth], count - depth
        if place + more > size[depth] or has[depth] + _sum(gain, depth, place, more) < groups:
            depth -= 1
            continue
        at[depth] += 1
        if more == 1:
            if number == len(found):
                return -1, work
            for k in range(count):
                found[number, k] = left[k, at[k] - 1]
            number += 1
            continue
        work -= words * (size[depth] - place)
        if work < 0:
            return -1, work
        depth += 1
        shop = left[depth - 1, place]
        for word in range(words):
            covered[depth, word] = covered[depth - 1, word] | bits[shop, word]
        has[depth] = has[depth - 1] + gain[depth - 1, place]
        size[depth], at[depth] = size[depth - 1] - place - 1, 0
        for k in range(size[depth]):
            left[depth, k] = left[depth - 1, place + 1 + k]
        _rank(bits, covered, left, gain, depth, size[depth])
    return number, work


@kernel
def _sum(gain: Ints, depth: int, place: int, more: int) -> int:
    """What the best of the shops left add by themselves."""
    total = 0
    for k in range(place, place + more):
        total += gain[depth, k]
    return total


@kernel
def _rank(
    bits: NDArray[np.uint64], covered: NDArray[np.uint64], left: Ints, gain: Ints, depth: int, size: int
) -> None:
    """Sorts the shops left at a depth by how many groups each adds to those covered there, most first."""
    for at in range(size):
        shop, added = left[depth, at], 0
        for word in range(covered.shape[1]):
            added += _ones(bits[shop, word] & ~covered[depth, word])
        place = at
        while place > 0 and gain[depth, place - 1] < added:
            left[depth, place], gain[depth, place] = left[depth, place - 1], gain[depth, place - 1]
            place -= 1
        left[depth, place], gain[depth, place] = shop, added


@kernel
def _ones(word: np.uint64) -> np.int64:
    """How many bits of a word are set."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))
