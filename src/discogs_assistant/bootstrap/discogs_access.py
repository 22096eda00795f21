"""Clients of Discogs' API: each signed for its owner, all within the budget of the instance."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event

from discogs_assistant.config import Mode, Settings
from discogs_assistant.model.credentials import PersonalToken
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.ports import Caller, Clock, RateBudget, WaitListener
from discogs_assistant.pipelines.runtime.waiting import RunClock
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.discogs.interactive_budget import ShortPatience, WaitingRoom
from discogs_assistant.sources.discogs.oauth import Consumer, DiscogsOAuth, Signer, personal_signer, signer_of
from discogs_assistant.sources.http import Http
from discogs_assistant.store.accounts import discogs_tokens
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs.answer_counts import AnswerBook

NEWCOMERS = OwnerId(0)
"""People who have not signed in yet share this number when they take turns; no account has it."""


@dataclass(frozen=True)
class DiscogsAccess:
    """Makes the clients. Waits of a run end when `stopping` is set; who waits at a page waits briefly."""

    settings: Settings
    db: Database
    vault: Vault
    clock: Clock
    http: Http
    budget: RateBudget
    stopping: Event
    _room: WaitingRoom = field(default_factory=WaitingRoom, init=False, repr=False)

    def client_of(self, owner: OwnerId, run_id: RunId | None) -> DiscogsClient:
        """The client of an owner, for a run or, without one, for a page."""
        token = discogs_tokens.token(self.db, self.vault, owner) or _token_of(self.settings)
        signer = signer_of(token, self._consumer)
        if run_id is None:
            return DiscogsClient(self._at_a_page(signer, owner))
        patience = RunClock(self.db, self.clock, run_id, self.stopping)
        return DiscogsClient(self._api(signer, owner, patience, patience.tell))

    def by_token(self, token: str) -> DiscogsClient:
        """The client of a token that is not saved yet."""
        return DiscogsClient(self._at_a_page(personal_signer(token)))

    def oauth(self) -> DiscogsOAuth | None:
        """The sign-in with Discogs; None in local mode."""
        if self._consumer is None:
            return None
        return DiscogsOAuth(self._consumer, self.settings.discogs_site_url, self._at_a_page)

    @property
    def _consumer(self) -> Consumer | None:
        secret = self.settings.discogs_consumer_secret.get_secret_value()
        if not self.settings.hosted or not self.settings.discogs_consumer_key or not secret:
            return None
        return Consumer(self.settings.discogs_consumer_key, secret)

    def _at_a_page(self, signer: Signer | None, person: OwnerId = NEWCOMERS) -> DiscogsApi:
        patience = ShortPatience(self.clock, self._room)
        return self._api(signer, person, patience, caller=patience)

    def _api(
        self,
        signer: Signer | None,
        person: OwnerId,
        patience: Clock,
        on_wait: WaitListener | None = None,
        caller: Caller | None = None,
    ) -> DiscogsApi:
        return DiscogsApi(
            self.http,
            self.budget,
            patience,
            api_url=self.settings.discogs_api_url,
            user_agent=self.settings.user_agent,
            signer=signer,
            window=self.settings.rate_window,
            on_wait=on_wait,
            person=person,
            caller=caller,
            on_answer=AnswerBook(self.db, self.settings.rate_source, self.clock).note,
        )


def _token_of(settings: Settings) -> PersonalToken | None:
    """The token of the settings belongs to the person of local mode, and to nobody in hosted mode."""
    text = settings.discogs_token.get_secret_value()
    return PersonalToken(text) if text and settings.mode is Mode.LOCAL else None
