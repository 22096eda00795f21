"""Logs: one line each on stderr, ours and those of the libraries alike, in words or as JSON."""

from __future__ import annotations

import logging
import sys

import stamina.instrumentation
import structlog

from discogs_assistant.bootstrap.redaction import redact
from discogs_assistant.config import Mode, Settings
from discogs_assistant.errors import BadInputError

LINES, JSON = "lines", "json"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def log_format(settings: Settings) -> str:
    """`lines` or `json`, as the settings say or as the mode has it; `BadInputError` for anything else."""
    chosen = settings.log_format.strip().lower()
    if chosen not in {"", LINES, JSON}:
        raise BadInputError(
            f"“{settings.log_format}” is no format of log lines.",
            f"Set LOG_FORMAT to {LINES} or {JSON}.",
            field="log_format",
        )
    return chosen or (JSON if settings.mode is Mode.HOSTED else LINES)


def configure_logs(level: str, form: str = LINES) -> None:
    """Send lines of `level` and above to stderr; `BadInputError` for an unknown level.

    In `form` json a line is one object: `timestamp`, `level`, `event`, `run` and `step` where a run's work
    wrote it, and further fields.
    """
    name = level.upper()
    if name not in _LEVELS:
        raise BadInputError(
            f"“{level}” is no log level.", f"Set LOG_LEVEL to one of {', '.join(_LEVELS)}.", field="log_level"
        )
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[name]),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(form),
            ],
        )
    )
    # Waits and retries are shown as a run's progress; logged too, they would appear in a command's output.
    stamina.instrumentation.set_on_retry_hooks([])
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(name)
    for noisy in ("httpx2", "httpcore2", "httpx", "httpcore", "alembic", "dbos"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def _renderer(form: str) -> structlog.types.Processor:
    if form == JSON:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
