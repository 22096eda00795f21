"""From the safe list to the adventurous one: little known records first, and each unlike those before it.

With novelty s, from 0 to 1, a record i of score f_i > 0 and popularity p_i counts

    r_i = f_i · (1 − s/2 · p_i)                                          (popularity discount)

where p_i = (k_i − min k) / (max k − min k) over all items of the model and k is the standard score of
ln(1 + users): 0 for what nobody has, 1 for what most have. 1 − p is the novelty of an item as the complement
of its popularity, by which relevance is multiplied (Vargas and Castells, RecSys 2011), here half-way. Where
no records of others are known, all candidates are as popular, and r = f.

Then records are picked one by one, the next being the

    argmax over i of (1 − λ) · r_i / max r − λ · max over the picked j of cos(t_i, t_j),    λ = 0.3 · s

(maximal marginal relevance, Carbonell and Goldstein, SIGIR 1998, section 2), t being the rows of features of
`engine/recommendations/learning/content.py`. Ties go to the lower id. docs/recommender.md shows what ½ and
0.3 do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from discogs_assistant.engine.recommendations.learning.interactions import Floats, Ints, Matrix

DISCOUNT, UNLIKE = 0.5, 0.3
"""What popularity takes at most, and λ, at novelty 1."""


@dataclass(frozen=True, slots=True)
class Traits:
    """`popularity`: (n,) from 0 to 1; `rows`: (n, features) of length 1, or 0 where nothing is known."""

    popularity: Floats
    rows: Matrix

    def of(self, places: Ints) -> Traits:
        """Those of some records, in the order of `places`."""
        return Traits(self.popularity[places], self.rows[places])


def discounted(scores: Floats, popularity: Floats, novelty: float) -> Floats:
    """(n,) r of each record."""
    return scores * (1.0 - DISCOUNT * novelty * popularity)


def unlike_each_other(relevance: Floats, rows: Matrix, novelty: float, limit: int) -> Ints:
    """Places of the records picked, at most `limit`, in order; `relevance` r is above 0.

    Each pick costs one product of `rows` with a vector, since the largest likeness so far is kept.
    """
    pull, compact = UNLIKE * novelty, _compact(rows)
    worth = (1.0 - pull) * relevance / max(float(relevance.max(initial=0.0)), np.finfo(np.float64).tiny)
    nearest, row = np.zeros(len(worth)), np.zeros(compact.shape[1])
    picked = np.empty(min(limit, len(worth)), dtype=np.int64)
    for turn in range(len(picked)):
        at = int(np.argmax(worth - pull * nearest))
        picked[turn], worth[at] = at, -np.inf
        own = slice(compact.indptr[at], compact.indptr[at + 1])
        row[compact.indices[own]] = compact.data[own]
        np.maximum(nearest, compact @ row, out=nearest)
        row[compact.indices[own]] = 0.0
    return picked


def _compact(rows: Matrix) -> Matrix:
    """The same rows without the features that none of them has, in double precision."""
    used, column = np.unique(rows.indices, return_inverse=True)
    return sparse.csr_array(
        (rows.data.astype(np.float64), column, rows.indptr), shape=(rows.shape[0], len(used))
    )
