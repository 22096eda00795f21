"""S.csv and W.csv: what releases are worth to somebody, and which of them exclude each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from discogs_assistant.sources.files import cells
from discogs_assistant.sources.files.careful_columns import Ints
from discogs_assistant.sources.files.table import Table

_ONE = 1_000_000


@dataclass(frozen=True, slots=True)
class ScoreRows:
    """The rows of S.csv, each column (n,): scores in millionths.

    A `group` is the smallest release id in it, so that it depends on no order of rows; releases of one
    exclude each other, and a release without a group is one of its own.
    """

    release: Ints
    score: Ints
    group: Ints


@dataclass(frozen=True, slots=True)
class WantRows:
    """The rows of W.csv, each column (n,): as of S.csv, `must` 0 or 1, and how many copies are wanted."""

    release: Ints
    score: Ints
    group: Ints
    must: Ints
    copies: Ints


def read_scores(data: bytes, name: str) -> ScoreRows:
    """`BadInputError` names line and column of the first value that breaks a rule, or of a doubled id."""
    table = Table(data, name, ids=("release_id",), required=("score",), optional=("group",))
    release = table.keys("release_id")
    return ScoreRows(release, table.numbers("score", cells.score), _groups(table, release))


def read_wants(data: bytes, name: str) -> WantRows:
    """As `read_scores`; a score that is not given is 1."""
    table = Table(data, name, ids=("release_id",), optional=("score", "must", "copies", "group"))
    release = table.keys("release_id")
    return WantRows(
        release=release,
        score=table.numbers("score", partial(cells.score, default=_ONE)),
        group=_groups(table, release),
        must=table.numbers("must", cells.flag),
        copies=table.numbers("copies", cells.copies),
    )


def _groups(table: Table, release: Ints) -> Ints:
    place, names = table.coded("group", str)
    smallest = np.full(len(names), cells.LARGEST_ID)
    np.minimum.at(smallest, place, release)
    if "" not in names:
        return smallest[place]
    return np.where(place == names.index(""), release, smallest[place])
