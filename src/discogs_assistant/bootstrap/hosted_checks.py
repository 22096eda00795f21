"""The settings that hosted mode requires, checked before anything is opened."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from discogs_assistant.config import Settings
from discogs_assistant.errors import BadInputError

SHORTEST_KEY = 32
"""Characters of a secret key: its hash seals the tokens, and a short one could be guessed from a backup."""
_MAKE_KEY = 'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
_REGISTER = (
    "Register an application at https://www.discogs.com/settings/developers and set both, its consumer key "
    "and its consumer secret."
)


def check_hosted(settings: Settings) -> None:
    """`BadInputError` for the first thing that hosted mode lacks; local mode requires nothing."""
    if not settings.hosted:
        return
    key = settings.secret_key.get_secret_value()
    if not key:
        raise _lacking("Hosted mode needs SECRET_KEY, which seals people's tokens.", _MAKE_KEY, "secret_key")
    if len(key) < SHORTEST_KEY:
        raise _lacking(
            f"SECRET_KEY is too short: hosted mode needs {SHORTEST_KEY} characters.",
            _MAKE_KEY,
            "secret_key",
        )
    _check_public_url(settings.public_url)
    if not _is_private(settings.discogs_api_url):
        raise _lacking(
            "DISCOGS_API_URL begins with http://: people's permissions would be sent unencrypted.",
            "Set it to an https address, or leave it out.",
            "discogs_api_url",
        )
    if not settings.discogs_consumer_key:
        raise _lacking(
            "Hosted mode needs DISCOGS_CONSUMER_KEY, which lets people sign in with Discogs.",
            _REGISTER,
            "discogs_consumer_key",
        )
    if not settings.discogs_consumer_secret.get_secret_value():
        raise _lacking(
            "Hosted mode needs DISCOGS_CONSUMER_SECRET, which lets people sign in with Discogs.",
            _REGISTER,
            "discogs_consumer_secret",
        )


def check_made_up(settings: Settings) -> None:
    """`BadInputError` in hosted mode: the made-up world adds its collectors as users."""
    if settings.hosted:
        raise _lacking(
            "--sandbox is for one person: a hosted instance would get its made-up collectors as users.",
            "Start `discogs-assistant sandbox` beside it, and set DISCOGS_API_URL and DISCOGS_SITE_URL.",
            "sandbox",
        )


def _check_public_url(address: str) -> None:
    if not address:
        raise _lacking(
            "Hosted mode needs PUBLIC_URL, the address by which people reach the pages.",
            "Set it to an address such as https://crates.example.org.",
            "public_url",
        )
    if not _is_private(address):
        raise _lacking(
            "PUBLIC_URL begins with http://: an eavesdropper could take over people's sessions.",
            "Serve the pages by https, through a proxy that ends TLS.",
            "public_url",
        )


def _is_private(address: str) -> bool:
    """Whether the connection to an address cannot be overheard."""
    parts = urlsplit(address)
    return parts.scheme == "https" or is_this_machine(parts.hostname or "")


def is_this_machine(host: str) -> bool:
    """Whether a host's name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _lacking(sentence: str, next_step: str, field: str) -> BadInputError:
    return BadInputError(sentence, next_step, field=field)
