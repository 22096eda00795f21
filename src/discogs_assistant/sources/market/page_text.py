"""The text of a saved page, whatever encoding it was saved in."""

from __future__ import annotations

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 4096
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def page_text(data: bytes) -> tuple[str, str | None]:
    """The text and, where it is not plain UTF-8, a sentence on how it was read.

    Bytes that fit no encoding and NUL characters become U+FFFD, as HTML prescribes, so that no two digits
    of a price are joined by leaving out what stood between them.
    """
    text, problem = _decoded(data)
    return text.replace("\x00", UNKNOWN), problem


def beginning(head: bytes) -> str:
    """The text without the blanks before it; its first character tells pages, JSON and tables apart."""
    return page_text(head)[0].lstrip("\ufeff \r\n\t")


def _decoded(data: bytes) -> tuple[str, str | None]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace"), None
    wide = _wide_encoding(data)
    if wide:
        return data.decode(wide, errors="replace"), "The page is not UTF-8; it was read as UTF-16."
    text = data.decode("utf-8", errors="replace")
    unknown = text.count(UNKNOWN)
    if unknown == 0:
        return text, None
    if unknown * 2 <= sum(char > "\x7f" for char in text):
        # A page cut off within a character, or with a few bad bytes, is still UTF-8.
        return text, None if _only_cut_off(text) else "Some characters of the page could not be read."
    return data.decode("cp1252", errors="replace"), "The page is not UTF-8; it was read as Western European."


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of an English page is zero."""
    sample = data[:_SAMPLE]
    for encoding, start in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = sample[start::2].count(0)
        if len(sample) > 3 and zeros * 4 > len(sample):
            return encoding
    return None


def _only_cut_off(text: str) -> bool:
    return text.count(UNKNOWN) == 1 and text.endswith(UNKNOWN)
