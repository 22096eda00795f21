"""Results as CSV files that a spreadsheet opens without running anything in them."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from discogs_assistant.model.links import Links
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.recommendation import Recommendation, RecommendationResult
from discogs_assistant.pipelines.carts.plans_result import PlansResult, PurchasePlan
from discogs_assistant.pipelines.carts.result import Cart, CartLine, SearchResult
from discogs_assistant.pipelines.runtime.results.releases import release_json

_RUNS = frozenset("=+-@\N{MINUS SIGN}")
"""What a formula begins with; LibreOffice reads the minus sign, too."""
_SEPARATORS = frozenset(",;|\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
"""Where programs may begin another cell: by language, on import, when pasted, or at the end of a line."""
_UNSEEN = frozenset('"\u115f\u1160\u2800\u3164\uffa0')
"""What is passed over before a formula beside control characters, blanks and marks: quotes and fillers."""
_RECOMMENDATION_COLUMNS = (
    *("rank", "release_id", "artists", "title", "year", "country", "labels", "catno", "formats", "genres"),
    *("styles", "score", "new_artist", "new_label", "wanted", "reasons", "link"),
)
_CART_COLUMNS = (
    *("cart", "seller", "ships_from", "listing_id", "release_id", "artists", "title", "labels", "catno"),
    *("media", "sleeve", "price", "currency", "price_in_budget_currency", "budget_currency"),
    *("ratio_to_lowest", "origin", "reason", "comments", "link"),
)

_PLAN_COLUMNS = (
    "parcel",
    *_CART_COLUMNS[1:4],
    "quantity",
    *_CART_COLUMNS[4:],
    "parcel_shipping",
    "parcel_total",
)


def recommendations_csv(result: RecommendationResult, links: Links) -> str:
    """One row a recommendation, with header."""
    return _csv(
        _RECOMMENDATION_COLUMNS,
        (_recommendation_row(recommendation, links) for recommendation in result.recommendations),
    )


def carts_csv(result: SearchResult, links: Links) -> str:
    """One row a listing of a cart, with header; carts of unknown shipping come last, and say so."""
    named: list[tuple[object, Cart]] = [(cart.rank, cart) for cart in result.carts]
    named += [(f"shipping unknown {cart.rank}", cart) for cart in result.unknown_shipping.carts]
    rows = (
        {"cart": name, **_copy_row(result, cart.seller, line, links)}
        for name, cart in named
        for line in cart.lines
    )
    return _csv(_CART_COLUMNS, rows)


def plan_csv(plans: PlansResult | None, plan: PurchasePlan | None, links: Links) -> str:
    """One row a copy of a plan's parcels, with header."""
    if plans is None or plan is None:
        return _csv(_PLAN_COLUMNS, ())
    return _csv(
        _PLAN_COLUMNS,
        (
            {
                **_copy_row(plans, order.seller, line, links),
                "parcel": place,
                "quantity": quantity,
                "parcel_shipping": _amount(order.shipping.minor, plan.currency),
                "parcel_total": _amount(order.total_minor, plan.currency),
            }
            for place, order in enumerate(plan.orders, 1)
            for line, quantity in plans.copies(order)
        ),
    )


def neutral(value: object) -> str:
    """A cell's text, with an apostrophe before what a spreadsheet could take for a formula.

    That is a formula behind whatever a program trims, in any form that normalises to one (NFKC), at the
    beginning or behind a separator at which the cell may be cut. Numbers stay as they are.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    if _RUNS.isdisjoint(unicodedata.normalize("NFKC", text)) and _RUNS.isdisjoint(text):
        return text
    return "".join(f"'{part}" if _may_run(part) else part for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    """The text cut behind each separator, which stays at its part's end."""
    start = 0
    for end, character in enumerate(text, 1):
        if not _SEPARATORS.isdisjoint(_plain(character)):
            yield text[start:end]
            start = end
    yield text[start:]


def _may_run(part: str) -> bool:
    """Whether the first character that a program would keep begins a formula."""
    kept = (plain for character in part for plain in _plain(character) if not _is_unseen(plain))
    return next(kept, "") in _RUNS


def _is_unseen(character: str) -> bool:
    return character in _UNSEEN or unicodedata.category(character)[0] in "CZM"


def _plain(character: str) -> str:
    return character if character.isascii() else unicodedata.normalize("NFKC", character)


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([neutral(row[column]) for column in columns] for row in rows)
    return text.getvalue()


def _recommendation_row(recommendation: Recommendation, links: Links) -> dict[str, object]:
    return {
        **release_json(recommendation.release),
        "rank": recommendation.rank,
        "score": round(recommendation.score, 6),
        "new_artist": recommendation.new_artist,
        "new_label": recommendation.new_label,
        "wanted": recommendation.wanted,
        "reasons": [reason.text for reason in recommendation.reasons],
        "link": links.release(recommendation.release.id),
    }


def _copy_row(
    result: SearchResult | PlansResult, seller: str, line: CartLine, links: Links
) -> dict[str, object]:
    price = line.price
    return {
        **release_json(result.releases[line.release_id]),
        "listing_id": line.listing_id,
        "seller": seller,
        "ships_from": result.sellers[seller].ships_from,
        "media": line.media,
        "sleeve": line.sleeve,
        "price": price and price.decimal,
        "currency": price and price.currency,
        "price_in_budget_currency": _amount(line.price_minor, result.currency),
        "budget_currency": result.currency,
        "ratio_to_lowest": line.ratio_to_lowest,
        "origin": line.origin,
        "reason": line.reason,
        "comments": line.comments,
        "link": links.to_cart(line.listing_id),
    }


def _amount(minor: int | None, currency: Currency) -> Decimal | None:
    return None if minor is None else Money(minor, currency).decimal
