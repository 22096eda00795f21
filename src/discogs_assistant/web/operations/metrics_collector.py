"""The instance's state in the store as Prometheus metrics, read again at each scrape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from discogs_assistant.pipelines.operations.overview import Overview

_NAME = "discogs_assistant"
Rows = Iterable[tuple[list[str], float]]


class StoreCollector(Collector):
    """The metrics of an overview; they hold nothing personal."""

    def __init__(self, look: Callable[[], Overview]) -> None:
        self._look = look

    def collect(self) -> Iterator[Metric]:
        """The metrics of one look at the store."""
        seen = self._look()
        yield from _runs(seen)
        yield from _api(seen)
        yield from _steps(seen)
        yield from _holdings(seen)

    def describe(self) -> Iterable[Metric]:
        """None: the registry would look into the store as soon as it knows us."""
        return ()


def _runs(seen: Overview) -> Iterator[Metric]:
    counts: Rows = (([run.kind, run.state], run.count) for run in seen.runs)
    yield _family("runs", "Stored runs, by kind and state.", ("kind", "state"), counts)
    yield _one("oldest_queued_seconds", "Seconds that the oldest queued run has waited.", seen.waited)
    yield _one("workers_alive", "Workers with a live lease.", seen.alive)
    at_work = sum(worker.heartbeat.at_work for worker in seen.workers if worker.alive)
    yield _one("work_in_hand", "Runs and chunks that living workers carry out.", at_work)
    yield _one("people", "Accounts of the instance.", seen.people)


def _api(seen: Overview) -> Iterator[Metric]:
    labels = ("source", "signed_in")
    rows = [([budget.source, str(budget.signed_in).lower()], budget) for budget in seen.budgets]
    yield _family(
        "api_seconds_until_slot",
        "Seconds until a request to Discogs made now would be sent.",
        labels,
        ((names, budget.until_slot) for names, budget in rows),
    )
    answers: Rows = (
        ([*names, str(status)], n) for names, budget in rows for status, n in budget.answers.items()
    )
    help_text = "Answers of Discogs to all processes in the last hour; status 0 where none came."
    yield _family("api_answers", help_text, (*labels, "status"), answers)
    yield _family(
        "api_window_limit",
        "Requests that Discogs allows per window.",
        labels,
        ((names, budget.limit) for names, budget in rows),
    )


def _steps(seen: Overview) -> Iterator[Metric]:
    quantiles: Rows = (
        ([step.name, quantile], value)
        for step in seen.steps
        for quantile, value in (("0.5", step.p50), ("0.95", step.p95))
    )
    help_text = "Seconds that steps took on any worker in the last hour."
    yield _family("step_seconds", help_text, ("step", "quantile"), quantiles)
    counts: Rows = (([step.name], step.count) for step in seen.steps)
    yield _family("steps_done", "Steps done by any worker in the last hour.", ("step",), counts)
    totals: Rows = (([step.name], step.total) for step in seen.steps)
    yield _family("step_seconds_all", "Seconds of all those steps together.", ("step",), totals)


def _holdings(seen: Overview) -> Iterator[Metric]:
    held = seen.catalogue
    month: Rows = [([held.month or ""], held.releases)]
    yield _family("catalogue_releases", "Releases in the catalogue, by its month.", ("month",), month)
    yield _one("catalogue_bytes", "Bytes of the catalogue on disk.", held.bytes)
    if held.imported_at:
        age = (seen.at - held.imported_at).total_seconds()
        yield _one("catalogue_age_seconds", "Seconds since the catalogue was imported.", max(0.0, age))
    live: Rows = (([model.name], float(model.name == seen.live_model)) for model in seen.models)
    yield _family(
        "model_live", "Versions of the shared model; 1 for the one that serves.", ("version",), live
    )
    yield _one("own_models", "People who have a model of their own.", seen.own_models)


def _one(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_NAME}_{name}", help_text, value=value)


def _family(name: str, help_text: str, labels: tuple[str, ...], rows: Rows) -> Metric:
    family = GaugeMetricFamily(f"{_NAME}_{name}", help_text, labels=labels)
    for values, value in rows:
        family.add_metric(values, value)
    return family
