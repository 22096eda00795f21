"""The other names of artists, found whole: "Prince Rogers Nelson" is Prince."""

from __future__ import annotations

from pathlib import Path

from discogs_assistant.model.search_words import joined
from discogs_assistant.store.catalogue.dumps.documents import marks, read_only

FILE = "other_names.db"

_MOST_WORDS = 8
_MOST_ARTISTS = 20


class OtherNames:
    """Reads a finished file; safe to share among threads."""

    def __init__(self, folder: Path) -> None:
        self._connection = read_only(folder / FILE)

    def within(self, text: str) -> tuple[list[int], str]:
        """The artists whose other name stands in `text`, the longest such name, and `text` without it."""
        parts = text.split()[:_MOST_WORDS]
        spans = [(start, end) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)]
        names = {span: joined(" ".join(parts[slice(*span)])) for span in spans}
        known = self._artists([name for name in names.values() if name])
        for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
            if artists := known.get(names[start, end]):
                return artists, " ".join(parts[:start] + parts[end:])
        return [], text

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _artists(self, names: list[str]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        query = f"SELECT name, artist FROM other_name WHERE name IN ({marks(names)}) ORDER BY name, artist"  # noqa: S608
        for name, artist in self._connection.execute(query, names):
            if len(found.setdefault(name, [])) < _MOST_ARTISTS:
                found[name].append(artist)
        return found
