"""A question for releases, and the words that an answer must have."""

from __future__ import annotations

from dataclasses import dataclass, replace

from discogs_assistant.model.search_words import joined, unnumbered, whole, words
from discogs_assistant.store.catalogue.dumps.search_terms import filter_word, whole_word

ANY = "{artist title label catno}"
"""The columns in which a free word may stand, in the language of SQLite's full-text search."""


@dataclass(frozen=True, slots=True)
class Question:
    """A search; every given condition must hold. `decade` is its first year."""

    words: str = ""
    artist: str = ""
    title: str = ""
    label: str = ""
    catno: str = ""
    barcode: str = ""
    genre: str = ""
    style: str = ""
    country: str = ""
    decade: int | None = None
    format: str = ""
    typing: bool = False
    """The last word may be unfinished: for suggestions."""

    @property
    def filters(self) -> list[str]:
        """Genre, style, country, decade and format as words of the index."""
        named = {"genre": self.genre, "style": self.style, "country": self.country, "format": self.format}
        if self.decade is not None:
            named["decade"] = str(self.decade // 10 * 10)
        return [filter_word(name, value) for name, value in named.items() if value]

    @property
    def whole(self) -> str:
        """The free words as one, where nothing else names the release; empty otherwise."""
        alone = self.artist == self.title == self.label == self.catno == ""
        return whole(self.words) if alone and joined(self.words) else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word that a column (or one of several) must have, in any of these spellings."""

    column: str
    spellings: tuple[str, ...]
    unfinished: bool = False

    def query(self) -> str:
        """In the language of SQLite's full-text search."""
        spelt = " OR ".join(f'"{word}"{"*" * self.unfinished}' for word in self.spellings)
        return f"{self.column} : ({spelt})"


def wanted_words(question: Question) -> list[Wanted]:
    """The words of the question, each with its column."""
    found = [
        Wanted(column, (word,))
        for column, text in (
            (ANY, question.words),
            ("artist", question.artist),
            ("title", question.title),
            ("label", question.label),
        )
        for word in words_of(text) or _signs(column, text)
    ]
    if question.typing and found:
        if len(found) > 1 and len(found[-1].spellings[0]) == 1:
            found.pop()  # a first letter narrows little, and a tenth of all words begin with it
        else:
            found[-1] = replace(found[-1], unfinished=True)
    if question.catno:
        found.append(Wanted("catno", (joined(question.catno),)))
    return found


def words_of(text: str) -> list[str]:
    """Words as asked for: of "AC/DC" only the word that it makes, which the index has beside its parts."""
    return list(dict.fromkeys(words(" ".join(_undivided(part) for part in unnumbered(text).split()))))


def _signs(column: str, text: str) -> list[str]:
    """A name without letters, such as "!!!", is found as a whole."""
    return [whole_word(column, text)] if text.strip() and column in ("artist", "title") else []


def _undivided(part: str) -> str:
    return joined(part) if joined(part).isascii() else part
