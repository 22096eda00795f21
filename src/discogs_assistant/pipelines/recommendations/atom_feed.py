"""Recommendations as an Atom feed (RFC 4287), for feed readers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5
from xml.etree import ElementTree

from discogs_assistant.model.recommendation import Recommendation, RecommendationResult
from discogs_assistant.pipelines.runtime.results.releases import (
    artist_names,
    first_catno,
    format_texts,
    label_names,
)

MEDIA = "application/atom+xml"
RIGHTS = (
    "Data provided by Discogs. This application uses Discogs' API but is not affiliated with, sponsored or "
    "endorsed by Discogs. 'Discogs' is a trademark of Zink Media, LLC."
)
_ATOM = "http://www.w3.org/2005/Atom"
_OURS = UUID("4f1c2a5e-0c2b-5d0a-9b7e-6a0f3f1d7c55")
"""The namespace of our names (RFC 4122, 4.3): an entry keeps its id in each new list."""

# What XML 1.0 has no place for (2.2), further control characters, and those that turn the direction of text.
_UNPRINTED = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_MOST_STYLES = 10


@dataclass(frozen=True, slots=True)
class Addresses:
    """Whole addresses: of the feed itself, of the page with the same list, and of releases here and there.

    `itself` is empty where the address must not be passed on.
    """

    itself: str
    page: str
    release: Callable[[int], str]
    at_discogs: Callable[[int], str]


def recommendations_atom(result: RecommendationResult, name: str, narrowed_by: str, at: Addresses) -> bytes:
    """The feed of a list for a feed reader; `name` is the application's, `narrowed_by` distinguishes feeds.

    It holds no prices: a reader keeps what it has read for longer than Discogs' terms allow them to be shown.
    """
    ElementTree.register_namespace("", _ATOM)
    user, made_at = result.user, _moment(result.made_at)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", _urn(f"recommendations of {user}, {narrowed_by}"))
    _add(feed, "title", f"For {user}: recommendations")
    _add(feed, "updated", made_at)
    _add(_add(feed, "author"), "name", name)
    _add(feed, "rights", RIGHTS)
    if at.itself:
        _add(feed, "link", rel="self", type=MEDIA, href=at.itself)
    _add(feed, "link", rel="alternate", type="text/html", href=at.page)
    for recommendation in result.recommendations:
        _entry(feed, recommendation, user, made_at, at)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(
    feed: ElementTree.Element, recommendation: Recommendation, user: str, made_at: str, at: Addresses
) -> None:
    entry, release = _add(feed, "entry"), recommendation.release.id
    _add(entry, "id", _urn(f"release {release} for {user}"))
    artists = ", ".join(artist_names(recommendation.release)) or "Unknown artist"
    _add(entry, "title", f"{artists} – {recommendation.release.title}")
    _add(entry, "updated", made_at)
    _add(entry, "link", rel="alternate", type="text/html", href=at.release(release))
    _add(entry, "link", rel="via", type="text/html", href=at.at_discogs(release), title="On Discogs")
    for style in filter(None, recommendation.release.styles[:_MOST_STYLES]):
        _add(entry, "category", term=style)
    _add(entry, "content", _content(recommendation), type="text")


def _content(recommendation: Recommendation) -> str:
    release = recommendation.release
    label = " – ".join(part for part in (", ".join(label_names(release)), first_catno(release)) if part)
    facts = (release.year, release.country, label, " + ".join(format_texts(release)))
    described = " · ".join(str(fact) for fact in facts if fact)
    reasons = [reason.text for reason in recommendation.reasons]
    return "\n".join(line for line in (described, *reasons, "Data provided by Discogs.") if line)


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    printed = {key: _printed(value) for key, value in attributes.items()}
    child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", printed)
    child.text = None if text is None else _printed(text)
    return child


def _printed(text: str) -> str:
    return _UNPRINTED.sub("", text)


def _urn(name: str) -> str:
    return uuid5(_OURS, _printed(name)).urn


def _moment(moment: datetime) -> str:
    """As RFC 3339 wants it, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
