"""Rows of a table of listings, or of a seller's exported inventory, as copies for sale."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ListingId, ReleaseId, parse_user_name, printable
from discogs_assistant.model.listing import Listing, ListingColumns, Origin, Seller
from discogs_assistant.model.market import Shop
from discogs_assistant.model.money import Currency, Money, parse_decimal
from discogs_assistant.sources.csv_files import cells
from discogs_assistant.sources.csv_files.rows import CsvRow, Problems, column_key
from discogs_assistant.sources.discogs.wire_market import Offer
from discogs_assistant.sources.market.batches import FOR_SALE, Offered
from discogs_assistant.sources.market.listing_price import checked_price, not_absurd

TABLE = ("listing_id", "seller", "release_id", "price", "currency")
TABLE_MORE = ("quantity", "media", "sleeve", "ships_from", "seller_rating", "grams", "format")
EXPORT = ("listing_id", "release_id", "price")
EXPORT_MORE = (
    "artist", "title", "label", "catno", "format", "status", "listed", "comments", "media_condition",
    "sleeve_condition", "accept_offer", "weight", "quantity",
)  # fmt: skip
_OF_COPY = ("media", "sleeve", "quantity", "grams", "format")
_REMEMBERED = 50_000
_MOST_COPIES = 10_000
_MOST_GRAMS = 1_000_000
_YES_NO = {"": None, "y": True, "yes": True, "true": True, "1": True}
_YES_NO |= {"n": False, "no": False, "false": False, "0": False}


class ListingTable:
    """Rows of a table of listings as copies for sale, column by column; cells that come again are read once.

    Of a large table nearly all sellers, prices and conditions come again.
    """

    def __init__(self, as_of: datetime) -> None:
        self._as_of = as_of
        self._sellers = _Cells(_seller_of, "seller", "seller_rating", "ships_from")
        self._prices = _Cells(_price_of, "price", "currency")
        self._described = _Cells(_described, *_OF_COPY)

    def offered(self, rows: Sequence[CsvRow], problems: Problems) -> Offered:
        """The copies and their sellers; of a row that makes no sense the first such cell is a problem."""
        table, wrong = _Block(rows), dict[int, BadInputError]()
        read = (
            _identifiers(table, "listing_id", wrong),
            self._sellers.read(table, wrong),
            self._prices.read(table, wrong),
            self._described.read(table, wrong),
            _identifiers(table, "release_id", wrong),
        )
        for at in sorted(wrong):
            problems.add(rows[at].line, wrong[at].field, wrong[at].sentence)
        sound = [at for at in range(len(rows)) if at not in wrong]
        ids, sellers, prices, described, releases = ([values[at] for at in sound] for values in read)
        columns = {
            "id": ids,
            "release_id": releases,
            "seller": [seller.name for seller in sellers],
            "price": prices,
            "as_of": repeat(self._as_of, len(sound)),
            "origin": repeat(Origin.FILE, len(sound)),
            "ships_from": [seller.ships_from for seller in sellers],
        } | dict(zip(_OF_COPY, zip(*described, strict=True), strict=False))
        listings = ListingColumns.of_columns(len(sound), columns)
        return Offered(listings, sellers, [rows[at].line for at in sound])


class _Block:
    """Rows, and their cells by column."""

    def __init__(self, rows: Sequence[CsvRow]) -> None:
        self.rows = rows
        self._columns = list(zip(*(row.cells for row in rows), strict=True))

    def texts(self, column: str) -> Sequence[str]:
        """The cells of a column as they stand; empty where there is none."""
        place = self.rows[0].places.get(column_key(column))
        return [""] * len(self.rows) if place is None else self._columns[place]


class _Cells:
    """What a rule makes of the cells in some columns; it remembers 50,000 different ones."""

    def __init__(self, rule: Callable[[CsvRow], object], *columns: str) -> None:
        self._rule = rule
        self._columns = columns
        self._known: dict[tuple[str, ...], Any] = {}

    def read(self, block: _Block, wrong: dict[int, BadInputError]) -> list[Any]:
        """A value for each row, or the error, which is also in `wrong` unless the row has one already."""
        keys = list(zip(*map(block.texts, self._columns), strict=True))
        try:
            values = [self._known[key] for key in keys]
        except KeyError:
            self._learn(dict(zip(keys, block.rows, strict=True)))
            values = [self._known[key] for key in keys]
        return _noted(values, wrong)

    def _learn(self, rows: Mapping[tuple[str, ...], CsvRow]) -> None:
        if len(self._known) + len(rows) > _REMEMBERED:
            self._known.clear()
        for key in rows.keys() - self._known.keys():
            self._known[key] = _tried(self._rule, rows[key])


def _identifiers(block: _Block, column: str, wrong: dict[int, BadInputError]) -> list[Any]:
    """As `_Cells.read`, of ids, which do not come again."""
    texts = block.texts(column)
    together = "".join(texts)
    if together.isascii() and together.isdigit() and all(texts) and max(map(len, texts)) < 16:
        numbers = list(map(int, texts))
        if min(numbers) > 0:
            return numbers
    return _noted([_tried(lambda row: cells.identifier(row, column), row) for row in block.rows], wrong)


def _tried(rule: Callable[[CsvRow], object], row: CsvRow) -> object:
    try:
        return rule(row)
    except BadInputError as error:
        return error.with_traceback(None)


def _noted(values: list[Any], wrong: dict[int, BadInputError]) -> list[Any]:
    if any(issubclass(kind, BadInputError) for kind in set(map(type, values))):
        for at, value in enumerate(values):
            if isinstance(value, BadInputError):
                wrong.setdefault(at, value)
    return values


def _seller_of(row: CsvRow) -> Seller:
    return Seller(
        parse_user_name(row.cell("seller"), field="seller"),
        rating=cells.percentage(row, "seller_rating"),
        ships_from=cells.country(row, "ships_from"),
    )


def _price_of(row: CsvRow) -> Money:
    return _exact_price(row, Currency.parse(row.cell("currency"), field="currency"))


def _described(row: CsvRow) -> tuple[object, ...]:
    return (
        cells.media(row, "media"),
        cells.sleeve(row, "sleeve"),
        cells.whole_number(row, "quantity", low=1, high=_MOST_COPIES) or 1,
        cells.whole_number(row, "grams", low=1, high=_MOST_GRAMS),
        cells.words(row, "format"),
    )


def exported(rows: Sequence[CsvRow], problems: Problems, shop: Shop, as_of: datetime) -> Offered:
    """Rows of the inventory that `shop` exported; a row that makes no sense is a problem."""
    offers, lines = [], []
    for row in rows:
        try:
            offers.append(_exported(row, shop, as_of))
            lines.append(row.line)
        except BadInputError as error:
            problems.add(row.line, error.field, error.sentence)
    return Offered.of(offers, lines)


def _exported(row: CsvRow, shop: Shop, as_of: datetime) -> Offer:
    """A row of the inventory that `shop` exported; what only the seller may see is left out."""
    listing = Listing(
        id=ListingId(cells.identifier(row, "listing_id")),
        release_id=ReleaseId(cells.identifier(row, "release_id")),
        seller=shop.seller,
        price=_price(row, shop.currency),
        as_of=as_of,
        origin=Origin.FILE,
        media=cells.media(row, "media_condition"),
        sleeve=cells.sleeve(row, "sleeve_condition"),
        comments=cells.words(row, "comments"),
        ships_from=shop.ships_from,
        allow_offers=_yes_no(row, "accept_offer"),
        posted=cells.moment(row, "listed"),
        quantity=cells.whole_number(row, "quantity", low=1, high=_MOST_COPIES) or 1,
        grams=_weight(row),
        format=cells.words(row, "format"),
        artist=cells.words(row, "artist"),
        title=cells.words(row, "title"),
        label=cells.words(row, "label"),
        catno=cells.words(row, "catno"),
        status=row.cell("status") or FOR_SALE,
    )
    return listing, Seller(shop.seller, ships_from=shop.ships_from)


def _exact_price(row: CsvRow, currency: Currency) -> Money:
    try:
        return not_absurd(Money.parse(row.cell("price"), currency))
    except BadInputError as error:
        raise BadInputError(error.sentence, error.next_step, field="price") from None


def _price(row: CsvRow, currency: Currency) -> Money:
    """Discogs exports "20.00" in yen too, so zeros beyond the currency's decimals are fine."""
    try:
        return checked_price(parse_decimal(row.cell("price"), what="The price"), currency)
    except BadInputError as error:
        raise BadInputError(error.sentence, error.next_step, field="price") from None


def _weight(row: CsvRow) -> int | None:
    """Grams; Discogs writes "Auto" or 0 where the seller did not weigh it."""
    if row.cell("weight").casefold() in {"auto", "0"}:
        return None
    return cells.whole_number(row, "weight", low=1, high=_MOST_GRAMS)


def _yes_no(row: CsvRow, column: str) -> bool | None:
    text = row.cell(column).casefold()
    if text not in _YES_NO:
        raise BadInputError(f"“{printable(text, 20)}” is neither Y nor N.", field=column)
    return _YES_NO[text]
