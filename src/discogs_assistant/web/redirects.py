"""Where a form leads when it is done: another page, read anew."""

from __future__ import annotations

from starlette.responses import RedirectResponse


def see_other(address: str) -> RedirectResponse:
    """The page at `address`, whatever the method of the request was."""
    return RedirectResponse(address, 303)


def own_page(address: str, otherwise: str) -> str:
    """`address` where it is a page of ours, else `otherwise`: no form leads to a foreign site."""
    fine = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if fine else otherwise
