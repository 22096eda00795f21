"""Pieces of Discogs' wire format that several answers share: addresses, dates, format text, prices."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from discogs_sandbox.world.entities import Credit, Format, Release, Work
from discogs_sandbox.world.prices import Price

API = "https://api.sandbox.invalid"
SITE = "https://www.sandbox.invalid"
"""Stand where the address is put in when an answer is sent, so that its pieces can be kept ready."""

PLAIN_IMAGE = f"{SITE}/images/spacer.gif"
"""What Discogs shows where there is no picture."""

Json = dict[str, Any]

_SHORT = {
    "Limited Edition": "Ltd", "Reissue": "RE", "Remastered": "RM", "45 RPM": "", "33 ⅓ RPM": "",
    "Stereo": "", "Compilation": "Comp",
}  # fmt: skip
_ABBREVIATED = {"Cassette": "Cass", "Vinyl": ""}


def dump(value: Any) -> str:
    """`value` as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def moment(when: datetime) -> str:
    """A date as Discogs writes it, in Pacific time: 2024-12-30T00:16:19-08:00."""
    hours = -7 if 4 <= when.month <= 10 else -8
    return when.astimezone(timezone(timedelta(hours=hours))).isoformat(timespec="seconds")


def amount(price: Price) -> float:
    """The amount as the float that Discogs' JSON holds."""
    return float(price.amount)


def slug(text: str) -> str:
    """`text` as the site writes it into addresses."""
    return re.sub(r"[^0-9A-Za-z]+", "-", text).strip("-")


def thumb_of(release_id: int) -> str:
    """The address of a release's small picture."""
    return f"{SITE}/images/R-{release_id}-150.svg"


def cover_of(release_id: int) -> str:
    """The address of a release's large picture."""
    return f"{SITE}/images/R-{release_id}-600.svg"


def artists_of(credits: tuple[Credit, ...]) -> list[Json]:
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


def printed(work: Work) -> str:
    """The artists of a work in one line, with the words between them."""
    text = ""
    for credit in work.artists:
        text += credit.anv or credit.artist.name
        text += f"{credit.join} " if credit.join == "," else f" {credit.join} " if credit.join else ""
    return text.strip()


def formats_of(formats: tuple[Format, ...]) -> list[Json]:
    """Formats as JSON: `text` and `descriptions` are absent where there are none."""
    listed = []
    for one in formats:
        entry: Json = {"name": one.name, "qty": str(one.quantity)}
        if one.text:
            entry["text"] = one.text
        if one.descriptions:
            entry["descriptions"] = list(one.descriptions)
        listed.append(entry)
    return listed


def format_text(formats: tuple[Format, ...]) -> str:
    """Formats as one line: 2xLP, Album, RE + CD, Album."""
    return " + ".join(_one_format(one) for one in formats)


def _one_format(one: Format) -> str:
    words = [_ABBREVIATED.get(one.name, one.name)]
    words += [_SHORT.get(word, word) for word in one.descriptions]
    words = [word for word in words if word]
    if one.quantity > 1 and words:
        words[0] = f"{one.quantity}x{words[0]}"
    return ", ".join(words)


def stats(release: Release) -> Json:
    """How many own and want a release, in the form of a listing's or a discography's line."""
    return {"community": {"in_wantlist": release.want, "in_collection": release.have}}
