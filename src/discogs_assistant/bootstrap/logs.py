"""Logs: one line each on stderr, ours and those of the libraries alike."""

from __future__ import annotations

import logging
import sys

import stamina.instrumentation
import structlog

from discogs_assistant.errors import BadInputError

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def configure_logs(level: str) -> None:
    """Send lines of `level` and above to stderr; `BadInputError` for a level that there is not."""
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
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
            ],
        )
    )
    # Waits and retries are shown as a run's progress; a second telling would stand among a command's words.
    stamina.instrumentation.set_on_retry_hooks([])
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(name)
    for noisy in ("httpx2", "httpcore2", "httpx", "httpcore", "alembic", "dbos"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
