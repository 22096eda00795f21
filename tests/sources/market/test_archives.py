"""Zip files: what is within is read within limits, and every trick is refused with a sentence."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discogs_assistant.errors import BadInputError
from discogs_assistant.sources.market.archives import is_zip, unpacked

LIMIT = 5_000_000


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content, compress_type=method)
    return out.getvalue()


def unpack(name: str, data: bytes, limit: int) -> list[tuple[str, bytes]]:
    with unpacked(name, io.BytesIO(data), limit) as contents:
        return [(label, content.read()) for label, content in contents]


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("page.html")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def encrypted() -> bytes:
    data = bytearray(zipped(("a.html", b"x" * 20)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying() -> bytes:
    """A bomb whose headers say that it unpacks to ten bytes."""
    data = bytearray(zipped(("a.html", b"\0" * 3_000_000)))
    data[22:26] = (10).to_bytes(4, "little")
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


def test_files_come_with_their_last_name_only() -> None:
    data = zipped(("pages/a.html", b"a"), ("pages/", b""), ("b.csv", b"b"), ("sub\\c.json", b"c"))
    assert unpack("z.zip", data, LIMIT) == [("a.html", b"a"), ("b.csv", b"b"), ("c.json", b"c")]


def test_what_a_mac_adds_is_left_out() -> None:
    data = zipped(("__MACOSX/._a.html", b"x"), (".DS_Store", b"x"), ("a.html", b"a"))
    assert unpack("z.zip", data, LIMIT) == [("a.html", b"a")]


def test_a_zip_without_files_is_empty() -> None:
    assert is_zip(zipped())
    assert unpack("z.zip", zipped(), LIMIT) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (zipped(("a.html", b"abc" * 9_000))[:-30], "damaged"),
        (zipped(("a.html", b"one two"), method=zipfile.ZIP_STORED).replace(b"two", b"six"), "damaged"),
        (zipped(("a.html", b"\0" * 50_000_000)), "holds more than"),
        (zipped(("a.html", b"\0" * 3_000_000)), "far more than"),
        (lying(), "far more than|damaged"),
        (zipped(*((f"{number}.html", b"x" * 60_000) for number in range(100))), "holds more than"),
        (zipped(("inner.zip", zipped(("a.html", b"a")))), "another zip"),
        (zipped(("a.html", b"a")).replace(b"a.html", b"\0.html"), "without a name"),
        (zipped(("../a.html", b"a")), "leads outside"),
        (zipped(("a/../../b.html", b"a")), "leads outside"),
        (zipped(("/etc/passwd", b"a")), "leads outside"),
        (zipped(("..\\a.html", b"a")), "leads outside"),
        (zipped(("C:\\a.html", b"a")), "leads outside"),
        (zipped((link(), b"/etc/passwd")), "a link"),
        (encrypted(), "encrypted"),
        (zipped(("a.html", b"a"), method=zipfile.ZIP_LZMA), "unusual way"),
        (zipped(("a.html", b"a"), method=zipfile.ZIP_BZIP2), "unusual way"),
        (zipped(*((f"{number}", b"") for number in range(5_001))), "5,001 files"),
    ],
)
def test_damage_and_tricks_are_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence) as caught:
        unpack("z.zip", data, LIMIT)
    assert caught.value.sentence.startswith("z.zip ")


def test_a_name_cannot_write_into_the_sentence() -> None:
    with pytest.raises(BadInputError) as caught:
        unpack("z\n\x1b[31m.zip", zipped(("../\x1b[31m\nred", b"a")), LIMIT)
    assert caught.value.sentence.isprintable()


@settings(max_examples=200)
@given(
    st.binary(max_size=40),
    st.integers(0, 400),
    st.sampled_from([bytes.__add__, lambda whole, noise: noise + whole]),
)
def test_no_bytes_make_the_reader_fail_otherwise(
    noise: bytes, place: int, joined: Callable[[bytes, bytes], bytes]
) -> None:
    whole = zipped(("a.html", b"abc" * 50), ("b.csv", b"x"))
    for data in (joined(whole, noise), whole[:place] + noise + whole[place + len(noise) :], whole[:place]):
        try:
            files = unpack("z.zip", data, LIMIT)
        except BadInputError:
            continue
        assert sum(len(content) for _, content in files) <= LIMIT


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}\.html", fullmatch=True), st.binary(max_size=300), max_size=6)
)
def test_what_was_packed_is_unpacked(files: dict[str, bytes]) -> None:
    kept = {name: content for name, content in files.items() if not is_zip(content)}
    assert dict(unpack("z.zip", zipped(*kept.items()), LIMIT)) == kept
