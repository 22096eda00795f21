"""What surprise looks at, kept with a finished list, so that its records can be put into another order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from discogs_assistant.engine.recommend import Learned
from discogs_assistant.engine.surprise import Traits
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.run import Run
from discogs_assistant.store import run_interests
from discogs_assistant.store.database import Database

_DIGITS = 6
TraitsOf = Callable[[Sequence[int]], Traits]
"""The traits of items (Release.item_key), in their order."""


def keep_traits(db: Database, run: Run, learned: Learned, items: Sequence[int]) -> None:
    """Keep those of the list's items as long as the run."""
    run_interests.save_interest(db, run.owner, run.id, _document(items, learned.traits(items)))


def kept_traits(db: Database, owner: OwnerId, run_id: RunId) -> TraitsOf | None:
    """What was kept with the owner's run; None where nothing was."""
    document = run_interests.interest(db, owner, run_id)
    return None if document is None else _reader(document)


def _document(items: Sequence[int], traits: Traits) -> dict[str, Any]:
    features, column = np.unique(traits.rows.indices, return_inverse=True)
    return {
        "items": list(items),
        "popularity": traits.popularity.round(_DIGITS).tolist(),
        "starts": traits.rows.indptr.tolist(),
        "columns": column.tolist(),
        "values": traits.rows.data.astype(np.float64).round(_DIGITS).tolist(),
        "features": len(features),
    }


def _reader(document: dict[str, Any]) -> TraitsOf:
    place = {item: at for at, item in enumerate(document["items"])}
    shape = (len(place), document["features"])
    entries = (np.array(document[name]) for name in ("values", "columns", "starts"))
    values, columns, starts = entries
    rows = sparse.csr_array((values.astype(np.float64), columns.astype(np.int64), starts), shape=shape)
    kept = Traits(np.array(document["popularity"], dtype=np.float64), rows)
    return lambda items: kept.of(np.array([place[item] for item in items], dtype=np.int64))
