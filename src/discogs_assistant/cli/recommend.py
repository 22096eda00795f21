"""Recommendations of a run as `recommend` prints them."""

from __future__ import annotations

from typing import Any

from discogs_assistant.cli.output import print_table


def show_recommendations(document: dict[str, Any]) -> None:
    """The list as a table, with the strongest reason of each record."""
    rows = [
        (one["rank"], ", ".join(one["artists"]), one["title"], f"{one['score']:.3f}", _because(one))
        for one in document["recommendations"]
    ]
    print_table(f"For {document['user']}", ("#", "artist", "title", "score", "why"), rows)


def _because(recommendation: dict[str, Any]) -> str:
    return recommendation["reasons"][0]["text"] if recommendation["reasons"] else ""
