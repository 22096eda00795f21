"""Words as a search compares them: without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata

from discogs_assistant.model.caching import remembered

# Letters that Unicode does not take apart into a letter and an accent.
_PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "’": "'",
    }
)
_APOSTROPHE = re.compile(r"(?<=\w)['`´](?=\w)")
_WORD = re.compile(r"[^\W_]+")
_LAST_NUMBER = re.compile(r" \((\d{1,9})\)\s*$")
_SUFFIX = re.compile(r" \(\d+\)(?=$|\s)")
# Scripts that are written without blanks: each character counts as a word.
_UNSPACED = re.compile(r"([\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\u0e00-\u0e7f])")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_MOST = 40  # characters of a word that count
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@remembered
def name_key(name: str) -> str:
    """What equal names share, blanks and case aside."""
    return " ".join(name.split()).casefold()


def folded(text: str) -> str:
    """`text` in lower case without accents; the number that distinguishes namesakes, "(2)", is dropped."""
    if text.isascii():
        small = text.lower()
    else:
        # Accents are taken from Latin, Greek and Cyrillic letters only; put together again, kana keep theirs.
        apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
        small = unicodedata.normalize("NFC", _ACCENTS.sub("", apart))
    return unnumbered(small)


def unnumbered(text: str) -> str:
    """`text` without the numbers with which Discogs distinguishes namesakes: "Nirvana (2)" is "Nirvana"."""
    return _SUFFIX.sub("", text)


def whole(text: str) -> str:
    """`text` as one word that keeps such a number: "Nirvana (2)" is "nirvana_2"."""
    number = _LAST_NUMBER.search(text)
    return joined(text) + (f"_{number[1]}" if number else "")


@remembered
def words(text: str) -> tuple[str, ...]:
    """The words of `text` in its order, once each; "AC/DC" is "ac", "dc" and "acdc", "Don't" is "dont"."""
    found: dict[str, None] = {}
    for part in _APOSTROPHE.sub("", _UNSPACED.sub(r" \1 ", folded(text))).split():
        pieces = [piece[:_MOST] for piece in _WORD.findall(part)]
        found |= dict.fromkeys(pieces)
        if len(pieces) > 1:
            found[joined(part)] = None
    return tuple(found)


@remembered
def joined(text: str) -> str:
    """All letters and digits of `text` as one word: "SK 032" and "sk-032" are "sk032"."""
    return "".join(_WORD.findall(folded(text)))[:_MOST]


def barcode(text: str) -> str:
    """The digits of a barcode without leading zeros, for some write an EAN's and some do not."""
    return "".join(char for char in text if char.isascii() and char.isdigit()).lstrip("0")[:_MOST]


def one_letter_off(word: str) -> set[str]:
    """All words of which `word` is a misspelling by one letter: missing, added, wrong, or two swapped.

    P. Norvig, How to Write a Spelling Corrector (2007).
    """
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        *(head + tail[1:] for head, tail in cuts if tail),
        *(head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1),
        *(head + letter + tail[1:] for head, tail in cuts if tail for letter in _LETTERS),
        *(head + letter + tail for head, tail in cuts for letter in _LETTERS),
    } - {word, ""}


def one_letter_apart(one: str, other: str) -> bool:
    """True if each is a misspelling of the other by `one_letter_off`, whatever their letters."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    at = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), -1)
    at = min(len(one), len(other)) if at < 0 else at
    swapped = one[at + 1 : at + 2] + one[at : at + 1] + one[at + 2 :]
    return (
        other[at:] in (one[at + 1 :], swapped)
        or one[at + 1 :] == other[at + 1 :]
        or one[at:] == other[at + 1 :]
    )
