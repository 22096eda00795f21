"""The session of a command: the local person's requests, with its own worker if none is alive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from discogs_assistant.bootstrap.logs import configure_logs, log_format
from discogs_assistant.bootstrap.settings import read_settings
from discogs_assistant.bootstrap.wiring import App, open_app
from discogs_assistant.errors import CancelledError, ConflictError, NotFoundError, error_of
from discogs_assistant.model.ids import RunId, UserName, parse_run_id
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.accounts import accounts
from discogs_assistant.pipelines.carts.plans_result import PlansResult
from discogs_assistant.pipelines.carts.price_expiry import shown_result
from discogs_assistant.pipelines.carts.result import CartsResult, CheckResult
from discogs_assistant.pipelines.profiles.file_import import import_profile_files
from discogs_assistant.pipelines.recommendations import recompute_all
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.options.kinds import PlansOptions
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS, Registry
from discogs_assistant.pipelines.runtime.results.counts import SyncResult
from discogs_assistant.pipelines.runtime.results.finished import Result
from discogs_assistant.pipelines.runtime.uploads.reading import ReadHere, UploadedFile

_LOOK_FOR_WORKERS = timedelta(seconds=2)


@dataclass
class Session:
    """The operations that a command can use."""

    app: App
    _looked_at: datetime | None = field(default=None, init=False)

    @property
    def context(self) -> Context:
        """The context, for use cases that need no run."""
        return self.app.ctx

    def result_of(
        self, kind: RunKind, user: str, options: Mapping[str, object], show: Callable[[Run], None]
    ) -> Result:
        """Request a run, wait for it, and return its result; raises the run's error if it failed."""
        ctx, owner = self.app.ctx, self.app.owner
        return self._waited_for(runs.request(ctx, self.app.runner, owner, kind, user, options), show)

    def check_of(self, carts: str, cart: str, show: Callable[[Run], None]) -> CheckResult:
        """Each copy of a cart read again; `NotFoundError` where there is no such run or no such cart."""
        run = parse_run_id(carts)
        if run is None:
            raise NotFoundError("There is no such run.", "Take the one that `shop` prints.")
        # Loaded here, as most commands check no cart.
        from discogs_assistant.pipelines.carts.check import request_check

        asked = request_check(self.app.ctx, self.app.runner, self.app.owner, run, cart)
        result = self._waited_for(asked, show)
        assert isinstance(result, CheckResult)
        return result

    def plans_of(self, carts: CartsResult, show: Callable[[Run], None]) -> tuple[RunId, PlansResult] | None:
        """The plans of a finished search, with the run that found them; None where nothing is wanted.

        It waits for them. Where that run was stopped, another one looks.
        """
        if carts.plans_run is None:
            return None
        ctx, owner = self.app.ctx, self.app.owner
        run = runs.find(ctx.db, owner, carts.plans_run)
        if run.state in {RunState.CANCELLED, RunState.FAILED}:
            of = runs.find(ctx.db, owner, PlansOptions.parse(run.criteria).carts)
            from discogs_assistant.pipelines.carts import plans  # the solver, which few commands need

            run = plans.request_plans(ctx, self.app.runner, of, {}).run
        run = runs.wait(ctx, owner, run.id, show, self._work_if_nobody_does)
        raise_if_failed(run)
        found = shown_result(ctx, owner, run.id)
        assert isinstance(found, PlansResult)
        return run.id, found

    def leave_plans(self, carts: CartsResult) -> None:
        """Stop the plans that only this session's own worker would look for: it ends with the command."""
        if carts.plans_run is not None and self.app.runner.launched:
            with suppress(ConflictError):
                runs.cancel(self.app.ctx, self.app.owner, carts.plans_run)

    def lists_for_everyone(self, show: Callable[[int, int, Run], None]) -> dict[str, int]:
        """Update every list whose data changed; `show` gets the number of finished lists and the total."""
        asked = recompute_all.ask_for_everyone(self.app.ctx, self.app.runner)
        return recompute_all.follow_everyone(
            self.app.ctx, asked, lambda done, run: show(done, len(asked), run), self._work_if_nobody_does
        )

    def import_profile(
        self, user: str, collection: UploadedFile | None, wantlist: UploadedFile | None
    ) -> SyncResult:
        """Make a profile of exported files of any size."""
        run = import_profile_files(self.app.ctx, self.app.owner, user, collection, wantlist, ReadHere())
        result = self._result(run)
        assert isinstance(result, SyncResult)
        return result

    def _waited_for(self, asked: runs.RunRequest, show: Callable[[Run], None]) -> Result:
        run = asked.run
        if asked.status != "finished":
            run = runs.wait(self.app.ctx, self.app.owner, run.id, show, self._work_if_nobody_does)
        raise_if_failed(run)
        return self._result(run)

    def _result(self, run: Run) -> Result:
        """The result; the first profile that a person asks for becomes their own on the pages."""
        if run.user:
            accounts.adopt(self.app.ctx, self.app.owner, UserName(run.user))
        return shown_result(self.app.ctx, self.app.owner, run.id)

    def _work_if_nobody_does(self) -> None:
        now = self.app.ctx.clock.now()
        if self.app.runner.launched or (self._looked_at and now - self._looked_at < _LOOK_FOR_WORKERS):
            return
        self._looked_at = now
        if not runs.worker_lives(self.app.ctx):
            self.app.runner.launch()


@contextmanager
def local_session(kinds: Registry = RUN_KINDS) -> Iterator[Session]:
    """A session of the local person by the settings; closes at the end what it opened."""
    settings = read_settings()
    level = "WARNING" if settings.log_level.upper() == "INFO" else settings.log_level
    configure_logs(level, log_format(settings))
    app = open_app(settings, kinds=kinds)
    try:
        yield Session(app)
    finally:
        app.close()


def raise_if_failed(run: Run) -> None:
    """Raise the error with which a run ended, by its code."""
    if run.state is RunState.CANCELLED:
        raise CancelledError("This run was cancelled.", "Run it again.")
    if run.state is RunState.FAILED:
        raise error_of(run.error_code, run.error or "", run.error_next or "")
