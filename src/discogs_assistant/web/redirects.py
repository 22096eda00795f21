"""Where a form leads when it is done: another page, read anew."""

from __future__ import annotations

from starlette.responses import RedirectResponse

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
