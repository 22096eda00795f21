"""Fields that several answers share: addresses, dates, formats, artists, amounts."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from discogs_sandbox.world.entities import Credit, Format, Release, Work
from discogs_sandbox.world.prices import Price

API = "https://api.sandbox.invalid"
SITE = "https://www.sandbox.invalid"
"""Placeholders: the server puts its own address in when it answers, so that JSON text can be cached."""

PLAIN_IMAGE = f"{SITE}/images/spacer.gif"
"""What Discogs shows where there is no picture."""

Json = dict[str, Any]

_ABBREVIATED_DESCRIPTIONS = {
    "Limited Edition": "Ltd", "Reissue": "RE", "Remastered": "RM", "45 RPM": "", "33 ⅓ RPM": "",
    "Stereo": "", "Compilation": "Comp",
}  # fmt: skip
_ABBREVIATED_NAMES = {"Cassette": "Cass", "Vinyl": ""}


def to_json(value: Any) -> str:
    """`value` as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def with_links(text: str, url: str) -> str:
    """`text` with the server's own address in its links."""
    return text.replace(API, url).replace(SITE, url)


def timestamp(when: datetime) -> str:
    """A date as Discogs writes it, in Pacific time: 2024-12-30T00:16:19-08:00."""
    hours = -7 if 4 <= when.month <= 10 else -8
    return when.astimezone(timezone(timedelta(hours=hours))).isoformat(timespec="seconds")


def amount(price: Price) -> float:
    """The amount as the float that Discogs' JSON holds."""
    return float(price.amount)


def slug(text: str) -> str:
    """`text` as the site writes it into addresses."""
    return re.sub(r"[^0-9A-Za-z]+", "-", text).strip("-")


def thumbnail_url(release_id: int) -> str:
    """The address of a release's small picture."""
    return f"{SITE}/images/R-{release_id}-150.svg"


def cover_url(release_id: int) -> str:
    """The address of a release's large picture."""
    return f"{SITE}/images/R-{release_id}-600.svg"


def artists_json(credits: tuple[Credit, ...]) -> list[Json]:
    """Credits as JSON."""
    return [
        {
            "name": credit.artist.name,
            "anv": credit.anv,
            "join": credit.join,
            "role": credit.role,
            "tracks": credit.tracks,
            "id": credit.artist.id,
            "resource_url": f"{API}/artists/{credit.artist.id}",
        }
        for credit in credits
    ]


def artists_text(work: Work) -> str:
    """The artists of a work in one line, with the words that join them."""
    text = ""
    for credit in work.artists:
        text += credit.anv or credit.artist.name
        text += f"{credit.join} " if credit.join == "," else f" {credit.join} " if credit.join else ""
    return text.strip()


def formats_json(formats: tuple[Format, ...]) -> list[Json]:
    """Formats as JSON: `text` and `descriptions` are absent where there are none."""
    listed = []
    for part in formats:
        entry: Json = {"name": part.name, "qty": str(part.quantity)}
        if part.text:
            entry["text"] = part.text
        if part.descriptions:
            entry["descriptions"] = list(part.descriptions)
        listed.append(entry)
    return listed


def format_text(formats: tuple[Format, ...]) -> str:
    """Formats as one line: 2xLP, Album, RE + CD, Album."""
    return " + ".join(_part_text(part) for part in formats)


def _part_text(part: Format) -> str:
    words = [_ABBREVIATED_NAMES.get(part.name, part.name)]
    words += [_ABBREVIATED_DESCRIPTIONS.get(word, word) for word in part.descriptions]
    words = [word for word in words if word]
    if part.quantity > 1 and words:
        words[0] = f"{part.quantity}x{words[0]}"
    return ", ".join(words)


def community_stats(release: Release) -> Json:
    """How many own and want a release, as entries of discographies and listings have it."""
    return {"community": {"in_wantlist": release.want, "in_collection": release.have}}
