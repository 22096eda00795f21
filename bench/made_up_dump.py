"""A made-up month of dumps with the sizes and the vocabulary of a real one, the same for the same seed.

`python -m bench.made_up_dump FOLDER RELEASES` writes the four files. Sizes follow October 2026: 3.2 kB of
XML a release, 0.13 masters, 0.5 artists and 0.12 labels for each; names, words and credits with a long tail.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

SEED = 2026
MONTH = "20261001"
_ARTISTS, _LABELS, _MASTERS = 0.5, 0.12, 0.13
_BLOCK = 2_000

Places = NDArray[np.int64]

_SYLLABLES = (
    "ka to ri ne lo ma su vi de ra mo li sa te no bu chi ro an el or is ber ton ven dor lin gar mel ös é ü"
)
_COMMON = (
    "the of love you in to and a my night live on me for is it blues dance best time world life heart one day"
    " all music new soul from black song way little good blue vol rock dream man girl baby sun fire"
)
_GENRES = {
    "Rock": ("Punk", "Indie Rock", "Pop Rock", "Hard Rock", "Prog Rock", "Psychedelic Rock", "New Wave"),
    "Electronic": ("House", "Techno", "Ambient", "Electro", "Drum n Bass", "Synth-pop", "Deep House"),
    "Pop": ("Ballad", "Chanson", "Europop", "Vocal"),
    "Jazz": ("Hard Bop", "Fusion", "Swing", "Free Jazz"),
    "Hip Hop": ("Boom Bap", "Instrumental", "Trap"),
    "Folk, World, & Country": ("Folk", "Country", "Celtic"),
    "Classical": ("Baroque", "Romantic", "Opera"),
    "Reggae": ("Dub", "Roots Reggae", "Dancehall"),
}
_COUNTRIES = (
    "US",
    "UK",
    "Germany",
    "France",
    "Japan",
    "Italy",
    "Europe",
    "Canada",
    "Netherlands",
    "Spain",
    "Sweden",
    "Brazil",
)
_FORMATS = (
    ("Vinyl", ("LP", "Album")),
    ("Vinyl", ('7"', "45 RPM", "Single")),
    ("Vinyl", ('12"', "33 ⅓ RPM")),
    ("CD", ("Album",)),
    ("CD", ("Compilation", "Reissue")),
    ("Cassette", ("Album", "Stereo")),
    ("File", ("MP3", "Album")),
)
_ROLES = (
    "Written-By",
    "Producer",
    "Mixed-By",
    "Remix",
    "Vocals",
    "Guitar",
    "Drums",
    "Producer, Mixed By",
    "Artwork By [Cover]",
    "Lacquer Cut By",
    "Liner Notes",
)


_YES = ("false", "true")


class MadeUpMonth:
    """Names and numbers that the four files share."""

    def __init__(self, releases: int, seed: int = SEED) -> None:
        self.releases = releases
        self.seed = seed
        dice = np.random.default_rng([seed, 0])
        self.words = _words(dice, max(2_000, releases // 10))
        self.artists = self._names(dice, max(20, int(_ARTISTS * releases)), 2)
        self.labels = [f"{name} Records" for name in self._names(dice, max(20, int(_LABELS * releases)), 1)]
        self.masters = max(10, int(_MASTERS * releases))
        self.titles = self._names(dice, max(20, releases // 3), 3)

    def write(self, folder: Path) -> dict[str, Path]:
        """The four files, by kind."""
        makers = {
            "artists": self._artist_records,
            "labels": self._label_records,
            "masters": self._master_records,
            "releases": self._release_records,
        }
        written = {}
        for kind, records in makers.items():
            path = folder / f"discogs_{MONTH}_{kind}.xml.gz"
            with gzip.open(path, "wb", compresslevel=1) as file:
                file.write(f"<{kind}>\n".encode())
                for record in records():
                    file.write(record.encode())
                file.write(f"</{kind}>\n".encode())
            written[kind] = path
        return written

    def _names(self, dice: np.random.Generator, count: int, most: int) -> list[str]:
        lengths = dice.integers(1, most + 1, count)
        picks = _tail(dice, len(self.words), int(lengths.sum())).tolist()
        names, place = [], 0
        for number, length in enumerate(lengths.tolist()):
            name = " ".join(self.words[pick] for pick in picks[place : place + length]).title()
            names.append(f"{name} ({number % 40 + 2})" if number % 11 == 0 else name)
            place += length
        return names

    def _artist_records(self) -> Iterator[str]:
        for number, name in enumerate(self.artists, 1):
            shown = escape(name)
            variations = (
                f"<namevariations><name>{shown.upper()}</name></namevariations>" if number % 3 == 0 else ""
            )
            yield (
                f"<artist><id>{number}</id><name>{shown}</name><profile>Born somewhere.</profile>"
                f"<data_quality>Needs Vote</data_quality>{variations}</artist>\n"
            )

    def _label_records(self) -> Iterator[str]:
        for number, name in enumerate(self.labels, 1):
            parent = f'<parentLabel id="{number // 2}">{escape(self.labels[number // 2 - 1])}</parentLabel>'
            yield (
                f"<label><id>{number}</id><name>{escape(name)}</name><data_quality>Correct</data_quality>"
                f"{parent if number > 2 else ''}</label>\n"
            )

    def _master_records(self) -> Iterator[str]:
        for number in range(1, self.masters + 1):
            artist = number % len(self.artists)
            yield (
                f'<master id="{number}"><main_release>{2 * number}</main_release><artists><artist>'
                f"<id>{artist + 1}</id><name>{escape(self.artists[artist])}</name></artist></artists>"
                f"<genres><genre>Rock</genre></genres><year>{1950 + number % 75}</year>"
                f"<title>{escape(self.titles[number % len(self.titles)])}</title></master>\n"
            )

    def _release_records(self) -> Iterator[str]:
        for start in range(0, self.releases, _BLOCK):
            yield from self._block(start, min(_BLOCK, self.releases - start))

    def _block(self, start: int, count: int) -> Iterator[str]:
        """Releases `start` to `start + count`, drawn together: one by one takes ten times as long."""
        dice = np.random.default_rng([self.seed, 1, start])
        artists = _tail(dice, len(self.artists), (count, 32)).tolist()
        labels = _tail(dice, len(self.labels), (count, 2)).tolist()
        titles = _tail(dice, len(self.titles), (count, 40)).tolist()
        masters = _pressed(dice, self.masters, count).tolist()
        tracks = np.minimum(38, dice.geometric(0.11, count)).tolist()
        credits = np.minimum(24, dice.geometric(0.14, count) - 1).tolist()
        rolls = dice.integers(0, 1 << 30, (count, 8)).tolist()
        for row in range(count):
            yield self._release(
                2 * (start + row) + 1,
                artists[row],
                labels[row],
                titles[row],
                masters[row],
                tracks[row],
                credits[row],
                rolls[row],
            )

    def _release(
        self,
        id: int,
        artists: list[int],
        labels: list[int],
        titles: list[int],
        master: int,
        tracks: int,
        credits: int,
        rolls: list[int],
    ) -> str:
        genre = list(_GENRES)[rolls[0] % len(_GENRES)]
        styles = "".join(f"<style>{style}</style>" for style in _GENRES[genre][: 1 + rolls[0] // 8 % 2])
        kind, descriptions = _FORMATS[rolls[1] % len(_FORMATS)]
        parts = [
            f'<release id="{id}"><artists>{self._artist(artists[0])}</artists>',
            f"<title>{escape(self.titles[titles[0]])}</title><labels>",
            *(
                f"<label name={quoteattr(self.labels[label])} catno={quoteattr(_catno(label, rolls[2]))} "
                f'id="{label + 1}"/>'
                for label in labels[: 1 + (rolls[2] % 6 == 0)]
            ),
            "</labels>",
            _wrapped(
                "extraartists",
                (
                    self._artist(artist, _ROLES[(rolls[3] + place) % len(_ROLES)])
                    for place, artist in enumerate(artists[1 : 1 + credits])
                ),
            ),
            f'<formats><format name="{kind}" qty="{1 + (rolls[1] % 9 == 0)}" text=""><descriptions>',
            *(f"<description>{escape(description)}</description>" for description in descriptions),
            f"</descriptions></format></formats><genres><genre>{escape(genre)}</genre></genres>",
            f"<styles>{styles}</styles>",
            f"<country>{_COUNTRIES[rolls[4] // 32 % 12]}</country>" if rolls[4] % 32 else "",
            f"<released>{1950 + rolls[5] % 76}-{rolls[5] % 13:02}-00</released>",
            f"<notes>{_NOTES[: rolls[6] % 600]}</notes>" if rolls[6] % 3 else "",
            "<data_quality>Needs Vote</data_quality>",
            f'<master_id is_main_release="{_YES[rolls[7] % 4 == 0]}">{master + 1}</master_id>'
            if rolls[7] % 5 < 3
            else "",
            "<tracklist>",
            *(self._track(place, titles[place + 1], artists, rolls) for place in range(tracks)),
            "</tracklist>",
            f'<identifiers><identifier type="Barcode" value="{rolls[0] % 10**6:06} {rolls[1] % 10**6:06}"/>'
            f'<identifier type="Matrix / Runout" description="Side A" value="X-{rolls[2]}-A"/></identifiers>'
            if rolls[2] % 3
            else "",
            f'<videos><video src="https://video.example/watch?v={rolls[3]}" duration="{rolls[3] % 900}" '
            f'embed="true"><title>{escape(self.titles[titles[1]])}</title>'
            "<description>As heard on the record.</description></video></videos>"
            if rolls[3] % 2
            else "",
            "<companies>",
            *(self._company(label) for label in labels),
            "</companies></release>\n",
        ]
        return "".join(parts)

    def _artist(self, number: int, role: str = "") -> str:
        name = escape(self.artists[number])
        anv = f"<anv>{name.upper()}</anv>" if number % 13 == 0 else ""
        said = f"<role>{role}</role>" if role else ""
        return f"<artist><id>{number + 1}</id><name>{name}</name>{anv}{said}</artist>"

    def _company(self, label: int) -> str:
        return (
            f"<company><id>{label + 1}</id><name>{escape(self.labels[label])}</name>"
            "<entity_type>13</entity_type><entity_type_name>Phonographic Copyright (p)</entity_type_name>"
            f"<resource_url>https://api.example/labels/{label + 1}</resource_url></company>"
        )

    def _track(self, place: int, title: int, artists: list[int], rolls: list[int]) -> str:
        extra = ""
        if rolls[6] % 4 == 0:
            extra = f"<extraartists>{self._artist(artists[-1 - place % 8], 'Written-By')}</extraartists>"
        return (
            f"<track><position>{place + 1}</position><title>{escape(self.titles[title])}</title>"
            f"<duration>{2 + place % 5}:{(rolls[5] + 7 * place) % 60:02}</duration>{extra}</track>"
        )


_NOTES = " ".join(["Recorded at the sound studio in spring, mixed in autumn, pressed on heavy vinyl."] * 8)


def _words(dice: np.random.Generator, count: int) -> list[str]:
    """Common words first, then made-up ones, each once."""
    syllables = _SYLLABLES.split()
    lengths = dice.integers(2, 5, 2 * count).tolist()
    picks = dice.integers(0, len(syllables), sum(lengths)).tolist()
    found, place = dict.fromkeys(_COMMON.split()), 0
    for length in lengths:
        found["".join(syllables[pick] for pick in picks[place : place + length])] = None
        place += length
    return list(found)[:count]


def _tail(dice: np.random.Generator, count: int, shape: int | tuple[int, int]) -> Places:
    """Places among `count`, the first far more often than the last: density falls as 1/x."""
    places: Places = (np.exp(dice.random(shape) * np.log(count + 1)) - 1).astype(np.int64)
    return places


def _pressed(dice: np.random.Generator, count: int, size: int) -> Places:
    """Masters of releases: most have a few pressings, the best known of half a million releases about 600."""
    places: Places = (count * dice.random(size) ** 1.8).astype(np.int64)
    return places


def _catno(label: int, roll: int) -> str:
    return f"{chr(65 + label % 26)}{chr(65 + label // 26 % 26)}R {roll % 900 + 1:03}"


def _wrapped(tag: str, parts: Iterator[str]) -> str:
    inner = "".join(parts)
    return f"<{tag}>{inner}</{tag}>" if inner else ""


if __name__ == "__main__":
    MadeUpMonth(int(sys.argv[2])).write(Path(sys.argv[1]))
