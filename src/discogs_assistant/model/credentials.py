"""What lets a request to Discogs act for a person: a token of their own making, or what they allowed us."""

from __future__ import annotations

from dataclasses import dataclass, field

from discogs_assistant.model.ids import UserName


@dataclass(frozen=True, slots=True)
class PersonalToken:
    """A token that a person made at Discogs and pasted here; `user` is whose it is, where that was noted."""

    text: str = field(repr=False)
    user: UserName | None = None


@dataclass(frozen=True, slots=True)
class OAuthToken:
    """What Discogs gave this installation when a person signed in, to act for them (OAuth 1.0a)."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    user: UserName | None = None


Credential = PersonalToken | OAuthToken
