"""Goldmine grades of records and sleeves, as Discogs writes them."""

from __future__ import annotations

from enum import IntEnum

from discogs_assistant.errors import BadInputError

UNGRADED = -3
"""In columns of grades: no grade reported; lower than every real grade."""


class Grade(IntEnum):
    """The condition of a record; a larger value is better."""

    POOR = 1
    FAIR = 2
    GOOD = 3
    GOOD_PLUS = 4
    VERY_GOOD = 5
    VERY_GOOD_PLUS = 6
    NEAR_MINT = 7
    MINT = 8

    @property
    def short(self) -> str:
        """The short form, such as VG+."""
        return _NAMES[self][0]

    @property
    def label(self) -> str:
        """Discogs' own words, such as "Very Good Plus (VG+)"."""
        return _NAMES[self][1]

    @classmethod
    def parse(cls, text: str, *, field: str | None = None) -> Grade:
        """A grade in Discogs' words or its short form; `BadInputError` for anything else."""
        grade = _BY_NAME.get(_normal(text))
        if grade is None:
            raise BadInputError(
                f"“{text.strip()[:40]}” is not a grade.", "Use one of M NM VG+ VG G+ G F P.", field=field
            )
        return grade


class SleeveGrade(IntEnum):
    """The condition of a sleeve: a `Grade`'s value, or one of three that fail every minimum."""

    NO_COVER = -2
    NOT_GRADED = -1
    GENERIC = 0
    POOR = 1
    FAIR = 2
    GOOD = 3
    GOOD_PLUS = 4
    VERY_GOOD = 5
    VERY_GOOD_PLUS = 6
    NEAR_MINT = 7
    MINT = 8

    @property
    def short(self) -> str:
        """The short form, such as VG+ or Generic."""
        return _UNGRADED[self] if self <= 0 else Grade(self.value).short

    @property
    def label(self) -> str:
        """Discogs' own words."""
        return _UNGRADED[self] if self <= 0 else Grade(self.value).label

    @classmethod
    def parse(cls, text: str, *, field: str | None = None) -> SleeveGrade:
        """A sleeve's grade in Discogs' words or its short form."""
        plain = " ".join(text.split()).casefold()
        for sleeve, name in _UNGRADED.items():
            if plain == name.casefold():
                return sleeve
        return cls(Grade.parse(text, field=field).value)


_NAMES: dict[Grade, tuple[str, str]] = {
    Grade.MINT: ("M", "Mint (M)"),
    Grade.NEAR_MINT: ("NM", "Near Mint (NM or M-)"),
    Grade.VERY_GOOD_PLUS: ("VG+", "Very Good Plus (VG+)"),
    Grade.VERY_GOOD: ("VG", "Very Good (VG)"),
    Grade.GOOD_PLUS: ("G+", "Good Plus (G+)"),
    Grade.GOOD: ("G", "Good (G)"),
    Grade.FAIR: ("F", "Fair (F)"),
    Grade.POOR: ("P", "Poor (P)"),
}
_UNGRADED: dict[SleeveGrade, str] = {
    SleeveGrade.GENERIC: "Generic",
    SleeveGrade.NOT_GRADED: "Not Graded",
    SleeveGrade.NO_COVER: "No Cover",
}


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold()


_BY_NAME: dict[str, Grade] = {
    _normal(form): grade
    for grade, (short, label) in _NAMES.items()
    for form in (short, label, label.split(" (")[0])
} | {"m-": Grade.NEAR_MINT, "nm or m-": Grade.NEAR_MINT}
