"""The made-up world's works: their artists, credits, styles and years."""

from __future__ import annotations

import math
from dataclasses import replace

from discogs_sandbox.world.artists_and_labels import VARIOUS
from discogs_sandbox.world.entities import Artist, Credit, Label, Track, Work
from discogs_sandbox.world.names import Namer
from discogs_sandbox.world.scenes import SCENES
from discogs_sandbox.world.seeded_random import Odds, SeededRandom

LAST_YEAR = 2026
_JOINS = ("&", "feat.", "Vs.", "And", ",", "With", "/")
_PLAYERS = ("Bass", "Drums", "Guitar", "Piano", "Saxophone", "Vocals", "Keyboards, Synthesizer", "Percussion")


class WorkMaker:
    """Makes works, one at a time, from the artists and labels of a world."""

    def __init__(self, seed: int, artists: tuple[Artist, ...], labels: tuple[Label, ...]) -> None:
        self._rng = SeededRandom(seed, "works")
        self._namer = Namer(seed, "titles")
        self._performers = [artist for artist in artists if not artist.studio]
        self._by_scene = [
            [artist for artist in artists if scene in {artist.scene, artist.second}]
            for scene in range(len(SCENES))
        ]
        self._labels = [
            [label for label in labels if scene in label.scenes] or labels for scene in range(len(SCENES))
        ]
        self._famous = Odds((artist, artist.fame) for artist in self._performers)
        self._home_labels = {artist.id: self._home_labels_of(artist) for artist in artists}
        self._producers = {label.id: self._house_producer(label) for label in labels}

    def make(self) -> Work:
        """The next work: about one of 25 is a compilation by various artists."""
        rng = self._rng
        performer = rng.weighted(self._famous)
        scene = performer.second if performer.second is not None and rng.chance(0.3) else performer.scene
        work = self._work_by(performer, scene)
        return self._compilation(work) if rng.chance(0.04) else work

    def _work_by(self, performer: Artist, scene: int) -> Work:
        rng = self._rng
        label = rng.pick(self._home_labels[performer.id] if rng.chance(0.8) else self._labels[scene])
        year = min(LAST_YEAR, performer.first_year + int(abs(rng.normal(0, 9))))
        return Work(
            title=self._namer.title(),
            artists=self._artists(performer, scene),
            credits=self._credits(label, scene),
            tracks=self._tracks(),
            genres=self._genres(scene),
            styles=self._styles(performer, scene),
            scene=scene,
            year=0 if rng.chance(0.03) else year,
            label=label,
            fame=(0.2 + performer.fame) * math.exp(rng.normal(0, 0.9)),
        )

    def _artists(self, performer: Artist, scene: int) -> tuple[Credit, ...]:
        rng = self._rng
        first = Credit(performer, anv=self._spelling(performer))
        others = [artist for artist in self._by_scene[scene] if artist is not performer and not artist.studio]
        if not others or not rng.chance(0.12):
            return (first,)
        guests = [Credit(guest, anv=self._spelling(guest)) for guest in rng.sample(others, rng.between(1, 2))]
        joins = [rng.pick(_JOINS) for _ in guests]
        if len(joins) > 1:
            joins[0] = ","
        joined = [replace(credit, join=join) for credit, join in zip((first, *guests), joins, strict=False)]
        return (*joined, guests[-1])

    def _spelling(self, artist: Artist) -> str:
        if not self._rng.chance(0.06):
            return ""
        words = artist.name.split(" (")[0].split()
        return f"{words[0][0]}. {words[-1]}" if len(words) > 1 else artist.name.upper()

    def _credits(self, label: Label, scene: int) -> tuple[Credit, ...]:
        rng = self._rng
        producer = self._producers[label.id] if rng.chance(0.6) else rng.pick(self._by_scene[scene])
        credits = [
            Credit(producer, role=rng.pick(("Producer", "Producer, Mixed By", "Written-By, Producer")))
        ]
        for player in rng.sample(self._by_scene[scene], rng.between(0, 4)):
            credits.append(Credit(player, anv=self._spelling(player), role=rng.pick(_PLAYERS)))
        if SCENES[scene].genre in {"Electronic", "Hip Hop"} and rng.chance(0.35):
            remixer = rng.pick(self._by_scene[scene])
            credits.append(Credit(remixer, role="Remix", tracks=rng.pick(("A2", "B1", "B2"))))
        return tuple(credits) if rng.chance(0.9) else ()

    def _tracks(self) -> tuple[Track, ...]:
        rng = self._rng
        a_side, b_side = rng.between(1, 6), rng.between(1, 5)
        positions = [f"A{n + 1}" for n in range(a_side)] + [f"B{n + 1}" for n in range(b_side)]
        return tuple(Track(position, self._namer.title(), self._length()) for position in positions)

    def _length(self) -> str:
        rng = self._rng
        return "" if rng.chance(0.2) else f"{rng.between(1, 9)}:{rng.between(0, 59):02d}"

    def _genres(self, scene: int) -> tuple[str, ...]:
        near = SCENES[SCENES[scene].near].genre
        both = self._rng.chance(0.12) and near != SCENES[scene].genre
        return (SCENES[scene].genre, near) if both else (SCENES[scene].genre,)

    def _styles(self, performer: Artist, scene: int) -> tuple[str, ...]:
        """Mostly the artist's own; one work of ten borrows from a related scene, some have none."""
        rng = self._rng
        own = performer.styles if scene == performer.scene else SCENES[scene].styles[:2]
        styles = [style for style in own if rng.chance(0.65)]
        if rng.chance(0.4):
            styles.append(rng.pick(SCENES[scene].styles))
        if rng.chance(0.1):
            styles.append(rng.pick(SCENES[SCENES[scene].near].styles))
        return tuple(dict.fromkeys(styles))

    def _compilation(self, work: Work) -> Work:
        guests = self._by_scene[work.scene]
        tracks = tuple(replace(track, artist=self._rng.pick(guests)) for track in work.tracks)
        return replace(work, artists=(Credit(VARIOUS),), tracks=tracks, fame=work.fame * 0.6)

    def _home_labels_of(self, artist: Artist) -> list[Label]:
        odds = Odds((label, label.fame) for label in self._labels[artist.scene])
        return [self._rng.weighted(odds) for _ in range(self._rng.between(1, 2))]

    def _house_producer(self, label: Label) -> Artist:
        here = self._by_scene[label.scenes[0]]
        return self._rng.pick([artist for artist in here if artist.studio] or here or self._performers)
