"""Records of a dump: both styles read the same, bad ones are named, forbidden characters dropped."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.sources.dumps.cutting import Chunk
from discogs_assistant.sources.dumps.fields import number, year_of
from discogs_assistant.sources.dumps.parsing import Parsed, parse

OLDER = (
    '<release id="5" status="Accepted"><images><image type="primary"/></images>'
    "<artists><artist><id>1</id><name> The Persuader </name><anv/><join>&amp;</join><role/><tracks/></artist>"
    '</artists><title> Stockholm\n</title><labels><label name="Svek" catno=" SK032 " id="5"/></labels>'
    "<extraartists><artist><id>2</id><name>A</name><anv/><join/><role>Bass</role><tracks/></artist>"
    '</extraartists><formats><format name="Vinyl" qty="2" text=""><descriptions>'
    '<description>12"</description></descriptions></format></formats><genres><genre>Electronic</genre></genres><styles/>'
    '<country/><released>1983-00-00</released><master_id is_main_release="true">9</master_id>'
    "<tracklist><track><position/><title>Side A</title><duration/>"
    "<extraartists><artist><id>3</id><name>B</name><anv/><join/><role>Bass</role><tracks/></artist></extraartists>"
    "<sub_tracks><track><position>A1.1</position><title>x</title><duration/></track></sub_tracks></track></tracklist>"
    '<identifiers><identifier type="Barcode" value=""/></identifiers></release>'
)
NEWER = (
    '<release id="5"><artists><artist><id>1</id><name>The Persuader</name><join>&amp;</join></artist>'
    '</artists><title>Stockholm</title><labels><label name="Svek" catno="SK032" id="5"/></labels>'
    "<extraartists><artist><id>2</id><name>A</name><role>Bass</role></artist></extraartists>"
    '<formats><format name="Vinyl" qty="2" text=""><descriptions><description>12"</description>'
    "</descriptions></format></formats><genres><genre>Electronic</genre></genres><released>1983-00-00</released>"
    '<master_id is_main_release="true">9</master_id><tracklist><track><title>Side A</title><extraartists>'
    "<artist><id>3</id><name>B</name><role>Bass</role></artist></extraartists><sub_tracks><track>"
    "<position>A1.1</position><title>x</title></track></sub_tracks></track></tracklist>"
    '<identifiers><identifier type="Barcode" value=""/></identifiers></release>'
)


def read(*records: str | bytes, kind: str = "releases") -> Parsed:
    data = [record if isinstance(record, bytes) else record.encode() for record in records]
    ends = [sum(map(len, data[: at + 1])) for at in range(len(data))]
    return parse(Chunk(0, kind, b"".join(data), ends))


def only(*records: str | bytes, kind: str = "releases") -> dict[str, Any]:
    found = read(*records, kind=kind)
    assert not found.skipped
    (document,) = found.documents
    return document


def test_both_styles_of_dump_read_the_same() -> None:
    assert only(OLDER) == only(NEWER)


def test_a_release_reads_as_documented() -> None:
    assert only(OLDER) == {
        "release_id": 5,
        "master_id": 9,
        "main": True,
        "title": "Stockholm",
        "year": 1983,
        "country": None,
        "artists": [{"id": 1, "name": "The Persuader", "anv": None, "join": "&"}],
        "labels": [{"id": 5, "name": "Svek", "catno": "SK032"}],
        "formats": [{"name": "Vinyl", "quantity": 2, "descriptions": ['12"'], "text": None}],
        "genres": ["Electronic"],
        "styles": [],
        "credits": [{"id": 2, "name": "A", "role": "Bass"}, {"id": 3, "name": "B", "role": "Bass"}],
        "tracks": [
            {"position": None, "title": "Side A", "duration": None},
            {"position": "A1.1", "title": "x", "duration": None},
        ],
        "identifiers": [{"type": "Barcode", "value": None}],
        "track_artists": [],
    }


def test_master_0_is_none() -> None:
    found = only('<release id="1"><master_id is_main_release="false">0</master_id></release>')
    assert (found["master_id"], found["main"]) == (None, None)


@pytest.mark.parametrize("id", ["<id>0</id>", "<id></id>", "<id/>", ""])
def test_a_name_without_a_page_has_no_id_in_any_dump(id: str) -> None:
    named = f"<artist>{id}<name>Unknown Artist</name><role>Bass</role></artist>"
    found = only(
        f'<release id="5"><artists>{named}</artists><extraartists>{named}</extraartists>'
        '<labels><label name="Not On Label" catno="none" id="0"/></labels></release>'
    )
    ids = [entry["id"] for kind in ("artists", "credits", "labels") for entry in found[kind]]
    assert ids == [None, None, None]


def test_an_alias_without_a_page_has_no_id() -> None:
    record = '<artist><id>3</id><name>A</name><aliases><name id="0">B</name></aliases></artist>'
    assert only(record, kind="artists")["aliases"] == [{"id": None, "name": "B"}]


@pytest.mark.parametrize(
    ("text", "year"),
    [("1983-00-00", 1983), ("1860", 1860), ("1859", None), ("0000", None), ("198", None), (" 2001-1", 2001),
     ("", None), (None, None), ("?1983", None)],
)  # fmt: skip
def test_a_year_is_four_leading_digits_from_1860_on(text: str | None, year: int | None) -> None:
    assert year_of(text) == year


@given(st.text())
def test_a_number_is_ascii_digits_or_none(text: str) -> None:
    found = number(text)
    assert found is None or int(text.strip()) == found


@pytest.mark.parametrize("bad", ["\x01", "\x0b", "&#1;", "&#x1F;", "&#xFFFE;", "&#55296;", "\ufffe"])
def test_what_xml_forbids_is_dropped_and_its_record_kept(bad: str) -> None:
    found = read(
        '<release id="1"><title>a</title></release>', f'<release id="2"><title>b{bad}c</title></release>'
    )
    assert [document["title"] for document in found.documents] == ["a", "bc"]
    assert found.skipped == []


def test_bytes_that_are_no_utf_8_are_dropped() -> None:
    assert only(b'<release id="2"><title>b\xff\xfec</title></release>')["title"] == "bc"


@pytest.mark.parametrize(
    ("record", "id", "why"),
    [
        ('<release id="2"><title>a</release>', 2, "well-formed"),
        ('<release id="2"><title>&unknown;</title></release>', 2, "well-formed"),
        ("<release><title>a</title></release>", None, "no id"),
        ('<release id=""><title>a</title></release>', None, "no id"),
        ('<release id="x1"><title>a</title></release>', None, "“x1”"),
        ('<release id="99999999999"/>', None, "“99999999999”"),
        ('<release id="0"/>', None, "“0”"),
    ],
)
def test_a_bad_record_is_named_and_the_others_are_read(record: str, id: int | None, why: str) -> None:
    found = read('<release id="1"/>', record, '<release id="3"/>')
    assert found.ids == [1, 3]
    (skipped,) = found.skipped
    assert (skipped.entity, skipped.id) == ("release", id)
    assert why in skipped.why


def test_sub_tracks_however_deep_are_read() -> None:
    deep = "<track><title>t</title><sub_tracks>" * 500 + "</sub_tracks></track>" * 500
    assert len(only(f'<release id="1"><tracklist>{deep}</tracklist></release>')["tracks"]) == 500


def test_an_artist_has_names_and_kin_in_both_styles() -> None:
    older = (
        "<artist><images/><id>2</id><name>Duo</name><realname/><profile/><namevariations><name>DUO</name>"
        '</namevariations><members><id>26</id><name id="26">A</name></members><groups/></artist>'
    )
    newer = (
        "<artist><id>2</id><name>Duo</name><namevariations><name>DUO</name></namevariations>"
        '<members><name id="26">A</name></members></artist>'
    )
    assert only(older, kind="artists") == only(newer, kind="artists")
    assert only(newer, kind="artists")["members"] == [{"id": 26, "name": "A"}]


def test_a_master_may_lack_its_main_release() -> None:
    found = only('<master id="7"><main_release/><title>t</title><year>0</year></master>', kind="masters")
    assert (found["master_id"], found["main_release"], found["year"]) == (7, None, None)
