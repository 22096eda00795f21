"""What `train` and `evaluate` read, as the recommender takes it."""

from __future__ import annotations

from pathlib import Path

from discogs_assistant.engine.recommender.interactions import Interactions, interactions
from discogs_assistant.engine.recommender.item_features import Statements
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.sources.taste_files import (
    FeatureRows,
    InteractionRows,
    read_features,
    read_interactions,
)


def training_data(path: Path, features: Path | None) -> tuple[Interactions, Statements | None]:
    """The interactions of both files' items, and what the second says of items.

    `BadInputError` for files that break the rules of docs/cli.md, and for one without a single interaction.
    """
    rows = read_interactions(path)
    if not len(rows):
        raise BadInputError(f"{printable(str(path), 200)} has no rows, so there is nothing to learn from.")
    said = None if features is None else statements(read_features(features))
    return matrix(rows, said), said


def matrix(rows: InteractionRows, said: Statements | None = None) -> Interactions:
    """The rows as a matrix whose items are those of both files."""
    more = () if said is None else said.items
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
