"""What the codes of failed runs mean, for those who may not read what a run was asked for."""

from __future__ import annotations

_MEANINGS = {
    "error": "The run failed.",
    "bad-input": "What was asked for, or what was uploaded, cannot be used.",
    "sum-too-large": "Prices, scores or the budget are too large to be added up exactly.",
    "invalid-fields": "What was asked for cannot be used.",
    "not-found": "What was asked for does not exist, here or at Discogs.",
    "private": "The lists or the inventory are private at Discogs.",
    "sign-in-needed": "Discogs shows this only to those who signed in.",
    "token-refused": "Discogs does not accept the token of this account.",
    "conflict": "The current state does not allow the request.",
    "not-learned": "This account has no model yet.",
    "market-moved": "The market changed too often while the carts were searched.",
    "not-signed-in": "The account is not signed in.",
    "not-operator": "The account is not an operator's.",
    "refused": "The request came from an address that is not ours.",
    "too-large": "What was uploaded is larger than the limit.",
    "too-often": "The account asked too often.",
    "too-slow": "What was sent did not arrive in time.",
    "unsupported-body": "The request held something that its address does not take.",
    "busy": "Too much was under way at once.",
    "other-version": "Another version of the product made the result that was needed.",
    "upstream": "Discogs refused the request.",
    "rate-limited": "Discogs asked us to wait, again and again.",
    "blocked": "Discogs answered with a bot check, or refuses the program.",
    "unreachable": "Discogs gave no usable answer.",
    "no-connection": "There is no connection to Discogs.",
    "unexpected-answer": "Discogs answered in an unknown form.",
    "storage": "The database or the data folder cannot be used. The log says more.",
    "database-away": "The database did not answer.",
    "cancelled": "The run was cancelled.",
    "cut-off": "The run was cut off and cannot go on.",
    "unexpected": "An unexpected error. The log has the trace.",
}
_ANOTHER = "The run failed for another reason. The log says more."


def meaning_of(code: str) -> str:
    """A sentence of a fixed list, without anything that a person typed."""
    return _MEANINGS.get(code, _ANOTHER)
