"""One row of a sell page read into a listing with its seller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from selectolax.lexbor import LexborNode

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ListingId, ReleaseId, parse_user_name
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.sources.market import page_cells


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the page as a whole says and a row may leave out."""

    as_of: datetime
    release: int | None = None
    seller: str | None = None


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What a row contains; `problems` name the parts of it that could not be read."""

    listing: Listing
    seller: Seller
    problems: tuple[str, ...]


def read_row(markup: str, page: Surroundings) -> ReadRow | None:
    """The copy that a row offers, None where the page's visitor may not buy it.

    `BadInputError` where id, release, seller or price are missing or make no sense.
    """
    row = page_cells.parsed_row(markup)
    if "unavailable" in page_cells.attribute(row, "class").split():
        return None
    problems: list[str] = []
    seller = _seller(row, page, problems)
    return ReadRow(_listing(row, page, seller, problems), seller, tuple(problems))


def listing_number(markup: str) -> str:
    """The listing's number, for a sentence about a row that could not be read."""
    return page_cells.listing_number(markup) or "without a number"


def _listing(row: LexborNode, page: Surroundings, seller: Seller, problems: list[str]) -> Listing:
    artist, title, form = described(page_cells.text_of(row.css_first(".item_description_title")))
    price = page_cells.price(row)
    words = page_cells.shipping_text(row)
    media, unknown_media = page_cells.media(row)
    sleeve, unknown_sleeve = page_cells.sleeve(row)
    _note(problems, "media grade", unknown_media)
    _note(problems, "sleeve grade", unknown_sleeve)
    return Listing(
        id=ListingId(_known(page_cells.listing_id(row), "number")),
        release_id=ReleaseId(_known(page_cells.release_id(row) or page.release, "release")),
        seller=seller.name,
        price=price,
        as_of=page.as_of,
        origin=Origin.PAGE,
        media=media,
        sleeve=sleeve,
        comments=page_cells.comments(row),
        ships_from=seller.ships_from,
        allow_offers=page_cells.allows_offers(row),
        shipping=_shipping(words, price.currency, problems),
        shipping_text=words,
        format=form,
        artist=artist,
        title=title,
        label=page_cells.label(row),
        catno=page_cells.text_of(row.css_first(".item_catno")) or None,
        have=page_cells.count(row, "have"),
        want=page_cells.count(row, "want"),
    )


def _seller(row: LexborNode, page: Surroundings, problems: list[str]) -> Seller:
    name = page_cells.seller_name(row) or page.seller
    if name is None:
        raise BadInputError("it names no seller.")
    rating, ratings = page_cells.seller_rating(row)
    country, unknown = page_cells.ships_from(row)
    _note(problems, "country", unknown)
    return Seller(parse_user_name(name), page_cells.seller_id(row), rating, ratings, country)


def _shipping(words: str | None, currency: Currency, problems: list[str]) -> Money | None:
    try:
        return page_cells.shipping(words, currency)
    except BadInputError as error:
        problems.append(error.sentence)
        return None


def described(words: str) -> tuple[str | None, str | None, str | None]:
    """Artist, title and format of "Artist - Title (LP, Album)"; what is not there is None."""
    head, form = _without_format(words)
    artist, dash, title = head.partition(" - ")
    if not dash:
        return None, head or None, form
    return artist.strip() or None, title.strip() or None, form


def _without_format(words: str) -> tuple[str, str | None]:
    """The format is the last bracket, which may hold brackets itself."""
    if not words.endswith(")"):
        return words, None
    depth = 0
    for place in range(len(words) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(words[place], 0)
        if depth == 0:
            return words[:place].rstrip(), words[place + 1 : -1].strip() or None
    return words, None


def _known(number: int | None, what: str) -> int:
    if not number:
        raise BadInputError(f"it has no {what}.")
    return number


def _note(problems: list[str], what: str, words: str | None) -> None:
    if words is not None:
        problems.append(f"its {what} “{page_cells.shown(words)}” is unknown and was left out.")
