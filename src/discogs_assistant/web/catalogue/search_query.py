"""What a search looks for: read from an address, and written into one."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from discogs_assistant.errors import InvalidFieldsError
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.web.forms import Form

NARROW = {
    "artist": "Artist",
    "title": "Title",
    "label": "Label",
    "catno": "Catalogue number",
    "barcode": "Barcode",
}
FILTERS = {"style": "Style", "genre": "Genre", "country": "Country", "format": "Format"}
DECADES = tuple(range(2020, 1880, -10))

_LONGEST = 200
_TOO_LONG = f"That is longer than {_LONGEST} characters."


def query_of(form: Form, page: int = 1) -> str:
    """The search as an address carries it."""
    named = [(name, form.text(name)) for name in ("q", *NARROW, *FILTERS, "decade", "user")]
    return urlencode([*((n, v) for n, v in named if v.strip()), *([("page", page)] if page > 1 else [])])


def read_question(form: Form) -> Question:
    """What an address looks for, `Question()` where it looks for nothing.

    `InvalidFieldsError` with a sentence per field.
    """
    texts = {name: form.text(name).strip() for name in ("q", *NARROW, *FILTERS, "decade")}
    wrong = {name: _TOO_LONG for name, text in texts.items() if len(text) > _LONGEST}
    if texts["decade"] and not _is_decade(texts["decade"]):
        wrong["decade"] = "A decade is its first year, such as 1980."
    if wrong:
        raise InvalidFieldsError(wrong)
    return _question(texts)


def _is_decade(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4 and 1860 <= int(text) <= 2100


def _question(texts: Mapping[str, str]) -> Question:
    return Question(
        words=texts["q"],
        artist=texts["artist"],
        title=texts["title"],
        label=texts["label"],
        catno=texts["catno"],
        barcode=texts["barcode"],
        genre=texts["genre"],
        style=texts["style"],
        country=texts["country"],
        decade=int(texts["decade"]) // 10 * 10 if texts["decade"] else None,
        format=texts["format"],
    )
