"""Redirects after a form, and the sentences shown after them."""

from __future__ import annotations

from starlette.responses import RedirectResponse

_SENTENCES = {
    "saved": "Saved.",
    "token": "The token is stored, encrypted.",
    "forgotten": "The token is removed.",
    "signed-out": "You are signed out.",
    "everywhere": "You are signed out in all browsers. Tokens for programs stay until you withdraw them.",
    "denied": "You said no at Discogs, so nothing was read and nothing is stored.",
    "withdrawn": "That token no longer works.",
    "deleted": "Everything about you was deleted.",
    "records": "Those records are removed, with everything made from them.",
    "favourite": "Added to your favourite sellers.",
    "unfavourite": "Removed from your favourite sellers.",
    "order": "Saved. Parcels of as many records from this seller now count as costing the same. Records of "
    "the order that Discogs named count as bought, which you can undo on your profile.",
    "shipping": "Saved. It counts in every search from now on, and in a finished one once you change it.",
    "files": "The files were read.",
    "same": "You asked for the same a short while ago, so this is that result. Run it again for a new one.",
}

SIGN_IN = "/sign-in"
"""Where people sign in, in hosted mode."""


def see_other(address: str) -> RedirectResponse:
    """The page at `address`, whatever the method of the request was."""
    return RedirectResponse(address, 303)


def saying(address: str, code: str) -> str:
    """The page at `address`, which says the sentence of `code` once."""
    page, _, place = address.partition("#")
    return f"{page}{'&' if '?' in page else '?'}said={code}" + (f"#{place}" if place else "")


def own_page(address: str, otherwise: str) -> str:
    """`address` where it is a page of ours, else `otherwise`: no form leads to a foreign site."""
    # Browsers read a backslash as a slash, and leave out tabs and line ends.
    fine = address.startswith("/") and not address.startswith("//") and address.isprintable()
    fine = fine and "\\" not in address
    return address if fine else otherwise


def sentence_for(code: str) -> str:
    """The sentence of a code; nothing for an unknown one."""
    return _SENTENCES.get(code, "")
