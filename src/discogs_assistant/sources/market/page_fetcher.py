"""Reading a release's sell pages from the site itself: off unless the operator turns it on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import SystemRandom
from typing import ClassVar

import stamina

from discogs_assistant.errors import (
    BadInputError,
    BlockedError,
    NotFoundError,
    RateLimitedError,
    UnexpectedAnswerError,
    UnreachableError,
)
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.market import Coverage, MarketBatch, ReleaseRequest
from discogs_assistant.model.ports import Clock, RateBudget
from discogs_assistant.sources.http import Answer, Http
from discogs_assistant.sources.market.batches import Gathering
from discogs_assistant.sources.market.page_text import page_text
from discogs_assistant.sources.market.saved_pages import SellPage, is_bot_check, parse_sell_page
from discogs_assistant.sources.retries import TRIES, Failure, Patience, TryAgainError, retry_after

COPIES_A_PAGE = 250
MOST_PAGES = 8
WARNING = (
    "Discogs' terms forbid reading its pages by program, and its site blocks it: leave the setting "
    "DISCOGS_ASSISTANT_PAGE_FETCHING off, and upload pages that you saved in your own browser."
)
_BOT_CHECK = "Discogs blocked the request for its page with a bot check."
_INSTEAD = "Save the page from your own browser and upload it; a refusal is never worked around."
_LATER = "Try again later; what was read before is kept."


class PageFetcher:
    """GET requests for sell pages, without any account's token, within the budget of the API.

    A bot check ends the reading at once with `BlockedError`; other failures that may pass are tried again.
    """

    answers: ClassVar[type[ReleaseRequest]] = ReleaseRequest

    def __init__(
        self,
        site_url: str,
        http: Http,
        budget: RateBudget,
        clock: Clock,
        *,
        user_agent: str,
        enabled: bool = False,
    ) -> None:
        self._site = site_url.rstrip("/")
        self._http = http
        self._budget = budget
        self._clock = clock
        self._headers = {"User-Agent": user_agent, "Accept": "text/html", "Accept-Language": "en"}
        self.enabled = enabled

    def covers(self, request: ReleaseRequest) -> Coverage | None:
        """Every release where fetching is on, else nothing; a page of 250 copies each."""
        if not self.enabled:
            return None
        releases = request.releases
        return Coverage("sell pages", len(releases), "Some sell pages were not read.", releases)

    def read(self, request: ReleaseRequest) -> Iterator[MarketBatch]:
        """The first page of each release."""
        for release in request.releases:
            yield self.copies(release, most_pages=1)

    def copies(self, release_id: ReleaseId, *, most_pages: int = MOST_PAGES) -> MarketBatch:
        """The copies of a release, of at most `most_pages` pages; `BadInputError` where fetching is off."""
        if not self.enabled:
            raise BadInputError("Reading pages from the site is turned off.", WARNING, field="page_fetching")
        gathering = Gathering(f"Release {release_id}")
        for number in range(1, most_pages + 1):
            page = self._page(release_id, number)
            gathering.take_over(page.batch)
            if page.extent is None or page.extent.last >= page.extent.total:
                return gathering.batch()
        gathering.problem(f"Release {release_id} has more copies than {most_pages} pages show.")
        return gathering.batch()

    def _page(self, release_id: ReleaseId, number: int) -> SellPage:
        jitter = SystemRandom().random
        patience = Patience(self._clock.sleep, self._pause, jitter, Counter())
        try:
            for attempt in stamina.retry_context(on=patience, attempts=TRIES, timeout=None):
                with attempt:
                    return self._once(release_id, number)
        except TryAgainError as failure:
            raise failure.error from failure
        raise AssertionError("the last attempt either returns or raises")

    def _once(self, release_id: ReleaseId, number: int) -> SellPage:
        wait = self._budget.reserve(signed_in=False)
        if wait > 0:
            self._clock.sleep(wait)
        answer = self._http.get(
            f"{self._site}/sell/release/{release_id}",
            self._headers,
            {"limit": COPIES_A_PAGE, "sort": "price,asc", "page": number},
        )
        self._check(answer, release_id)
        try:
            return parse_sell_page(answer.body, as_of=self._clock.now())
        except BadInputError as error:
            if is_bot_check(page_text(answer.body)[0]):
                raise BlockedError(_BOT_CHECK, _INSTEAD) from error
            raise UnexpectedAnswerError(
                f"Discogs answered with a page other than the copies of release {release_id}.", _LATER
            ) from error

    def _check(self, answer: Answer, release_id: ReleaseId) -> None:
        if answer.status == 429:
            seconds = retry_after(answer.headers.get("Retry-After"), self._clock.now(), 60.0)
            error = RateLimitedError("Discogs asks us to wait.", _LATER, retry_after=seconds)
            raise TryAgainError(Failure.LIMITED, error, pause=seconds)
        if is_challenge(answer):
            raise BlockedError(_BOT_CHECK, _INSTEAD)
        if answer.status in {401, 403}:
            raise BlockedError(f"Discogs blocked the request (status {answer.status}).", _INSTEAD)
        if answer.status >= 500:
            sentence = f"Discogs has a fault of its own (status {answer.status})."
            raise TryAgainError(Failure.BROKEN, UnreachableError(sentence, _LATER))
        if answer.status == 404:
            raise NotFoundError(
                f"Discogs has no page of copies of release {release_id}.", "Check its number."
            )
        if answer.status != 200:
            raise UnreachableError(
                f"Discogs redirects the request for its page to another address (status {answer.status}).",
                "Check the setting DISCOGS_ASSISTANT_DISCOGS_SITE_URL.",
            )

    def _pause(self, seconds: float) -> None:
        self._budget.pause(signed_in=False, seconds=seconds)


def is_challenge(answer: Answer) -> bool:
    """True for a bot check, which Cloudflare marks in the headers and which its page gives away."""
    if answer.headers.get("cf-mitigated", "").casefold() == "challenge":
        return True
    # A true sell page may load the guard's script as well, so of good answers only the lack of rows tells.
    return answer.status != 200 and is_bot_check(page_text(answer.body)[0])
