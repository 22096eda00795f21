"""How often people may begin to sign in: by address, by network, and all together.

An address or a network that tries too often waits. The total limit shuts nobody out: beyond it each
network still gets one sign-in a minute, so an attacker who uses it up only slows the others.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta

import structlog

from discogs_assistant.config import Settings
from discogs_assistant.errors import TooOftenError
from discogs_assistant.model.readable import wait
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import allowances
from discogs_assistant.store.accounts.allowances import Allowance, Refused

_WINDOW = timedelta(minutes=10)
_ADDRESS, _NETWORK, _ALL = "sign-in of an address", "sign-in of a network", "sign-in"
_IN_TURN = Allowance("sign-in in turn", 1, timedelta(minutes=1))
"""What a network may do while the global limit is exceeded."""


def count_sign_in(ctx: Context, address: str) -> None:
    """Count a sign-in that begins at a network address; `TooOftenError` where it has to wait."""
    now, settings = ctx.clock.now(), ctx.settings
    own, network = _of_its_own(settings, address), network_of(address)
    together = (Allowance(_ALL, settings.sign_ins, _WINDOW), "")
    refused = allowances.take_all(ctx.db, [*own, together], now)
    if refused and refused.kind == _ALL:
        refused = allowances.take_all(ctx.db, [*own, (_IN_TURN, network)], now)
    if refused:
        structlog.get_logger().warning("too many sign-ins", kind=refused.kind)
        raise _too_often(refused)


def address_of(address: str) -> str:
    """An address as one customer has it: of IPv6 its first 64 bits (RFC 6177)."""
    return _prefix(address, 32, 64)


def network_of(address: str) -> str:
    """The network that an address is in, which one person may have as a whole: a /24, or a /48 of IPv6."""
    return _prefix(address, 24, 48)


def _of_its_own(settings: Settings, address: str) -> list[tuple[Allowance, str]]:
    most = settings.sign_ins_per_address
    of_network = max(settings.sign_ins_per_network, most)
    return [
        (Allowance(_ADDRESS, most, _WINDOW), address_of(address)),
        (Allowance(_NETWORK, of_network, _WINDOW), network_of(address)),
    ]


def _prefix(address: str, bits: int, bits_of_six: int) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.ip_network((parsed, bits_of_six), strict=False))
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, bits), strict=False))


def _too_often(refused: Refused) -> TooOftenError:
    next_step = f"Wait {wait(refused.seconds)} and press the button again; nothing is lost."
    if refused.kind == _IN_TURN.kind:
        sentence = "Many people are signing in right now, so each network gets one sign-in a minute."
    else:
        sentence = "There were too many sign-in attempts from your network."
    return TooOftenError(sentence, next_step, retry_after=refused.seconds)
