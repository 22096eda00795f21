"""What the cells of a sell page's row say, found by classes and addresses and never by words.

Discogs translates the words and keeps classes, addresses, grades and country names, so that one reading
serves the pages of 2020 and 2026 in all languages.
"""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import find_country
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import printable
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.sources.market.page_prices import price_in_text, price_of_attributes, shipping_in_text

# A real row has up to 8,000 characters, 200 tags and 60 words in a tag. The parser's time grows with the
# square of unclosed tags and of a tag's attributes (20,000 attributes: 0.8 s; 20,000 <font><p>: minutes).
_LONGEST_ROW = 50_000
_MOST_TAGS = 600
_MOST_WORDS = 400

# How the site's languages say that shipping is included; other texts without an amount mean "ask".
_FREE = re.compile(
    r"\bno extra\b|\bfree\b|gratui|gr[aá]tis|(sans|pas de) (frais|supplément)|kosten(los|frei)"
    r"|\bkeine\b|\bsin (coste|gastos)|\bnessun|\bsem custo|無料",
    re.IGNORECASE,
)
# The site shows a copy below /sell/ and, since April 2026, below /shop/ as well.
_LISTING = re.compile(r"/(?:sell|shop)/item/([0-9]{1,15})(?![0-9])")
_IN_CART = re.compile(r"[?&]add=(\d{1,15})(?!\d)")
_RELEASE = re.compile(r"/release/(\d{1,12})(?!\d)")
_SELLER = re.compile(r"/seller/([^/?#]+)/profile")


def parsed_row(markup: str) -> LexborNode:
    """The row as a tree; `BadInputError` for one so large or so deep that no browser made it."""
    if len(markup) > _LONGEST_ROW or markup.count("<") > _MOST_TAGS or _widest_tag(markup) > _MOST_WORDS:
        raise BadInputError("its part of the page is far too large.")
    row = LexborHTMLParser(f"<table><tbody>{markup}").css_first("tr")
    if row is None:
        raise BadInputError("its part of the page cannot be read.")
    return row


def listing_number(markup: str) -> str | None:
    """The number of the first listing that a row of a page links to, however broken the rest of it is."""
    found = _LISTING.search(markup)
    return found[1] if found else None


def listing_id(row: LexborNode) -> int | None:
    """The listing's id from its title's address, its cart button or the button's address."""
    for link in row.css("a[href]"):
        found = _LISTING.search(address(link)) or _IN_CART.search(address(link))
        if found:
            return int(found[1])
    stated = attribute(row.css_first("[data-item-id]"), "data-item-id")
    return int(stated) if re.fullmatch(r"[0-9]{1,15}", stated) else None


def release_id(row: LexborNode) -> int | None:
    """The release's id from the row's own attribute or the link to its page."""
    stated = attribute(row, "data-release-id")
    if re.fullmatch(r"[0-9]{1,12}", stated):
        return int(stated)
    found = (_RELEASE.search(address(link)) for link in row.css("a[href]"))
    return next((int(match[1]) for match in found if match), None)


def seller_name(row: LexborNode) -> str | None:
    """The seller's name as written in the link to the seller's page."""
    for link in row.css(".seller_info a[href]"):
        found = _SELLER.search(address(link))
        if found:
            return text_of(link) or unquote(found[1])
    return None


