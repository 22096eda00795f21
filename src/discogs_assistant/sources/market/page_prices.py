"""Prices as Discogs' pages write them, in each of its languages."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.sources.market.listing_price import checked_amount, checked_price

# How the site's languages write the twelve currencies (CLDR's symbols). A bare "$" is the US dollar's in
# all of them, the others are always marked; "¥" is the yen, since the yuan is not among the twelve.
_SYMBOLS: dict[str, Currency] = {
    **{code: Currency(code) for code in Currency},
    **dict.fromkeys(("$", "US$", "$US", "USD$", "$USD"), Currency.USD),
    **dict.fromkeys(("£", "£GB", "GB£", "£UK", "UK£"), Currency.GBP),
    **dict.fromkeys(("€", "€EU"), Currency.EUR),
    **dict.fromkeys(("CA$", "$CA", "C$", "$C", "CAD$", "$CAD", "CAN$", "$CAN"), Currency.CAD),
    **dict.fromkeys(("A$", "$A", "AU$", "$AU", "AUD$", "$AUD"), Currency.AUD),
    **dict.fromkeys(("¥", "JP¥", "¥JP", "円", "YEN", "¥EN"), Currency.JPY),
    **dict.fromkeys(("FR", "FR.", "SFR", "SFR.", "CHF."), Currency.CHF),
    **dict.fromkeys(("MX$", "$MX", "MEX$", "$MEX", "MXN$", "$MXN"), Currency.MXN),
    **dict.fromkeys(("R$", "BR$", "$BR"), Currency.BRL),
    **dict.fromkeys(("NZ$", "$NZ", "NZD$", "$NZD"), Currency.NZD),
    **dict.fromkeys(("KR", "KR.", "SKR", "SEKR"), Currency.SEK),
    **dict.fromkeys(("R", "ZAR."), Currency.ZAR),
}
_PRICE = re.compile(r"(?P<sign>[-−]?)(?P<before>[^\d,'-]*)(?P<number>\d(?:[\d.,' ]*\d)?)(?P<after>[^\d,'-]*)")
_GROUPED = re.compile(r"\d{1,3}(?P<mark>[.,' ])\d{3}(?:(?P=mark)\d{3})*")
_WITH_CENTS = re.compile(r"(?P<whole>.*?)(?P<mark>[.,])(?P<cents>\d{2})")
_STATED = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)
_LONGEST = 40


def price_in_text(text: str) -> Money:
    """The price of a text such as "$9,000.00", "10,99 $US" or "JPY100"; `BadInputError` for anything else."""
    amount, currency = _read(text)
    return checked_price(amount, currency)


def price_of_attributes(value: str, currency: str) -> Money:
    """The price that a page of 2026 states for programs: `data-pricevalue` and `data-currency`."""
    if not _STATED.fullmatch(value.strip()):
        raise _not_a_price(value)
    return checked_price(Decimal(value.strip()), Currency.parse(currency))


def shipping_in_text(text: str) -> Money | None:
    """The amount that a text such as "+10,00 $US expédition" starts with; None where it names none."""
    # No amount is longer; trying the beginnings of a long text took time that grew with its square.
    words = text[: 4 * _LONGEST].replace("+", " ", 1).split()
    for end in range(len(words), 0, -1):
        try:
            amount, currency = _read(" ".join(words[:end]))
        except BadInputError:
            continue
        return checked_amount(amount, currency, what="The shipping cost")
    return None


def _read(text: str) -> tuple[Decimal, Currency]:
    plain = " ".join(unicodedata.normalize("NFKC", text[: 4 * _LONGEST]).replace("’", "'").split())
    found = _PRICE.fullmatch(plain) if len(plain) <= _LONGEST else None
    if found is None or not found["number"].isascii():
        raise _not_a_price(text)
    currency = _SYMBOLS.get((found["before"] + found["after"]).replace(" ", "").upper())
    if currency is None:
        raise BadInputError(f"The price “{printable(plain, 30)}” is not in a currency that Discogs uses.")
    amount = _amount(found["number"], text)
    return (-amount if found["sign"] else amount), currency


def _amount(number: str, text: str) -> Decimal:
    """Two digits after the last mark are cents, three are thousands: no currency has another custom."""
    whole, cents = number, "00"
    ending = _WITH_CENTS.fullmatch(number)
    if ending is not None:
        whole, cents = ending["whole"], ending["cents"]
    grouped = _GROUPED.fullmatch(whole)
    if not whole.isdecimal() and (grouped is None or (ending and grouped["mark"] == ending["mark"])):
        raise _not_a_price(text)
    return Decimal("".join(char for char in whole if char.isdecimal()) + "." + cents)


def _not_a_price(text: str) -> BadInputError:
    return BadInputError(f"“{printable(' '.join(text.split()), 30)}” is not a price.")
