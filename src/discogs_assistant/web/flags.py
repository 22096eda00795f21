# ruff: noqa: E501 - drawings are long lines
"""Flags of countries, drawn from a few shapes: not every system has pictures for flags."""

from __future__ import annotations

from markupsafe import Markup

_COLOURS = {
    "k": "#1d1d1b", "w": "#ffffff", "r": "#c8242f", "g": "#1d8a4e", "b": "#1f4fa3", "y": "#f7c71e",
    "o": "#ef7d22", "n": "#122a5c", "s": "#66a8dd", "m": "#8d1b3d", "d": "#006233",
}  # fmt: skip
_LEVEL = {
    "AT": "rwr", "AM": "rbo", "BG": "wgr", "BO": "ryg", "CO": "yybr", "DE": "kry", "EE": "skw", "ES": "ryyr",
    "GA": "gys", "HU": "rwg", "ID": "rw", "LT": "ygr", "LU": "rws", "LV": "mmwmm", "MC": "rw", "NL": "rwb",
    "PL": "wr", "RU": "wbr", "SL": "gws", "TH": "rwnnwr", "UA": "by", "YE": "rwk", "AR": "sws", "RS": "rbw",
    "SI": "wbr", "SK": "wbr", "HR": "rwb", "IN": "owg", "IR": "gwr",
}  # fmt: skip
_UPRIGHT = {
    "BE": "kyr", "CI": "owg", "FR": "bwr", "IE": "gwo", "IT": "gwr", "MT": "wr", "NG": "gwg", "PE": "rwr",
    "PT": "ggrrr", "RO": "byr", "TD": "byr", "MX": "gwr", "MD": "byr", "GT": "sws",
}  # fmt: skip
_NORDIC = {"DK": "rww", "FI": "wbb", "IS": "bwr", "NO": "rwb", "SE": "byy"}
_SPECIAL = {
    "JP": '<path fill="#fff" d="M0 0h24v16H0z"/><circle cx="12" cy="8" r="4.8" fill="#c8242f"/>',
    "CH": '<path fill="#c8242f" d="M0 0h24v16H0z"/><path fill="#fff" d="M10.4 3h3.2v3.4H17v3.2h-3.4V13h-3.2V9.6H7V6.4h3.4z"/>',
    "GR": '<path fill="#1f4fa3" d="M0 0h24v16H0z"/><path stroke="#fff" stroke-width="1.78" d="M0 2.7h24M0 6.2h24M0 9.8h24M0 13.3h24"/>'
    '<path fill="#1f4fa3" d="M0 0h9v9H0z"/><path stroke="#fff" stroke-width="1.78" d="M4.5 0v9M0 4.5h9"/>',
    "CZ": '<path fill="#fff" d="M0 0h24v8H0z"/><path fill="#c8242f" d="M0 8h24v8H0z"/><path fill="#1f4fa3" d="M0 0l12 8-12 8z"/>',
    "GB": '<path fill="#122a5c" d="M0 0h24v16H0z"/><path stroke="#fff" stroke-width="3.2" d="M0 0l24 16M24 0L0 16"/>'
    '<path stroke="#c8242f" stroke-width="1.4" d="M0 0l24 16M24 0L0 16"/><path stroke="#fff" stroke-width="5.2" d="M12 0v16M0 8h24"/>'
    '<path stroke="#c8242f" stroke-width="3" d="M12 0v16M0 8h24"/>',
    "US": '<path fill="#fff" d="M0 0h24v16H0z"/><path stroke="#c8242f" stroke-width="1.23" d="M0 .6h24M0 3.1h24M0 5.5h24M0 8h24M0 10.5h24M0 12.9h24M0 15.4h24"/>'
    '<path fill="#122a5c" d="M0 0h10.5v8.6H0z"/><path stroke="#fff" stroke-width=".9" stroke-dasharray=".9 1.2" d="M1.2 1.7h8.4M1.2 4.3h8.4M1.2 6.9h8.4"/>',
    "BR": '<path fill="#1d8a4e" d="M0 0h24v16H0z"/><path fill="#f7c71e" d="M12 1.6L22 8l-10 6.4L2 8z"/><circle cx="12" cy="8" r="3.6" fill="#122a5c"/>',
    "CA": '<path fill="#fff" d="M0 0h24v16H0z"/><path fill="#c8242f" d="M0 0h6v16H0zM18 0h6v16h-6zM12 2.6l1.2 2.2 1.4-.6-.4 2.6 1.9-1.2.5 1.2 1.6.2-.9 1.8.7.6-3.2 2.4.2 1.4-2.6-.4v2h-.8v-2l-2.6.4.2-1.4-3.2-2.4.7-.6-.9-1.8 1.6-.2.5-1.2 1.9 1.2-.4-2.6 1.4.6z"/>',
    "AU": '<path fill="#122a5c" d="M0 0h24v16H0z"/><path stroke="#fff" stroke-width="2" d="M0 0l12 8M12 0L0 8"/><path stroke="#fff" stroke-width="2.8" d="M6 0v8M0 4h12"/>'
    '<path stroke="#c8242f" stroke-width="1.5" d="M6 0v8M0 4h12"/><g fill="#fff"><circle cx="6" cy="12" r="1.4"/><circle cx="18" cy="3" r=".9"/><circle cx="18" cy="13" r=".9"/><circle cx="15.4" cy="7" r=".9"/><circle cx="20.6" cy="6.4" r=".9"/></g>',
    "NZ": '<path fill="#122a5c" d="M0 0h24v16H0z"/><path stroke="#fff" stroke-width="2" d="M0 0l12 8M12 0L0 8"/><path stroke="#fff" stroke-width="2.8" d="M6 0v8M0 4h12"/>'
    '<path stroke="#c8242f" stroke-width="1.5" d="M6 0v8M0 4h12"/><g fill="#c8242f" stroke="#fff" stroke-width=".4"><circle cx="18" cy="3" r="1"/><circle cx="18" cy="13" r="1"/><circle cx="15.2" cy="7.4" r="1"/><circle cx="20.8" cy="6.8" r="1"/></g>',
}  # fmt: skip


