"""Checks everything with prices against the age that Discogs' terms allow."""

from __future__ import annotations

from datetime import datetime, timedelta

from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.pipelines.carts.price_expiry import shown_carts, shown_check
from discogs_assistant.pipelines.carts.result import CartsResult, CheckResult
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.results.finished import Result


def shown_result(ctx: Context, owner: OwnerId, run_id: RunId) -> Result:
    """As `runs.result`, without prices that may be shown no more."""
    return fresh(runs.result(ctx, owner, run_id), ctx.clock.now(), ctx.settings.max_data_age)


def fresh(result: Result, now: datetime, max_age: timedelta) -> Result:
    """The result as it may be shown now; unchanged while its prices are young."""
    if isinstance(result, CheckResult):
        return shown_check(result, now, max_age)
    return shown_carts(result, now, max_age) if isinstance(result, CartsResult) else result
