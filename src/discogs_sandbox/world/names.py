"""Made-up names: people, bands, labels, titles and user names."""

from __future__ import annotations

from collections import Counter

from discogs_sandbox.world.seeded_random import SeededRandom

_ONSETS = (
    "b",
    "d",
    "f",
    "g",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "z",
    "br",
    "st",
    "th",
    "kl",
)
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ou", "é", "ö")
_CODAS = ("", "", "", "n", "r", "l", "s", "m", "nd", "rk")
_CYRILLIC = ("бо", "ва", "ди", "ка", "ле", "мо", "ни", "ра", "со", "ту", "ша", "ян")
_KANA = ("ア", "イ", "カ", "キ", "サ", "シ", "タ", "ナ", "ノ", "ハ", "マ", "ミ", "ラ", "リ", "ン")
_GREEK = ("βα", "γο", "δε", "κα", "λυ", "μη", "νο", "ρα", "σι", "τε")
_NOUNS = (
    "Harbour", "Lamp", "Orbit", "Garden", "Ladder", "Velvet", "Copper", "Meadow", "Signal", "Paper",
    "Winter", "Mirror", "River", "Engine", "Marble", "Lantern", "Pepper", "Window", "Anchor", "Thunder",
    "Feather", "Salt", "Carousel", "Compass", "Bridge", "Ribbon", "Shadow", "Kettle",
)  # fmt: skip
_ADJECTIVES = (
    "Slow", "Blue", "Hidden", "Quiet", "Broken", "Golden", "Distant", "Electric", "Second", "Heavy",
    "Hollow", "Early", "Sudden", "Pale",
)  # fmt: skip
_ENDINGS = ("Records", "Sounds", "Music", "Recordings", "Disques", "Tapes", "Editions", "Tonträger")
_BANDS = (
    "The {}s",
    "{} & {}",
    "{} Ensemble",
    "{} Orchestra",
    "{} Trio",
    "DJ {}",
    "{} Unit",
    "The {} '{}' Band",
)


class Namer:
    """Names of a world; a name used before gets a number in brackets, as at Discogs: "Mika Ro (2)"."""

    def __init__(self, *key: object) -> None:
        self._rng = SeededRandom(*key)
        self._used: Counter[str] = Counter()

    def person(self) -> str:
        """A person, sometimes in another script."""
        rng = self._rng
        if rng.chance(0.04):
            return self._numbered(self._other_script())
        name = f"{self._word(1, 2)} {self._word(1, 3)}"
        return self._numbered(f"{name} ({rng.between(2, 900)})" if rng.chance(0.05) else name)

    def band(self) -> str:
        """A band, or a person who releases under their own name."""
        rng = self._rng
        if rng.chance(0.4):
            return self.person()
        if rng.chance(0.06):
            return self._numbered(self._other_script())
        pattern = rng.pick(_BANDS)
        return self._numbered(pattern.format(self._word(1, 2), rng.pick(_NOUNS)))

    def label(self) -> str:
        """A label."""
        rng = self._rng
        first = rng.pick(_NOUNS) if rng.chance(0.4) else self._word(1, 3)
        return self._numbered(f"{first} {rng.pick(_ENDINGS)}")

    def title(self) -> str:
        """The title of a record or of a track; a title may repeat."""
        rng = self._rng
        kind = rng.number()
        if kind < 0.35:
            return f"{rng.pick(_ADJECTIVES)} {rng.pick(_NOUNS)}"
        if kind < 0.55:
            return f"{rng.pick(_NOUNS)} & {rng.pick(_NOUNS)}"
        if kind < 0.7:
            return f"{self._word(2, 3)}"
        if kind < 0.8:
            return f'The "{rng.pick(_NOUNS)}" Sessions'
        if kind < 0.84:
            return self._other_script()
        return f"{rng.pick(_NOUNS)} Of {self._word(1, 2)}"

    def user(self) -> str:
        """A user name: letters, digits, dots, dashes and underscores, unique whatever their case."""
        rng = self._rng
        while True:
            name = f"{self._plain()}{rng.pick(('', '_', '.', '-'))}{self._plain()}"
            name += str(rng.between(1, 99)) if rng.chance(0.4) else ""
            if not self._used[name.casefold()]:
                self._used[name.casefold()] += 1
                return name

    def _numbered(self, name: str) -> str:
        self._used[name] += 1
        return name if self._used[name] == 1 else f"{name} ({self._used[name]})"

    def _word(self, fewest: int, most: int) -> str:
        rng = self._rng
        count = rng.between(fewest, most)
        text = "".join(rng.pick(_ONSETS) + rng.pick(_VOWELS) for _ in range(count)) + rng.pick(_CODAS)
        return text.capitalize()

    def _plain(self) -> str:
        rng = self._rng
        return "".join(rng.pick(_ONSETS) + rng.pick(_VOWELS[:5]) for _ in range(rng.between(1, 2)))

    def _other_script(self) -> str:
        rng = self._rng
        script = rng.pick((_CYRILLIC, _KANA, _GREEK))
        words = ("".join(rng.pick(script) for _ in range(rng.between(2, 3))) for _ in range(2))
        return " ".join(word.capitalize() for word in words)
