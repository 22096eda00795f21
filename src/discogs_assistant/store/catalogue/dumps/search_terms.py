"""The words by which a release is found, the same in the dumps' index and in the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from discogs_assistant.model.search_words import barcode, joined, whole, words

MAIN = "main_1"
"""The filter that a master's main release has, or the first where none is named, and one without master."""

COLUMNS = ("artist", "title", "label", "catno", "barcode", "filter")


def terms(document: dict[str, Any]) -> tuple[str, ...]:
    """What a release is found by, a text of words for each of `COLUMNS`."""
    artists, labels = document["artists"], document["labels"]
    names = [name for artist in artists for name in (artist["name"], artist["anv"]) if name]
    return (
        _words(names)
        + _whole("a", names)
        + "".join(f" {artist_word(id)}" for artist in artists if (id := artist["id"])),
        _words([document["title"]]) + _whole("t", [document["title"]]),
        _words([label["name"] for label in labels])
        + "".join(f" {label_word(id)}" for id in dict.fromkeys(label["id"] for label in labels) if id),
        _words([label["catno"] for label in labels])
        + " "
        + " ".join(joined(label["catno"] or "") for label in labels),
        " ".join(
            barcode(identifier["value"] or "")
            for identifier in document["identifiers"]
            if identifier["type"] == "Barcode"
        ),
        " ".join(filters(document)),
    )


def filters(document: dict[str, Any]) -> list[str]:
    """The words that genre, style, country, decade and format become."""
    formats = [
        text for format in document["formats"] for text in (format["name"], *format["descriptions"]) if text
    ]
    return list(
        dict.fromkeys(
            [
                *(filter_word("genre", text) for text in document["genres"]),
                *(filter_word("style", text) for text in document["styles"]),
                *(filter_word("format", text) for text in formats),
                *([filter_word("country", document["country"])] if document["country"] else []),
                *([filter_word("decade", str(document["year"] // 10 * 10))] if document["year"] else []),
            ]
        )
    )


def filter_word(name: str, value: str) -> str:
    """A filter as one word, such as style_deephouse."""
    return f"{name}_{joined(value)}"


def whole_word(column: str, text: str) -> str:
    """A whole artist or title as one word, by which it is found exactly; a namesake's number is kept."""
    return f"{column[0]}_{whole(text)}"


def artist_word(id: int) -> str:
    """An artist's number as a word, by which a release is found under the artist's other names."""
    return f"i_{id}"


def label_word(id: int) -> str:
    """As `artist_word`, of a label."""
    return f"l_{id}"


def _words(texts: Iterable[str | None]) -> str:
    return " ".join(dict.fromkeys(word for text in texts if text for word in words(text)))


def _whole(column: str, texts: Iterable[str | None]) -> str:
    """With and without the number that distinguishes namesakes."""
    spelt = {form: None for text in texts if text for form in (joined(text), whole(text))}
    return "".join(f" {column}_{form}" for form in spelt)
