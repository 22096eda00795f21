"""What a page says once, after a form was done; the address carries a code, never the sentence."""

from __future__ import annotations

_SENTENCES = {
    "saved": "Saved.",
    "token": "The token is kept, sealed.",
    "forgotten": "The token is removed.",
    "signed-out": "You are signed out.",
    "everywhere": "You are signed out in all browsers. Tokens for programs stay until you withdraw them.",
    "denied": "You said no at Discogs, so nothing was read and nothing is kept.",
    "withdrawn": "That token opens nothing any more.",
    "deleted": "Everything about you was deleted.",
    "records": "Those records are forgotten, with all that was made from them.",
    "favourite": "Added to your favourite sellers.",
    "unfavourite": "Removed from your favourite sellers.",
    "postage": "Kept. It counts in each search from now on, and in a finished one once you change it.",
    "files": "The files were read.",
    "same": "The same was asked a short while ago: this is its result. Run it anew to ask again.",
}


def sentence_for(code: str) -> str:
    """The sentence of a code; nothing for an unknown one."""
    return _SENTENCES.get(code, "")
