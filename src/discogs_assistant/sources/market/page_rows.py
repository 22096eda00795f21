"""A saved sell page cut into the rows of its table, so that a broken row cannot touch the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote

ROWS_READ = 500
"""Discogs shows at most 250 copies a page."""

_HIDDEN = re.compile(r"<(!--|script\b|style\b|template\b)")
_INLINED = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=%]*")
# An atomic group (?>…) and a possessive repeat *+ give nothing back: where the tag has no end, a word that
# occurs thousands of times in it would else be tried at each place, in time that grows with the square.
_ROW = re.compile(r"<tr\b(?>[^<>]*?\bshortcut_navigable\b)[^<>]*+>")
_ROW_TAG = re.compile(r"<(/?)tr\b")
_TABLE_END = re.compile(r"</(?:tbody|table)\b")
_SELL_ROW = re.compile(r"item_description_title|seller_info|item_price")
_COUNTS = re.compile(r"<(?>[^<>]*?\bpagination_total\b)[^<>]*+>([^<]{0,400}+)<")
_NUMBER = re.compile(r"\d[\d.,\u00a0\u202f']*")
_ADDRESS = re.compile(r"<form\b(?>[^<>]*?(?<![\w-])action=)[\"']?([^\"'\s<>]++)")
_TABLE = re.compile(r"<table\b(?>[^<>]*?\bmpitems\b)")


@dataclass(frozen=True, slots=True)
class Row:
    """A row's markup; `whole` is False where the page ends within it."""

    markup: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """What the page says of itself: it shows copies `first` to `last` of `total`."""

    first: int
    last: int
    total: int


def visible(text: str) -> str:
    """The page without comments, scripts, styles, templates and inlined pictures.

    An unclosed one reaches to the page's end, as in a browser.
    """
    kept, place = [], 0
    while opening := _HIDDEN.search(text, place):
        kept.append(text[place : opening.start()])
        end = "-->" if opening[1] == "!--" else f"</{opening[1]}"
        closing = text.find(end, opening.end())
        if closing < 0:
            return _INLINED.sub("", "".join(kept))
        place = closing + len(end)
    return _INLINED.sub("", "".join([*kept, text[place:]]))


def sell_rows(text: str) -> list[Row]:
    """The rows that offer a copy, in the page's order; `text` is the visible page."""
    edges = [*(found.start() for found in _ROW.finditer(text)), len(text)]
    pieces = (_row(text[start:end], end < len(text)) for start, end in pairwise(edges))
    return [row for row in pieces if _SELL_ROW.search(row.markup)]


def has_sell_table(text: str) -> bool:
    """True for a list of copies for sale, even an empty one."""
    return _TABLE.search(text) is not None


def extent(text: str) -> Extent | None:
    """The counts above the list, such as "1 – 25 de 488", in any language; None where there are none."""
    found = _COUNTS.search(text)
    words = found[1].replace("&ndash;", "–").replace("&nbsp;", "\u00a0") if found else ""
    numbers = [_digits(number) for number in _NUMBER.findall(words)]
    if len(numbers) != 3 or not numbers[0] <= numbers[1] <= numbers[2]:
        return None
    return Extent(*numbers)


def page_release(text: str) -> int | None:
    """The release whose copies the page lists, where it is such a page."""
    return next((int(found[1]) for found in _addressed(text, r"/sell/release/(\d{1,12})\b")), None)


def page_seller(text: str) -> str | None:
    """The seller whose copies the page lists, where it is such a page."""
    return next((unquote(found[1]) for found in _addressed(text, r"/seller/([^/?#]+)/")), None)


def _addressed(text: str, pattern: str) -> list[re.Match[str]]:
    addresses = (found[1] for found in _ADDRESS.finditer(text))
    return [found for address in addresses if (found := re.search(pattern, address))]


def _row(piece: str, followed: bool) -> Row:
    open_rows = 0
    for tag in _ROW_TAG.finditer(piece):
        open_rows += -1 if tag[1] else 1
        if open_rows == 0:
            return Row(piece[: tag.end()] + ">", True)
    table_end = _TABLE_END.search(piece)
    if table_end:
        return Row(piece[: table_end.start()], True)
    return Row(piece, followed)


def _digits(number: str) -> int:
    return int("".join(char for char in number if char.isascii() and char.isdigit())[:15] or "0")
