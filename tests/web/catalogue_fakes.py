"""Small dumps with everything odd that Discogs has, for the tests of the catalogue's pages."""

from __future__ import annotations

from pathlib import Path

from tests.sources.dumps.dump_texts import write

from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.catalogue.importing import import_dumps

MANY = 60
"""So many records more by artist 7 on label 50, each of a master of its own."""


def artist(id: int, name: str, anv: str = "", join: str = "") -> str:
    """A main artist of a release."""
    return f"<artist><id>{id}</id><name>{name}</name><anv>{anv}</anv><join>{join}</join></artist>"


def credit(id: int, name: str, role: str) -> str:
    """Somebody else on a release."""
    return f"<artist><id>{id}</id><name>{name}</name><role>{role}</role></artist>"


def record(id: int, title: str, artists: str, more: str = "") -> str:
    """A release of the newer style: what is empty is left out."""
    return f'<release id="{id}"><title>{title}</title><artists>{artists}</artists>{more}</release>'


FULL = (
    '<labels><label id="50" name="Svek" catno="SK 032"/><label id="50" name="Svek" catno="SK032"/></labels>'
    '<formats><format name="Vinyl" qty="2" text="Blue"><descriptions><description>12"</description>'
    "</descriptions></format></formats><genres><genre>Electronic</genre></genres>"
    "<styles><style>Deep House</style></styles><country>Sweden</country><released>1983-00-00</released>"
    f"<extraartists>{credit(7, 'Remy', 'Remix')}{credit(8, 'Nobody (3)', 'Producer, Mixed By')}"
    "</extraartists>"
    "<tracklist><track><title>First side</title></track><track><position>A</position><title>One &lt;b&gt;"
    "</title><duration>4:45</duration></track></tracklist>"
    '<identifiers><identifier type="Barcode" value="7 320470 034156"/></identifiers>'
)
RELEASES = (
    record(
        101,
        "Night Drive",
        artist(2, "Nirvana (2)", join="&amp;")
        + artist(3, "Mike (408)", anv="Mike B", join="feat.")
        + artist(4, "C"),
        FULL + '<master_id is_main_release="true">900</master_id>',
    ),
    record(102, "Night Drive", artist(2, "Nirvana (2)"), "<master_id>900</master_id><country>UK</country>"),
    record(
        103,
        "Odd \u202e&lt;script&gt;",
        artist(194, "Various"),
        '<labels><label id="1818" name="Not On Label" catno="none"/></labels><released>0</released>'
        "<master_id>0</master_id><tracklist><track><position>1</position><title>Guest</title><artists>"
        f"{artist(7, 'Remy')}{artist(9, 'Guest (5)')}</artists></track></tracklist>",
    ),
    *(
        record(
            1000 + n,
            f"Work {n}",
            artist(7, "Remy"),
            f'<labels><label id="50" name="Svek" catno="SK {n + 1}"/></labels>'
            f"<released>{1950 + n}</released><master_id>{2000 + n}</master_id>",
        )
        for n in range(MANY)
    ),
)
MASTERS = (
    f'<master id="900"><main_release>101</main_release><title>Night Drive</title><year>1983</year>'
    f"<artists>{artist(2, 'Nirvana (2)')}</artists></master>",
    f'<master id="901"><title>Lost</title><artists>{artist(2, "Nirvana (2)")}</artists></master>',
)
ARTISTS = (
    "<artist><id>2</id><name>Nirvana (2)</name><realname>Patrick &amp; Alex</realname>"
    "<namevariations><name>NIRVANA</name></namevariations>"
    '<members><id>4</id><name id="4">C</name></members></artist>',
)
LABELS = ('<label><id>50</id><name>Svek</name><parentLabel id="51">Goldhead</parentLabel></label>',)


def import_small_dumps(folder: Path) -> Path:
    """The catalogue's folder of a data folder, with the dumps of October 2026 in it."""
    dumps = [
        write(folder, kind, *records)
        for kind, records in (
            ("releases", RELEASES),
            ("masters", MASTERS),
            ("artists", ARTISTS),
            ("labels", LABELS),
        )
    ]
    root = folder / "catalogue"
    import_dumps(root, dumps, SystemClock(), lambda sentence: None)
    return root
