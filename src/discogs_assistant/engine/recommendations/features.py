"""What a record is made of, and by whom, as features and how often each is named."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.model.release import NOBODY, Release, bare_name
from discogs_assistant.model.search_words import name_key

Places: TypeAlias = NDArray[np.int64]


class Feature(NamedTuple):
    """`kind`: artist, label, credit, style, genre, decade, country or format; `name` for the person.

    Artists and labels are distinguished by name, which is unique on Discogs: exported files hold no ids.
    """

    kind: str
    key: str
    name: str
    role: str = ""

    @property
    def text(self) -> str:
        """As one line of text, which `feature_of` reads."""
        return json.dumps(self)


def feature_of(text: str) -> Feature:
    """What `Feature.text` wrote."""
    return Feature(*json.loads(text))


class Stated(NamedTuple):
    """Cells (n,): the item, as a place in `items` ascending, the feature, and how often it is named."""

    items: list[int]
    features: list[Feature]
    item: Places
    feature: Places
    times: Places


def stated(releases: Iterable[Release]) -> Stated:
    """What the items of `releases` are made of, several pressings of one master merged.

    Of several pressings the largest count of each feature is taken.
    """
    known = list(releases)
    items = sorted({release.item_key for release in known})
    row_of = {item: row for row, item in enumerate(items)}
    words = _Words()
    numbers = [words.numbers(release) for release in known]
    rows, columns, counts = _cells([row_of[release.item_key] for release in known], numbers)
    return Stated(items, words.features, rows, columns, counts)


def roles(text: str | None) -> list[str]:
    """The roles of a credit without their details: "Written-By, Producer [Additional]" holds two."""
    plain, depth = "", 0
    for char in text or "":
        depth += (char == "[") - (char == "]")
        plain += char if depth == 0 and char != "]" else ""
    return [role.strip() for role in plain.split(",") if role.strip()]


class _Words:
    """Numbers the features met; of the spellings of a name the first in order is shown."""

    def __init__(self) -> None:
        self.features: list[Feature] = []
        self._by_word: dict[tuple[str, str, str], int | None] = {}
        self._by_key: dict[tuple[str, str, str], int] = {}

    def numbers(self, release: Release) -> list[int]:
        """The features of a release, each as often as it names it."""
        found = []
        for word in _words(release):
            if word not in self._by_word:
                self._by_word[word] = self._number(*word)
            number = self._by_word[word]
            if number is not None:
                found.append(number)
        return found

    def _number(self, kind: str, name: str, role: str) -> int | None:
        key = name_key(name)
        if not key or key in NOBODY:
            return None
        number = self._by_key.setdefault((kind, key, role), len(self.features))
        feature = Feature(kind, key, bare_name(name.strip()), role)
        if number == len(self.features):
            self.features.append(feature)
        self.features[number] = min(self.features[number], feature)
        return number


def _words(release: Release) -> Iterator[tuple[str, str, str]]:
    """Kind, name and role of each feature."""
    yield from (("artist", artist.name, "") for artist in release.artists)
    yield from (("label", label.name, "") for label in release.labels)
    yield from (("credit", credit.name, role) for credit in release.credits for role in roles(credit.role))
    yield from (("style", style, "") for style in release.styles)
    yield from (("genre", genre, "") for genre in release.genres)
    yield ("decade", f"{release.year // 10 * 10}s" if release.year else "", "")
    yield ("country", release.country or "", "")
    for made_of in release.formats:
        yield from (("format", word, "") for word in {made_of.name, *made_of.descriptions})


def _cells(rows: Sequence[int], numbers: Sequence[Sequence[int]]) -> tuple[Places, Places, Places]:
    """Row, feature and count of each cell: the largest count of a row's releases."""
    release = np.repeat(np.arange(len(rows)), [len(found) for found in numbers])
    feature = np.array([number for found in numbers for number in found], dtype=np.int64)
    width = int(feature.max(initial=0)) + 1
    named, counts = np.unique(release * width + feature, return_counts=True)
    cell = np.array(rows, dtype=np.int64)[named // width] * width + named % width
    order = np.lexsort((counts, cell))
    last = np.append(cell[order][1:] != cell[order][:-1], True)[: len(order)]
    chosen = order[last]
    return cell[chosen] // width, cell[chosen] % width, counts[chosen]
