"""Names by rule: people, bands, labels, titles and user names, none of them anybody's."""

from __future__ import annotations

from collections import Counter

from discogs_sandbox.world.seeded_random import Dice

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
_THINGS = (
    "Harbour", "Lamp", "Orbit", "Garden", "Ladder", "Velvet", "Copper", "Meadow", "Signal", "Paper",
    "Winter", "Mirror", "River", "Engine", "Marble", "Lantern", "Pepper", "Window", "Anchor", "Thunder",
    "Feather", "Salt", "Carousel", "Compass", "Bridge", "Ribbon", "Shadow", "Kettle",
)  # fmt: skip
_TONES = (
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
    """Gives names of a world; a name given twice gets Discogs' number in brackets: "Mika Ro (2)"."""

    def __init__(self, *key: object) -> None:
        self._dice = Dice(*key)
        self._given: Counter[str] = Counter()

    def person(self) -> str:
        """A person: now and then in another script."""
        dice = self._dice
        if dice.chance(0.04):
            return self._once(self._foreign())
        name = f"{self._word(1, 2)} {self._word(1, 3)}"
        return self._once(f"{name} ({dice.between(2, 900)})" if dice.chance(0.05) else name)

    def band(self) -> str:
        """A band, or a person who releases under the own name."""
        dice = self._dice
        if dice.chance(0.4):
            return self.person()
        if dice.chance(0.06):
            return self._once(self._foreign())
        pattern = dice.pick(_BANDS)
        return self._once(pattern.format(self._word(1, 2), dice.pick(_THINGS)))

    def label(self) -> str:
        """A label."""
        dice = self._dice
        first = dice.pick(_THINGS) if dice.chance(0.4) else self._word(1, 3)
        return self._once(f"{first} {dice.pick(_ENDINGS)}")

    def title(self) -> str:
        """The title of a record or of a track; titles repeat freely."""
        dice = self._dice
        kind = dice.number()
        if kind < 0.35:
            return f"{dice.pick(_TONES)} {dice.pick(_THINGS)}"
        if kind < 0.55:
            return f"{dice.pick(_THINGS)} & {dice.pick(_THINGS)}"
        if kind < 0.7:
            return f"{self._word(2, 3)}"
        if kind < 0.8:
            return f'The "{dice.pick(_THINGS)}" Sessions'
        if kind < 0.84:
            return self._foreign()
        return f"{dice.pick(_THINGS)} Of {self._word(1, 2)}"

    def user(self) -> str:
        """A user name: letters, digits, dots, dashes and underscores, unique whatever their case."""
        dice = self._dice
        while True:
            name = f"{self._plain()}{dice.pick(('', '_', '.', '-'))}{self._plain()}"
            name += str(dice.between(1, 99)) if dice.chance(0.4) else ""
            if not self._given[name.casefold()]:
                self._given[name.casefold()] += 1
                return name

    def _once(self, name: str) -> str:
        self._given[name] += 1
        return name if self._given[name] == 1 else f"{name} ({self._given[name]})"

    def _word(self, fewest: int, most: int) -> str:
        dice = self._dice
        count = dice.between(fewest, most)
        text = "".join(dice.pick(_ONSETS) + dice.pick(_VOWELS) for _ in range(count)) + dice.pick(_CODAS)
        return text.capitalize()

    def _plain(self) -> str:
        dice = self._dice
        return "".join(dice.pick(_ONSETS) + dice.pick(_VOWELS[:5]) for _ in range(dice.between(1, 2)))

    def _foreign(self) -> str:
        dice = self._dice
        script = dice.pick((_CYRILLIC, _KANA, _GREEK))
        words = ("".join(dice.pick(script) for _ in range(dice.between(2, 3))) for _ in range(2))
        return " ".join(word.capitalize() for word in words)
