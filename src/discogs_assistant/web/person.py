"""What pages know of the person who looks at them, without what renders them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.pipelines.runtime.options.types import Home
from discogs_assistant.store.accounts.sessions import Credential


@dataclass(frozen=True, kw_only=True)
class Person:
    """The signed-in owner; `user` is the collector that the address names, else the owner's own.

    `signed_in_as` is the person's Discogs user name in hosted mode, and empty in local mode, whose one person
    is the operator too. `credential` is the session or token that the request showed, None in local mode.
    """

    owner: OwnerId
    chosen: Preferences
    user: UserName | None
    now: datetime
    signed_in_as: str = ""
    operator: bool = False
    credential: Credential | None = None

    @property
    def home(self) -> Home:
        """What options are read with that a form leaves out."""
        return Home(self.chosen.currency, self.chosen.country)

    @property
    def suffix(self) -> str:
        """The query that keeps another collector in an address; empty for the owner's own."""
        return "" if self.user in (None, self.chosen.user) else f"?user={quote(str(self.user), safe='')}"
