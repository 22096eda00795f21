"""Asking Discogs for sellers' shipping policies, once a person agreed to it; refusals are remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from discogs_assistant.config import PolicyReading
from discogs_assistant.errors import (
    NoConnectionError,
    RateLimitedError,
    SignInNeededError,
    TokenRefusedError,
    UpstreamError,
)
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.shipping import ShippingProblem
from discogs_assistant.pipelines.runtime.circuit_breaker import asked_once
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.market import seller_shipping, sellers

CONSENT = "Discogs does not document this address; it is asked with your token."
"""What a person agrees to."""
UNKNOWN_FOR = timedelta(days=1)
"""How long an answer without policies is remembered, before it is asked for again."""
_PATIENCE = 5
"""Refusals in a row after which the address is taken to be closed."""


@dataclass(frozen=True, slots=True)
class PoliciesRead:
    """How many sellers were asked; of `unanswered` of them Discogs said nothing.

    `unasked` were left for lack of requests, or since Discogs did not answer; `stopped` is a sentence that
    says why, empty where nothing is to be said.
    """

    asked: int = 0
    unasked: int = 0
    unanswered: int = 0
    stopped: str = ""


def may_ask(ctx: Context, owner: OwnerId) -> bool:
    """Whether policies are read for this person: by the setting, or because they agreed."""
    reading = ctx.settings.shipping_policies
    agreed = reading is PolicyReading.ASK and accounts.shipping_consent(ctx.db, owner)
    return reading is PolicyReading.ON or bool(agreed)


def is_to_be_asked(ctx: Context, owner: OwnerId) -> bool:
    """Whether the person has not said yes or no so far, and it is theirs to say."""
    if ctx.settings.shipping_policies is not PolicyReading.ASK:
        return False
    return accounts.shipping_consent(ctx.db, owner) is None


def set_consent(ctx: Context, owner: OwnerId, consent: bool) -> None:
    """Say yes or no to reading sellers' shipping policies with this account's token."""
    accounts.set_shipping_consent(ctx.db, owner, consent)


def ask_policies(
    ctx: Context,
    owner: OwnerId,
    names: Sequence[str],
    *,
    limit: int,
    run: RunId | None = None,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> PoliciesRead:
    """Read the policies of those of `names`, the best first, of whom nothing fresh is known.

    At most `limit` requests are sent; `report` gets their number so far and in all. Each answer is stored at
    once: done again after it was cut off, this asks nothing twice. No refusal is an error.
    """
    if not may_ask(ctx, owner):
        return PoliciesRead()
    numbers = _numbers(ctx, owner, stale(ctx, names))
    asking = list(numbers.items())[: max(0, limit)]
    read = _ask(ctx, owner, run, asking, report)
    return replace(read, unasked=len(numbers) - read.asked)


def unknown_sentence(ctx: Context, names: Sequence[str]) -> str:
    """Of how many of the sellers Discogs reported no policies, and why; empty where it did of all."""
    return _sentence(seller_shipping.problems(ctx.db, names, ctx.clock.now() - UNKNOWN_FOR))


def stale(ctx: Context, names: Sequence[str]) -> list[str]:
    """Those of `names`, in their order, of whom nothing is known that is fresh, and who are to be asked."""
    known_since, unknown_since = ctx.fresh_since(), ctx.clock.now() - UNKNOWN_FOR
    return seller_shipping.stale_sellers(ctx.db, names, known_since=known_since, unknown_since=unknown_since)


def _numbers(ctx: Context, owner: OwnerId, names: Sequence[str]) -> dict[str, int]:
    """Discogs' numbers of the sellers, as far as a copy for sale has named them."""
    known = sellers.sellers(ctx.db, owner, names)
    return {name: number for name in names if name in known and (number := known[name].id) is not None}


def _ask(
    ctx: Context,
    owner: OwnerId,
    run: RunId | None,
    asking: Sequence[tuple[str, int]],
    report: Callable[[int, int], None],
) -> PoliciesRead:
    """Ask until Discogs answers for nobody; a circuit breaker of the run says so itself."""
    client, in_row, unanswered = ctx.sources.discogs(owner, run), 0, 0
    for place, (name, number) in enumerate(asking):
        stopped = partial(PoliciesRead, place, unanswered=unanswered)
        if in_row == _PATIENCE:
            return stopped(stopped=f"{len(asking) - place} more sellers were not asked.")
        try:
            with nullcontext() if run is None else asked_once(ctx.db, run):
                found = client.shipping(name, number)
        except SignInNeededError:
            return stopped()
        except (NoConnectionError, TokenRefusedError) as error:
            return stopped(stopped=error.sentence if run is None else "")
        except RateLimitedError as error:
            return stopped(stopped=f"Sellers' shipping was not read to the end: {error.sentence}")
        except UpstreamError:
            answered = False
        else:
            seller_shipping.save_report(ctx.db, found)
            answered = found.problem is not ShippingProblem.NO_ANSWER
        in_row = 0 if answered else in_row + 1
        unanswered += not answered
        report(place + 1, len(asking))
    return PoliciesRead(len(asking), unanswered=unanswered)


def _sentence(unknown: Counter[tuple[ShippingProblem, str | None]]) -> str:
    why: dict[ShippingProblem, int] = {}
    for (problem, _), count in unknown.items():
        why[problem] = why.get(problem, 0) + count
    statuses = sorted(
        {detail for problem, detail in unknown if problem is ShippingProblem.NO_ANSWER and detail}
    )
    words = {
        ShippingProblem.NO_ANSWER: f"Discogs did not answer ({', '.join(statuses)})",
        ShippingProblem.UNREADABLE: "Discogs' answer could not be read",
        ShippingProblem.NONE_STATED: "no policy is stated at Discogs",
    }
    total = unknown.total()
    if not total:
        return ""
    reasons = [
        words[problem] if len(why) == 1 else f"{words[problem]} for {why[problem]}"
        for problem in words
        if problem in why
    ]
    return f"Shipping of {total} {'seller' if total == 1 else 'sellers'} is not known: {', '.join(reasons)}."
