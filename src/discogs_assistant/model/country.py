"""Countries by ISO 3166 code, and the customs areas that decide whether a parcel meets VAT and duty."""

from __future__ import annotations

import unicodedata
from functools import cache

from discogs_assistant.errors import BadInputError

# Member states of the European Union's customs union (europa.eu, 2026), Monaco within it.
EU = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE MC".split()  # noqa: SIM905
)
UK = frozenset({"GB", "IM", "JE", "GG"})
PRESETS: dict[str, frozenset[str]] = {"EU": EU, "UK": frozenset({"GB"})}

# Discogs' English names that differ from ISO's.
_ALIASES = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "usa": "US",
    "us": "US",
    "u.s.a.": "US",
    "us virgin islands": "VI",
    "virgin islands (u.s.)": "VI",
    "uae": "AE",
    "eire": "IE",
    "republic of ireland": "IE",
    "republic of korea": "KR",
    "bosnia": "BA",
    "bonaire": "BQ",
    "sint maarten": "SX",
    "saint martin": "MF",
    "holy see": "VA",
    "russia": "RU",
    "south korea": "KR",
    "taiwan": "TW",
    "vietnam": "VN",
    "venezuela": "VE",
    "bolivia": "BO",
    "iran": "IR",
    "czech republic": "CZ",
    "turkey": "TR",
    "macedonia": "MK",
    "moldova": "MD",
    "tanzania": "TZ",
    "holland": "NL",
    "hong kong": "HK",
    "ivory coast": "CI",
    "wales": "GB",
    "northern ireland": "GB",
    "macau": "MO",
    "kosovo": "XK",
    "xk": "XK",
    "palestine": "PS",
    "palestinian territory": "PS",
    "brunei": "BN",
    "cape verde": "CV",
    "swaziland": "SZ",
    "vatican city": "VA",
    "micronesia": "FM",
    "burma": "MM",
    "east timor": "TL",
    "falkland islands": "FK",
    "democratic republic of congo": "CD",
    "u.s. virgin islands": "VI",
}


def country_code(text: str, *, field: str | None = None) -> str:
    """The ISO code of a code or of an English country name; `BadInputError` for an unknown one."""
    code = find_country(text)
    if code is None:
        raise BadInputError(
            f"“{text.strip()[:40]}” is not a country.",
            "Use an ISO code such as US, or its English name.",
            field=field,
        )
    return code


def find_country(text: str) -> str | None:
    """As `country_code`, but None for an unknown name."""
    plain = _plain(text)
    if plain in _ALIASES:
        return _ALIASES[plain]
    return _codes().get(plain)


def country_name(code: str) -> str:
    """The English name of an ISO code, or the code itself where it is unknown."""
    return _names().get(code, code)


def all_countries() -> list[tuple[str, str]]:
    """Pairs of code and English name, by name."""
    return sorted(_names().items(), key=lambda pair: pair[1])


def customs_area(code: str) -> str:
    """A name for the area within which parcels cross no customs border: "EU", "UK", or the country itself."""
    if code in EU:
        return "EU"
    return "UK" if code in UK else code


@cache
def _names() -> dict[str, str]:
    import pycountry

    return {c.alpha_2: getattr(c, "common_name", c.name) for c in pycountry.countries}


@cache
def _codes() -> dict[str, str]:
    import pycountry

    codes: dict[str, str] = {}
    for c in pycountry.countries:
        for name in (c.alpha_2, c.name, getattr(c, "common_name", None), getattr(c, "official_name", None)):
            if name:
                codes[_plain(name)] = c.alpha_2
    return codes


def _plain(text: str) -> str:
    """Without case, accents, "the", "&" and "St.": Discogs writes Reunion, ISO Réunion."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    words = bare.casefold().replace("&", " and ").replace("’", "'").split()
    return " ".join("saint" if word == "st." else word for word in words if word != "the")
