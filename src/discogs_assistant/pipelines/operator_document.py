"""An overview of the instance as plain JSON, for the operator's programs and command."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from discogs_assistant.pipelines.failure_meanings import meaning_of
from discogs_assistant.pipelines.operator_overview import Overview, Worker


def operator_json(seen: Overview) -> dict[str, Any]:
    """Moments in ISO 8601, lengths in seconds. Nothing in it tells whose anything is."""
    return {
        "at": seen.at.isoformat(),
        "people": seen.people,
        "runs": [asdict(one) for one in seen.runs],
        "oldest_queued_seconds": None if seen.oldest_queued is None else round(seen.waited, 1),
        "open": [_plain(asdict(one)) for one in seen.open],
        "failures": [{**_plain(asdict(one)), "meaning": meaning_of(one.code)} for one in seen.failures],
        "workers": [_worker(one) for one in seen.workers],
        "api": [{**_rounded(asdict(one)), "used_last_hour": one.used} for one in seen.budgets],
        "steps": [_rounded(asdict(one)) for one in seen.steps],
        "catalogue": _plain(asdict(seen.catalogue)),
        "models": [
            {
                "version": one.name,
                "live": one.name == seen.live_model,
                "made_at": one.made_at,
                "users": one.users,
            }
            for one in seen.models
        ],
        "own_models": seen.own_models,
    }


def _worker(one: Worker) -> dict[str, Any]:
    return {**_plain(asdict(one.sign)), "silent": round(one.silent, 1), "alive": one.alive}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()}
