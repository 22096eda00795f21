"""What `train` and `evaluate` read, as the recommender takes it, and as a snapshot for any engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from discogs_assistant.engine.recommendations.learning.interactions import Interactions, interactions, places
from discogs_assistant.engine.recommendations.learning.item_features import Statements
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.sources.files.interactions import (
    FeatureRows,
    InteractionRows,
    read_features,
    read_interactions,
)
from discogs_assistant.store.recommendations.training_snapshots import Snapshot, read_snapshot, write_snapshot


def training_data(path: Path, features: Path | None) -> tuple[Interactions, Statements | None]:
    """The interactions of both files' items, and what the second says of items.

    `BadInputError` for files that break the rules of docs/cli.md, and for one without a single interaction.
    """
    rows = read_interactions(path)
    if not len(rows):
        raise BadInputError(f"{printable(str(path), 200)} has no rows, so there is nothing to learn from.")
    item_tags = None if features is None else statements(read_features(features))
    return matrix(rows, item_tags), item_tags


def snapshot_data(folder: Path) -> tuple[Interactions, Statements | None]:
    """As `training_data`, of a snapshot."""
    found = read_snapshot(folder)
    ids = {key: tuple(texts) for key, texts in found.ids.items()}
    user, item, weight = found.interactions
    if not len(user):
        raise BadInputError(f"{printable(str(folder), 200)} has no rows, so there is nothing to learn from.")
    data = interactions(user, ids["users"], item, ids["items"], weight)
    if found.statements is None:
        return data, None
    item, feature, value, tagger = found.statements
    known = tagger if len(ids["taggers"]) else None
    return data, Statements(item, ids["items"], feature, ids["features"], value, known, ids["taggers"])


def keep_snapshot(folder: Path, data: Interactions, item_tags: Statements | None) -> None:
    """Write what `training_data` gave; `BadInputError` where that cannot be."""
    ids: dict[str, Sequence[str]] = {"users": data.users, "items": data.items}
    cells = data.weights.tocoo()
    tags = None
    if item_tags is not None:
        ids |= {"features": item_tags.features, "taggers": item_tags.taggers}
        nobody = np.full(len(item_tags.item), -1)
        item = places(item_tags.items, data.items)[item_tags.item]
        tags = (
            item,
            item_tags.feature,
            item_tags.value,
            nobody if item_tags.tagger is None else item_tags.tagger,
        )
    write_snapshot(folder, Snapshot(ids, (cells.row, cells.col, cells.data), tags))


def matrix(rows: InteractionRows, item_tags: Statements | None = None) -> Interactions:
    """The rows as a matrix whose items are those of both files."""
    more = () if item_tags is None else item_tags.items
    return interactions(rows.user, rows.users, rows.item, rows.items, rows.weight, more)


def statements(rows: FeatureRows) -> Statements:
    """The rows as statements."""
    return Statements(
        rows.item, rows.items, rows.feature, rows.features, rows.value, rows.tagger, rows.taggers
    )


def repeats(data: Interactions, path: Path) -> list[str]:
    """A sentence about rows that repeat a user and an item, where there are any."""
    if not data.repeated:
        return []
    rows = "row repeats" if data.repeated == 1 else "rows repeat"
    name = printable(str(path), 200)
    return [f"{name}: {data.repeated:,} {rows} a user and an item; the largest weight of each counts."]
