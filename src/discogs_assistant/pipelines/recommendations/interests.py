"""Which artists and labels a taste is about, and how near to it a release looks by names alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import log1p

from discogs_assistant.engine.recommendations.taste import Taste, artist_keys
from discogs_assistant.model.release import NOBODY, Release
from discogs_assistant.model.search_words import name_key
from discogs_assistant.store.catalogue.discographies import DiscographyKind
from discogs_assistant.store.market.listed_names import artist_number, label_number

_SELF_RELEASED = "not on label"
_LABEL_SHARE = 0.7
"""A shared label says less than a shared artist."""


@dataclass(frozen=True, slots=True)
class ArtistOrLabel:
    """An artist or label in a taste; `id` is Discogs' own, None where only exported files named it."""

    kind: DiscographyKind
    key: str
    name: str
    id: int | None
    weight: float


@dataclass(frozen=True)
class Interests:
    """Artists and labels by name key."""

    artists: Mapping[str, ArtistOrLabel]
    labels: Mapping[str, ArtistOrLabel]

    def nearness(self, release: Release) -> float:
        """A score from names alone, 0 where nothing is shared."""
        artists = sum(_worth(self.artists, key) for key in sorted(artist_keys([release])))
        labels = sum(_worth(self.labels, key) for key in {name_key(label.name) for label in release.labels})
        return artists + _LABEL_SHARE * labels

    def by_number(self) -> dict[int, float]:
        """What each name is worth in `nearness`, by the number that stands for it on copies for sale."""
        labels = {label_number(label.name): _LABEL_SHARE * label.weight for label in self.labels.values()}
        return labels | {artist_number(artist.name): artist.weight for artist in self.artists.values()}

    def top(self, kind: DiscographyKind) -> list[ArtistOrLabel]:
        """The artists or labels with an id on Discogs, the most interesting first."""
        known = self.artists if kind == "artist" else self.labels
        return sorted(
            (interest for interest in known.values() if interest.id),
            key=lambda interest: (-interest.weight, interest.key),
        )


def interests_of(taste: Taste) -> Interests:
    """What is owned, loved and wanted, each by its weight."""
    artists: dict[str, ArtistOrLabel] = {}
    labels: dict[str, ArtistOrLabel] = {}
    for item, (_, release) in taste.releases.items():
        weight = taste.weights[item]
        if weight > 0:
            _add(artists, _artists(release, weight))
            _add(labels, _labels(release, weight))
    return Interests(artists, labels)


def _artists(release: Release, weight: float) -> Iterator[ArtistOrLabel]:
    for artist in release.artists:
        yield ArtistOrLabel("artist", name_key(artist.name), artist.name, _real(artist.id), weight)


def _labels(release: Release, weight: float) -> Iterator[ArtistOrLabel]:
    for label in {name_key(label.name): label for label in release.labels}.values():
        yield ArtistOrLabel("label", name_key(label.name), label.name, _real(label.id), weight)


def _add(known: dict[str, ArtistOrLabel], more: Iterable[ArtistOrLabel]) -> None:
    for interest in more:
        if not interest.key or interest.key in NOBODY or interest.key.startswith(_SELF_RELEASED):
            continue
        before = known.get(interest.key)
        known[interest.key] = (
            interest
            if before is None
            else replace(before, id=before.id or interest.id, weight=before.weight + interest.weight)
        )


def _real(id: int) -> int | None:
    return id if id > 0 else None


def _worth(known: Mapping[str, ArtistOrLabel], key: str) -> float:
    return log1p(known[key].weight) if key in known else 0.0
