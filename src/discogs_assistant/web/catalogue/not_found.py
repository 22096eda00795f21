"""Pages for numbers that lead to nothing here: unknown records, and placeholder names such as "Various"."""

from __future__ import annotations

from typing import Literal

from starlette.responses import HTMLResponse

from discogs_assistant.web.catalogue.state import catalogue_state
from discogs_assistant.web.session import Visitor

Kind = Literal["release", "master", "artist", "label"]

_PLACEHOLDERS = {
    ("artist", 194): (
        "Various",
        "what Discogs writes when a record has several artists, as compilations do",
    ),
    ("artist", 355): ("Unknown Artist", "what Discogs writes when the artist is not known"),
    ("artist", 118760): (
        "No Artist",
        "what Discogs writes when a record has no artist, as sound effects do",
    ),
    ("label", 1818): ("Not On Label", "what Discogs writes when a record was published without a label"),
}
"""By Discogs' own numbers of them."""


def unknown_page(visitor: Visitor, kind: Kind, id: int) -> HTMLResponse:
    """What to do about a number that neither source knows; 404."""
    state = catalogue_state(visitor.ctx.catalogue)
    return visitor.page("catalogue/not_found.html", 404, kind=kind, id=id, state=state)


def nobody_page(visitor: Visitor, kind: Kind, id: int) -> HTMLResponse | None:
    """What "Various" and its like mean: a list of millions of records would be no use."""
    placeholder = _PLACEHOLDERS.get((kind, id))
    if placeholder is None:
        return None
    return visitor.page(
        "catalogue/no_collector.html", kind=kind, id=id, called=placeholder[0], meaning=placeholder[1]
    )