def flag(code: str | None) -> Markup:
    """The flag as a small picture; the code where it is not drawn, nothing for an unknown country."""
    if not code:
        return Markup()
    drawing = _drawing(code)
    if drawing is None:
        return Markup('<span class="flag">{}</span>').format(code)
    # The drawings are constants of this module.
    return Markup(f'<svg class="flag" viewBox="0 0 24 16" aria-hidden="true">{drawing}</svg>')  # noqa: S704


def _drawing(code: str) -> str | None:
    if code in _LEVEL:
        return _stripes(_LEVEL[code], upright=False)
    if code in _UPRIGHT:
        return _stripes(_UPRIGHT[code], upright=True)
    return _cross(_NORDIC[code]) if code in _NORDIC else _SPECIAL.get(code)


def _stripes(colours: str, *, upright: bool) -> str:
    extent = (24 if upright else 16) / len(colours)
    return "".join(
        f'<path fill="{_COLOURS[colour]}" d="M{place * extent:g} 0h{extent:g}v16h-{extent:g}z"/>'
        if upright
        else f'<path fill="{_COLOURS[colour]}" d="M0 {place * extent:g}h24v{extent:g}H0z"/>'
        for place, colour in enumerate(colours)
    )


def _cross(colours: str) -> str:
    field, outer, inner = (_COLOURS[colour] for colour in colours)
    return (
        f'<path fill="{field}" d="M0 0h24v16H0z"/>'
        f'<path stroke="{outer}" stroke-width="4" d="M8.5 0v16M0 8h24"/>'
        f'<path stroke="{inner}" stroke-width="2" d="M8.5 0v16M0 8h24"/>'
    )
