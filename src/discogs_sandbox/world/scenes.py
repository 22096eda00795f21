"""The twelve music scenes of the made-up world: a collector's taste is a mixture of a few."""

from __future__ import annotations

from dataclasses import dataclass

from discogs_sandbox.world.seeded_random import Odds


@dataclass(frozen=True, slots=True)
class Scene:
    """A music scene: its genre, its styles (most common first), its years, how often it is on vinyl.

    `near` is the index of a related scene, with which it shares listeners and styles.
    """

    genre: str
    styles: tuple[str, ...]
    years: tuple[int, int]
    vinyl: float
    weight: float
    near: int


SCENES: tuple[Scene, ...] = (
    Scene("Jazz", ("Hard Bop", "Modal", "Post Bop", "Soul-Jazz", "Free Jazz"), (1955, 1985), 0.85, 1.2, 1),
    Scene("Funk / Soul", ("Soul", "Funk", "Disco", "Rhythm & Blues", "Boogie"), (1964, 1990), 0.85, 1.1, 2),
    Scene(
        "Hip Hop",
        ("Boom Bap", "Conscious", "Jazzy Hip-Hop", "Instrumental", "Trap"),
        (1986, 2025),
        0.7,
        1.1,
        1,
    ),
    Scene(
        "Electronic",
        ("House", "Deep House", "Garage House", "Downtempo", "Broken Beat"),
        (1987, 2024),
        0.85,
        1.1,
        4,
    ),
    Scene("Electronic", ("Techno", "Minimal", "Acid", "Dub Techno", "Electro"), (1988, 2025), 0.85, 1.2, 3),
    Scene(
        "Electronic",
        ("Ambient", "Drone", "Experimental", "Modern Classical", "Field Recording"),
        (1975, 2025),
        0.6,
        0.8,
        4,
    ),
    Scene(
        "Rock",
        ("Psychedelic Rock", "Prog Rock", "Krautrock", "Blues Rock", "Hard Rock"),
        (1966, 1982),
        0.8,
        1.3,
        9,
    ),
    Scene("Rock", ("Punk", "Post-Punk", "New Wave", "Hardcore", "Garage Rock"), (1976, 2020), 0.75, 1.2, 9),
    Scene(
        "Rock",
        ("Heavy Metal", "Death Metal", "Black Metal", "Thrash", "Doom Metal"),
        (1980, 2024),
        0.5,
        1.0,
        6,
    ),
    Scene(
        "Rock",
        ("Indie Rock", "Shoegaze", "Dream Pop", "Alternative Rock", "Lo-Fi"),
        (1985, 2025),
        0.6,
        1.2,
        7,
    ),
    Scene("Reggae", ("Roots Reggae", "Dub", "Dancehall", "Rocksteady", "Ska"), (1963, 2010), 0.85, 0.8, 11),
    Scene("Latin", ("MPB", "Bossa Nova", "Salsa", "Cumbia", "Afro-Cuban Jazz"), (1958, 2000), 0.8, 0.8, 0),
)

SCENE_ODDS = Odds((index, scene.weight) for index, scene in enumerate(SCENES))
