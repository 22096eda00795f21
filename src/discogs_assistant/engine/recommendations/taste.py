"""What a person owns, wants, loves and hides, as weighted items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from discogs_assistant.model.release import NOBODY, ArtistCredit, Release, names_within
from discogs_assistant.model.search_words import name_key

OWNED, WANTED, LOVED, HIDDEN = "owned", "wanted", "loved", "hidden"
WEIGHTS = {OWNED: 2.0, LOVED: 2.0, WANTED: 1.0, HIDDEN: -1.0}
"""The first version's 1 for the wantlist and 2 for the collection; love counts as owning, hiding against."""
STARS = {1: 0.25, 2: 0.5, 3: 1.0, 4: 1.25, 5: 1.5}
"""What stars on a copy make of its weight; without stars it stays."""

_ORDER = (OWNED, LOVED, WANTED, HIDDEN)


@dataclass(frozen=True)
class Taste:
    """A person's records; copies and pressings of one item count once, by the strongest of its roles.

    `stars`: 1 to 5 by item, of those that the person rated.
    """

    owned: tuple[Release, ...] = ()
    wanted: tuple[Release, ...] = ()
    loved: tuple[Release, ...] = ()
    hidden: tuple[Release, ...] = ()
    stars: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def releases(self) -> dict[int, tuple[str, Release]]:
        """By item: its role, and the release by which it is known, ascending by item."""
        found: dict[int, tuple[str, Release]] = {}
        for role in _ORDER:
            for release in sorted(getattr(self, role), key=lambda release: release.id):
                found.setdefault(release.item_key, (role, release))
        return dict(sorted(found.items()))

    @cached_property
    def weights(self) -> dict[int, float]:
        """The weight of each item, ascending by item."""
        return {item: self._weight(item, role) for item, (role, _) in self.releases.items()}

    @property
    def known(self) -> tuple[Release, ...]:
        """What is owned, wanted or loved."""
        return (*self.owned, *self.wanted, *self.loved)

    @cached_property
    def country(self) -> str | None:
        """From where most of the owned records are."""
        counts = Counter(release.country for release in self.owned if release.country)
        return max(counts, key=lambda country: (counts[country], country), default=None)

    def has_format_of(self, release: Release) -> bool:
        """True where some of the owned records, a twentieth at least, are of the same format."""
        of_all = len(self.owned)
        return any(20 * self._formats[described.name] >= of_all > 0 for described in release.formats)

    @cached_property
    def artists(self) -> frozenset[str]:
        """Name keys of the artists that the person knows: of what is owned, wanted or loved."""
        return artist_keys(self.known)

    @cached_property
    def labels(self) -> frozenset[str]:
        """Name keys of the labels that the person knows."""
        return label_keys(self.known)

    def owns(self, release: Release) -> bool:
        """True for an owned release and for any other pressing of an owned one."""
        return _among(release, self._owned)

    def wants(self, release: Release) -> bool:
        """True for a wanted release and for any other pressing of a wanted one."""
        return _among(release, self._wanted)

    def hides(self, release: Release) -> bool:
        """True for a hidden release and for any other pressing of a hidden one."""
        return _among(release, self._hidden)

    @cached_property
    def _owned(self) -> frozenset[object]:
        return _marks(self.owned)

    @cached_property
    def _wanted(self) -> frozenset[object]:
        return _marks(self.wanted)

    @cached_property
    def _hidden(self) -> frozenset[object]:
        return _marks(self.hidden)

    @cached_property
    def _formats(self) -> Counter[str]:
        return Counter(
            name for release in self.owned for name in {described.name for described in release.formats}
        )

    def _weight(self, item: int, role: str) -> float:
        return WEIGHTS[role] * (STARS.get(self.stars.get(item, 0), 1.0) if role == OWNED else 1.0)


def artist_keys(releases: Iterable[Release]) -> frozenset[str]:
    """Name keys of the artists, without placeholders; of a joined text all that it may name."""
    return (
        frozenset(key for release in releases for artist in release.artists for key in name_keys(artist))
        - NOBODY
    )


def name_keys(artist: ArtistCredit) -> frozenset[str]:
    """The key of an artist's name, or those of all names within a text that was given without an id."""
    names = (artist.name,) if artist.id > 0 else names_within(artist.name)
    return frozenset(map(name_key, names))


def label_keys(releases: Iterable[Release]) -> frozenset[str]:
    """Name keys of the labels, without those that stand for none."""
    return frozenset(name_key(label.name) for release in releases for label in release.labels) - NOBODY


def _marks(releases: Iterable[Release]) -> frozenset[object]:
    """What identifies another release as a pressing of one of these works.

    Exported files name no master: where either side has none, equal artists and title decide.
    """
    marks: set[object] = set()
    for release in releases:
        marks |= {("item", release.item_key), ("by any", _work(release))}
        if release.master_id is None:
            marks.add(("by masterless", _work(release)))
    return frozenset(marks)


def _among(release: Release, marks: frozenset[object]) -> bool:
    by_name = ("by any" if release.master_id is None else "by masterless", _work(release))
    return ("item", release.item_key) in marks or (bool(release.artists) and by_name in marks)


def _work(release: Release) -> tuple[frozenset[str], str]:
    return frozenset(name_key(artist.name) for artist in release.artists), name_key(release.title)
