"""What is remembered of texts, and what is not."""

from __future__ import annotations

from discogs_assistant.model.caching import remembered


def test_short_texts_are_worked_out_once_and_long_ones_are_not_held() -> None:
    asked: list[str] = []

    @remembered
    def shout(text: str) -> str:
        asked.append(text)
        return text.upper()

    long = "x" * 201
    assert [shout(text) for text in ("dub", "dub", long, long)] == ["DUB", "DUB", long.upper(), long.upper()]
    assert asked == ["dub", long, long]
