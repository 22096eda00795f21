"""The traits that surprise uses, stored with a finished list, so that it can be reordered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from discogs_assistant.engine.recommendations.novelty import Traits
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.runtime.results.documents import dumps, loads
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import interests

_DIGITS = 6
TraitsOf = Callable[[Sequence[int]], Traits]
"""The traits of items (Release.item_key), in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTraits:
    """Traits as they are stored: i items, and their rows of used features as a CSR array (i, f)."""

    items: tuple[int, ...]
    popularity: tuple[float, ...]
    starts: tuple[int, ...]
    columns: tuple[int, ...]
    values: tuple[float, ...]
    features: int

    @classmethod
    def made(cls, items: Sequence[int], traits: Traits) -> StoredTraits:
        """The traits of `items`, rounded, with the features that any of them has."""
        features, column = np.unique(traits.rows.indices, return_inverse=True)
        return cls(
            items=tuple(items),
            popularity=tuple(traits.popularity.round(_DIGITS).tolist()),
            starts=tuple(traits.rows.indptr.tolist()),
            columns=tuple(column.tolist()),
            values=tuple(traits.rows.data.astype(np.float64).round(_DIGITS).tolist()),
            features=len(features),
        )

    @property
    def of(self) -> TraitsOf:
        """The traits of some of the items, in their order."""
        place = {item: at for at, item in enumerate(self.items)}
        values, columns = np.array(self.values, np.float64), np.array(self.columns, np.int64)
        shape = (len(place), self.features)
        rows = sparse.csr_array((values, columns, np.array(self.starts, np.int64)), shape=shape)
        traits = Traits(np.array(self.popularity, dtype=np.float64), rows)
        return lambda items: traits.of(np.array([place[item] for item in items], dtype=np.int64))


def save_traits(db: Database, run: Run, learned: Learned, items: Sequence[int]) -> None:
    """Keep those of the list's items as long as the run."""
    stored = StoredTraits.made(items, learned.traits(items))
    interests.save_interest(db, run.owner, run.id, dumps(stored))


def stored_traits(db: Database, owner: OwnerId, run_id: RunId) -> TraitsOf | None:
    """The traits stored with the owner's run; None where there are none."""
    document = interests.interest(db, owner, run_id)
    return None if document is None else loads(StoredTraits, document).of
