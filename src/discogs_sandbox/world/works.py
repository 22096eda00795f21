"""The made-up world's works: who made them, in which style and year, with whose help."""

from __future__ import annotations

import math
from dataclasses import replace

from discogs_sandbox.world.artists_and_labels import VARIOUS
from discogs_sandbox.world.entities import Artist, Credit, Label, Track, Work
from discogs_sandbox.world.names import Namer
from discogs_sandbox.world.scenes import SCENES
from discogs_sandbox.world.seeded_random import Dice, Odds

LAST_YEAR = 2026
_JOINS = ("&", "feat.", "Vs.", "And", ",", "With")
_PLAYERS = ("Bass", "Drums", "Guitar", "Piano", "Saxophone", "Vocals", "Keyboards, Synthesizer", "Percussion")


class WorkMaker:
    """Makes works one after the other from the artists and labels of a world."""

    def __init__(self, seed: int, artists: tuple[Artist, ...], labels: tuple[Label, ...]) -> None:
        self._dice = Dice(seed, "works")
        self._namer = Namer(seed, "titles")
        self._performers = [artist for artist in artists if not artist.studio]
        self._by_scene = [
            [a for a in artists if scene in {a.scene, a.second}] for scene in range(len(SCENES))
        ]
        self._labels = [[x for x in labels if scene in x.scenes] or labels for scene in range(len(SCENES))]
        self._famous = Odds((artist, artist.fame) for artist in self._performers)
        self._homes = {artist.id: self._home_labels(artist) for artist in artists}
        self._producers = {x.id: self._house_producer(x) for x in labels}

    def make(self) -> Work:
        """The next work: about one of 25 is a compilation by various artists."""
        dice = self._dice
        leader = dice.weighted(self._famous)
        scene = leader.second if leader.second is not None and dice.chance(0.3) else leader.scene
        work = self._by(leader, scene)
        return self._compilation(work) if dice.chance(0.04) else work

    def _by(self, leader: Artist, scene: int) -> Work:
        dice = self._dice
        label = dice.pick(self._homes[leader.id] if dice.chance(0.8) else self._labels[scene])
        year = min(LAST_YEAR, leader.first_year + int(abs(dice.normal(0, 9))))
        return Work(
            title=self._namer.title(),
            artists=self._artists(leader, scene),
            credits=self._credits(label, scene),
            tracks=self._tracks(),
            genres=self._genres(scene),
            styles=self._styles(leader, scene),
            scene=scene,
            year=0 if dice.chance(0.03) else year,
            label=label,
            fame=(0.2 + leader.fame) * math.exp(dice.normal(0, 0.9)),
        )

    def _artists(self, leader: Artist, scene: int) -> tuple[Credit, ...]:
        dice = self._dice
        first = Credit(leader, anv=self._spelling(leader))
        others = [artist for artist in self._by_scene[scene] if artist is not leader and not artist.studio]
        if not others or not dice.chance(0.12):
            return (first,)
        guests = [
            Credit(guest, anv=self._spelling(guest)) for guest in dice.several(others, dice.between(1, 2))
        ]
        joined = [replace(credit, join=dice.pick(_JOINS)) for credit in (first, *guests[:-1])]
        return (*joined, guests[-1])

    def _spelling(self, artist: Artist) -> str:
        if not self._dice.chance(0.06):
            return ""
        words = artist.name.split(" (")[0].split()
        return f"{words[0][0]}. {words[-1]}" if len(words) > 1 else artist.name.upper()

    def _credits(self, label: Label, scene: int) -> tuple[Credit, ...]:
        dice = self._dice
        producer = self._producers[label.id] if dice.chance(0.6) else dice.pick(self._by_scene[scene])
        credits = [
            Credit(producer, role=dice.pick(("Producer", "Producer, Mixed By", "Written-By, Producer")))
        ]
        for player in dice.several(self._by_scene[scene], dice.between(0, 4)):
            credits.append(Credit(player, anv=self._spelling(player), role=dice.pick(_PLAYERS)))
        if SCENES[scene].genre in {"Electronic", "Hip Hop"} and dice.chance(0.35):
            remixer = dice.pick(self._by_scene[scene])
            credits.append(Credit(remixer, role="Remix", tracks=dice.pick(("A2", "B1", "B2"))))
        return tuple(credits) if dice.chance(0.9) else ()

    def _tracks(self) -> tuple[Track, ...]:
        dice = self._dice
        a_side, b_side = dice.between(1, 6), dice.between(1, 5)
        places = [f"A{n + 1}" for n in range(a_side)] + [f"B{n + 1}" for n in range(b_side)]
        return tuple(Track(place, self._namer.title(), self._length()) for place in places)

    def _length(self) -> str:
        dice = self._dice
        return "" if dice.chance(0.2) else f"{dice.between(1, 9)}:{dice.between(0, 59):02d}"

    def _genres(self, scene: int) -> tuple[str, ...]:
        near = SCENES[SCENES[scene].near].genre
        both = self._dice.chance(0.12) and near != SCENES[scene].genre
        return (SCENES[scene].genre, near) if both else (SCENES[scene].genre,)

    def _styles(self, leader: Artist, scene: int) -> tuple[str, ...]:
        """Mostly the artist's own; one of ten works borrows from the scene next door, some say none."""
        dice = self._dice
        own = leader.styles if scene == leader.scene else SCENES[scene].styles[:2]
        styles = [style for style in own if dice.chance(0.65)]
        if dice.chance(0.4):
            styles.append(dice.pick(SCENES[scene].styles))
        if dice.chance(0.1):
            styles.append(dice.pick(SCENES[SCENES[scene].near].styles))
        return tuple(dict.fromkeys(styles))

    def _compilation(self, work: Work) -> Work:
        guests = self._by_scene[work.scene]
        tracks = tuple(replace(track, artist=self._dice.pick(guests)) for track in work.tracks)
        return replace(work, artists=(Credit(VARIOUS),), tracks=tracks, fame=work.fame * 0.6)

    def _home_labels(self, artist: Artist) -> list[Label]:
        odds = Odds((label, label.fame) for label in self._labels[artist.scene])
        return [self._dice.weighted(odds) for _ in range(self._dice.between(1, 2))]

    def _house_producer(self, label: Label) -> Artist:
        here = self._by_scene[label.scenes[0]]
        return self._dice.pick([artist for artist in here if artist.studio] or here or self._performers)
