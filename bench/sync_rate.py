"""How much of the allowed rate syncs use, and whether they ever use more."""

from __future__ import annotations

import time

from bench.figures import Figure
from bench.product import Product
from discogs_sandbox.server import SandboxOptions, SandboxServer, sandbox_app
from discogs_sandbox.world.entities import Account

SYNCS = 100
TRUE_WINDOW_SECONDS = 300.0


def measure() -> list[Figure]:
    """100 syncs against a flaky sandbox that allows 60 requests a second."""
    options = SandboxOptions(rate=60, anonymous_rate=60, window=1.0, flaky=True)
    with (
        SandboxServer(sandbox_app(options)) as server,
        _product(server.url, window="1", limit="60") as product,
    ):
        accounts = [account for account in server.world.collectors if _is_open(account)][:SYNCS]
        began = time.monotonic()
        runs = [(account, product.start(account.name, "sync", {})) for account in accounts]
        answers = [(account, product.finish(run)) for account, run in runs]
        seconds = time.monotonic() - began
        right = sum(
            _counts(account) == (answer["collection"], answer["wantlist"]) for account, answer in answers
        )
        log = server.app.rate.log
        return [
            Figure("syncs asked for", len(runs), ""),
            Figure("syncs with the world's counts", right, "", f"{SYNCS}"),
            Figure("requests", log.requests, ""),
            Figure("requests over the window", log.over_window, "", "0"),
            Figure("failures played by the sandbox", sum(server.app.faults.counts.values()), ""),  # type: ignore[union-attr]
            Figure("requests a second, of 60 allowed", log.requests / seconds, ""),
        ]


def measure_true_window() -> list[Figure]:
    """Five minutes of syncs in the true window of 60 per 60 s."""
    options = SandboxOptions(rate=60, anonymous_rate=60, window=60.0)
    requests, over, _ = _five_minutes(options)
    allowed, budget = 60 * TRUE_WINDOW_SECONDS / 60, 55 * TRUE_WINDOW_SECONDS / 60 + 5
    return [
        Figure("requests in five minutes", requests, ""),
        Figure("requests over the window", over, "", "0"),
        Figure("share of the allowed rate", 100 * requests / allowed, "%", "at least 90 %"),
        Figure("share of what the rate budget lets through", 100 * requests / budget, "%", "at least 95 %"),
    ]


def measure_true_window_with_faults() -> list[Figure]:
    """The same with a sandbox that fails now and then, also by 429s for which all have to wait."""
    options = SandboxOptions(rate=60, anonymous_rate=60, window=60.0, flaky=True)
    requests, over, failures = _five_minutes(options)
    return [
        Figure("requests in five minutes", requests, ""),
        Figure("requests over the window", over, "", "0"),
        Figure("failures played by the sandbox", failures, ""),
    ]


def _five_minutes(options: SandboxOptions) -> tuple[int, int, int]:
    """Requests, those over the window, and failures played."""
    with (
        SandboxServer(sandbox_app(options)) as server,
        _product(server.url, window="60", limit="60") as product,
    ):
        began = time.monotonic()
        for account in [account for account in server.world.collectors if _is_open(account)][:200]:
            product.start(account.name, "sync", {})
        time.sleep(began + TRUE_WINDOW_SECONDS - time.monotonic())
        log, faults = server.app.rate.log, server.app.faults
        return log.requests, log.over_window, sum(faults.counts.values()) if faults else 0


def _product(url: str, *, window: str, limit: str) -> Product:
    return Product(
        "run",
        discogs_api_url=url,
        discogs_site_url=url,
        rate_limit=limit,
        anonymous_rate_limit=limit,
        rate_window=window,
        workers="4",
    )


def _is_open(account: Account) -> bool:
    return not account.private_collection and not account.private_wantlist


def _counts(account: Account) -> tuple[int, int]:
    return len(account.items), len(account.wants)