def seller_rating(row: LexborNode) -> tuple[Decimal | None, int | None]:
    """The percentage and the number of ratings; a new seller has neither."""
    shares = (
        re.fullmatch(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*%", text_of(node), re.ASCII)
        for node in row.css(".seller_info strong")
    )
    share = next((Decimal(found[1].replace(",", ".")) for found in shares if found), None)
    link = row.css_first('.seller_info a[href*="/sell/seller_feedback/"]')
    return (share if share is not None and share <= 100 else None), number_in(text_of(link))


def seller_id(row: LexborNode) -> int | None:
    """The seller's number, as the cart button states it."""
    return number_in(attribute(row.css_first("[data-seller-id]"), "data-seller-id"))


def ships_from(row: LexborNode) -> tuple[str | None, str | None]:
    """The country's code, and text in its place that is not a known country."""
    unknown = None
    for line in row.css(".seller_info li"):
        words = own_text(line)
        code = find_country(words) if words else None
        if code:
            return code, None
        label = line.css_first(".mplabel")
        if words and label is not None and "seller_label" not in attribute(label, "class"):
            unknown = unknown or words
    return None, unknown


def price(row: LexborNode) -> Money:
    """The price that the seller asks; never the total in the visitor's currency beside it."""
    node = row.css_first(".item_price .price") or row.css_first(".price")
    if node is None:
        raise BadInputError("it has no price.")
    value, currency = attribute(node, "data-pricevalue"), attribute(node, "data-currency")
    if value and currency:
        return price_of_attributes(value, currency)
    return price_in_text(text_of(node))


def shipping_text(row: LexborNode) -> str | None:
    """The words beside the price, such as "no extra shipping" or "€14.00 shipping"."""
    node = row.css_first(".item_price .item_shipping") or row.css_first(".item_shipping")
    words = " ".join(node.text(separator=" ").split()) if node is not None else ""
    return words.removeprefix("+").strip() or None


def shipping(words: str | None, currency: Currency) -> Money | None:
    """The amount that a shipping text names; 0 of `currency` where it is included, None where unsaid."""
    if words is None:
        return None
    named = shipping_in_text(words)
    if named is None and not re.search(r"\d", words) and _FREE.search(words):
        return Money(0, currency)
    return named


def media(row: LexborNode) -> tuple[Grade | None, str | None]:
    """The record's grade, and the words in its place that are no grade."""
    unknown = None
    for node in row.css(".item_condition [data-condition], .item_condition > span"):
        if re.search(r"mplabel|item_sleeve_condition", attribute(node, "class")):
            continue
        words = attribute(node, "data-condition") or own_text(node)
        grade = _grade(words)
        if grade is not None:
            return grade, None
        unknown = unknown or words or None
    return None, unknown


def sleeve(row: LexborNode) -> tuple[SleeveGrade | None, str | None]:
    """The sleeve's grade, and text in its place that is not a grade; both None without a sleeve."""
    node = row.css_first(".item_sleeve_condition")
    words = own_text(node) if node is not None else ""
    try:
        return (SleeveGrade.parse(words) if words else None), None
    except BadInputError:
        grade = _grade(words)
        return (SleeveGrade(grade.value), None) if grade is not None else (None, words)


def comments(row: LexborNode) -> str | None:
    """The seller's remarks in full, also the part that a page of 2020 hides behind a button."""
    for node in row.css(".item_description > p"):
        if not re.search(r"label_and_cat|item_condition", attribute(node, "class")):
            words = text_of(node)
            if words:
                return words
    return None


def label(row: LexborNode) -> str | None:
    """The labels' names, each once."""
    names = [text_of(link) for link in row.css('.label_and_cat a[href*="/label/"]')]
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def allows_offers(row: LexborNode) -> bool | None:
    """Where offers are allowed the details' link reads "Make Offer / Details", slashed in any language."""
    for link in row.css(".item_add_to_cart a[href]"):
        if _LISTING.search(address(link)):
            return bool(re.search(r"[/／]", text_of(link)))
    return None


def count(row: LexborNode, kind: str) -> int | None:
    """How many collectors have or want the release; `kind` is "have" or "want"."""
    return number_in(text_of(row.css_first(f".{kind}_indicator .community_number")))


def number_in(words: str) -> int | None:
    """The whole number in a text such as "19,311 notes"."""
    digits = "".join(char for char in words if char.isascii() and char.isdigit())
    return int(digits) if 0 < len(digits) <= 12 else None


def text_of(node: LexborNode | None) -> str:
    """All text within, its blanks single; empty where there is no node."""
    return " ".join(node.text().split()) if node is not None else ""


def own_text(node: LexborNode) -> str:
    """The text directly within, without inner nodes such as tooltips."""
    return " ".join(node.text(deep=False).split())


def attribute(node: LexborNode | None, name: str) -> str:
    """An attribute's value without blanks around it; empty where there is none."""
    return ((node.attributes.get(name) if node is not None else None) or "").strip()


def address(link: LexborNode) -> str:
    """Where a link leads."""
    return attribute(link, "href")


def shown(words: str) -> str:
    """Words of the page, fit for a sentence."""
    return printable(words, 40)


def _widest_tag(markup: str) -> int:
    return max((len(tag.split()) for tag in re.findall(r"<[^<>]*", markup)), default=0)


def _grade(words: str) -> Grade | None:
    """A grade in Discogs' words, or by the short form in brackets where the words are translated."""
    short = re.search(r"\((NM or M-|NM|M-|M|VG\+|VG|G\+|G|F|P)\)", words)
    for form in (words, short[1] if short else ""):
        try:
            return Grade.parse(form)
        except BadInputError:
            continue
    return None
