"""The use case `rank`: items for users that a model has never seen, from file to file."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import numpy as np

from discogs_assistant.engine.recommendations.learning.fold_in import FoldedPerson
from discogs_assistant.engine.recommendations.learning.interactions import Interactions, places
from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.files.training_data import matrix, repeats
from discogs_assistant.pipelines.recommendations.model_storage import load_model
from discogs_assistant.sources.files.interactions import read_interactions
from discogs_assistant.store.private_files import open_private

_COLUMNS = ("user", "rank", "item", "score")
_MOST_REASONS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RankOptions:
    """The model, what new users have, and the file that their items are written to."""

    model: Path
    given: Path
    out: Path
    top: int = 100
    reasons: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RankResult:
    """The document of cli.md's `rank`."""

    users: int
    rows: int
    seconds: float
    partial: tuple[str, ...]


def rank_on_files(options: RankOptions, clock: Clock) -> RankResult:
    """Write the ranks of all users of `given`.

    `BadInputError` for what is wrong with files or the model, and where R.csv cannot be written.
    """
    began = clock.now()
    model = load_model(options.model)
    given = matrix(read_interactions(options.given))
    ranked = _rows(model, given, options.top, options.reasons)
    rows = _write(options.out, ranked, options.reasons)
    return RankResult(
        users=len(given.users),
        rows=rows,
        seconds=round((clock.now() - began) / timedelta(seconds=1), 3),
        partial=(*repeats(given, options.given), *_unknown(model, given)),
    )


def _rows(model: Model, given: Interactions, top: int, reasons: bool) -> Iterator[list[object]]:
    known, some = places(given.items, model.items), model.at_once
    for first in range(0, len(given.users), some):
        users = range(first, min(first + some, len(given.users)))
        tastes = [_taste(model, given, known, user) for user in users]
        for user, taste, (items, scores) in zip(users, tastes, model.top_of(tastes, top), strict=True):
            for rank, (item, score) in enumerate(zip(items.tolist(), scores.tolist(), strict=True), 1):
                row: list[object] = [given.users[user], rank, model.items[item], score]
                yield [*row, _because(model, taste, item)] if reasons else row


def _taste(model: Model, given: Interactions, known: Any, user: int) -> FoldedPerson:
    items, weights = given.of(user)
    there = known[items] >= 0
    return model.fold_in(known[items][there], weights[there])


def _because(model: Model, taste: FoldedPerson, item: int) -> str:
    """The given items that add most, and what all others add together: JSON whose shares make the score."""
    reasons = model.because(taste, item)
    order = np.argsort(-reasons.items, kind="stable")
    named: list[dict[str, object]] = [
        {"item": model.items[taste.given.items[place]], "share": float(reasons.items[place])}
        for place in order[:_MOST_REASONS]
    ]
    others = float(reasons.items[order[_MOST_REASONS:]].sum()) + reasons.known
    return json.dumps(
        [*named, {"others": max(0, len(order) - _MOST_REASONS), "share": others}], ensure_ascii=False
    )


def _write(path: Path, rows: Iterator[list[object]], reasons: bool) -> int:
    count = 0
    try:
        with _written_whole(path.resolve()) as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow([*_COLUMNS, "because"] if reasons else _COLUMNS)
            for row in rows:
                writer.writerow(row)
                count += 1
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise BadInputError(f"{printable(str(path), 200)} cannot be written ({why}).") from problem
    return count


@contextmanager
def _written_whole(path: Path) -> Iterator[IO[str]]:
    """A file beside this one, which takes its place at the end; a pipe or a device itself."""
    replaced = path.is_file() or not path.exists()
    beside = path.with_name(f".{path.name}.{os.getpid()}") if replaced else path
    try:
        with open_private(beside, "w", encoding="utf-8", newline="") as out:
            yield out
        if replaced:
            beside.replace(path)
    finally:
        if replaced:
            beside.unlink(missing_ok=True)


def _unknown(model: Model, given: Interactions) -> list[str]:
    unknown = int((places(given.items, model.items) < 0).sum())
    if not unknown:
        return []
    return [f"The model does not know {unknown:,} of the {len(given.items):,} given items; they are ignored."]
