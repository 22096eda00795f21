"""The checks of `doctor`: settings, database, disk, catalogue, Discogs, clock, token, rate budget."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from discogs_assistant.bootstrap.context import rate_budget
from discogs_assistant.bootstrap.logs import configure_logs
from discogs_assistant.bootstrap.settings import read_settings
from discogs_assistant.bootstrap.wiring import App, open_app
from discogs_assistant.config import Settings
from discogs_assistant.errors import AssistantError, UpstreamError
from discogs_assistant.model.readable import duration, size
from discogs_assistant.pipelines.catalogue.overview import overview, status
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.sources.retries import TryAgainError

_LEAST_FREE = 500_000_000
_CLOCK_SLACK = 30
_UPSTREAM = UpstreamError.exit_status


@dataclass(frozen=True, slots=True)
class Check:
    """One finding in words; if all is well, `next_step` is empty and `exit_status` 0."""

    name: str
    ok: bool
    finding: str
    next_step: str = ""
    status: int = 1

    @property
    def exit_status(self) -> int:
        """As docs/cli.md says: 0 if all is well, 4 if Discogs fails, else 1."""
        return 0 if self.ok else self.status


def examine() -> list[Check]:
    """All checks in order; without a database the checks that need it are left out."""
    checks: list[Check] = []
    try:
        settings = read_settings()
        configure_logs("ERROR")
        checks.append(_settings(settings))
        app = open_app(settings)
    except AssistantError as error:
        return [*checks, _failed("settings" if not checks else "database", error)]
    try:
        checks += _with_app(app)
    finally:
        app.close()
    return checks


def _with_app(app: App) -> Iterator[Check]:
    settings = app.ctx.settings
    yield Check("database", True, f"{app.ctx.db.engine.url} is open and of this version.")
    yield _disk(settings)
    yield _worker(app)
    yield _guarded("catalogue", _catalogue, app)
    for name, look in (("discogs", _discogs), ("token", _token), ("rate budget", _rate)):
        yield _guarded(name, look, app)


def _guarded(name: str, look: Callable[[App], Check], app: App) -> Check:
    try:
        return look(app)
    except TryAgainError as failure:
        return _failed(name, failure.error)
    except AssistantError as error:
        return _failed(name, error)


def _failed(name: str, error: AssistantError) -> Check:
    return Check(
        name, False, error.sentence, error.next_step, _UPSTREAM if isinstance(error, UpstreamError) else 1
    )


def _settings(settings: Settings) -> Check:
    if settings.freshness.exceeds_terms:
        finding = f"Prices are shown for {duration(settings.max_data_age)}, longer than Discogs' terms allow."
        return Check("settings", True, finding, "Set MAX_DATA_AGE to six hours or less.")
    return Check("settings", True, f"{len(type(settings).model_fields)} settings were read.")


def _disk(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.data_dir).free
    finding = f"{size(free)} are free at {settings.data_dir}."
    return Check("disk", free >= _LEAST_FREE, finding, "" if free >= _LEAST_FREE else "Free some space.")


def _catalogue(app: App) -> Check:
    """Reads a record of each kind; `StorageError` if files are lost or damaged."""
    files = app.ctx.catalogue
    files.check()
    held = status(files)
    if held.imported_at is None:
        finding = "No dump of Discogs is imported; discographies and pressings come from Discogs' API."
        return Check("catalogue", True, finding, "`discogs-assistant catalogue import PATH` imports one.")
    counted = f"{held.releases:,} releases, {size(held.bytes)}"
    finding = f"The dump {held.month or 'without a date'} is imported: {counted}."
    free = overview(files).bytes_to_free
    forget = f"`discogs-assistant catalogue forget` would free {size(free)} of older dumps."
    return Check("catalogue", True, finding, forget if free else "")


def _worker(app: App) -> Check:
    if runs.worker_lives(app.ctx):
        return Check("worker", True, "A worker is running.")
    return Check("worker", True, "No worker is running; commands start their own.")


def _discogs(app: App) -> Check:
    """One request, whose Date header is compared with the machine's clock."""
    settings, now = app.ctx.settings, app.ctx.clock.now
    app.ctx.clock.sleep(rate_budget(settings, app.ctx.db, app.ctx.clock).reserve(signed_in=False))
    answer = app.http.get(settings.discogs_api_url, {"User-Agent": settings.user_agent})
    date = answer.headers.get("Date")
    apart = (now() - parsedate_to_datetime(date)).total_seconds() if date else 0.0
    if abs(apart) > _CLOCK_SLACK:
        finding = f"This machine's clock is {abs(apart):,.0f} s {'ahead' if apart > 0 else 'behind'}."
        return Check("discogs", False, finding, "Set the clock: the rate of requests depends on it.")
    if answer.status >= 400:
        return Check(
            "discogs",
            False,
            f"{settings.discogs_api_url} answers {answer.status}.",
            "Try again later.",
            _UPSTREAM,
        )
    return Check("discogs", True, f"{settings.discogs_api_url} answers, and the clocks agree.")


def _token(app: App) -> Check:
    client = app.ctx.sources.discogs(app.owner, None)
    if not client.signed_in:
        finding = f"No token is set: {app.ctx.settings.anonymous_rate_limit} requests per window are allowed."
        return Check(
            "token", True, finding, "A personal token gives a higher rate and opens your private lists."
        )
    return Check("token", True, f"It belongs to {client.identity().name}.")


def _rate(app: App) -> Check:
    signed_in = app.ctx.sources.discogs(app.owner, None).signed_in
    wait = rate_budget(app.ctx.settings, app.ctx.db, app.ctx.clock).queue(signed_in=signed_in)
    return Check("rate budget", True, f"The next request can be sent in {wait:.0f} s.")
