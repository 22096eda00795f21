"""The only place where parts are chosen and wired; everything else is handed what it needs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from discogs_assistant.bootstrap.database_commands import rates_into
    from discogs_assistant.bootstrap.demo_world import WorldOptions
    from discogs_assistant.bootstrap.doctor import Check, examine
    from discogs_assistant.bootstrap.serving import serve, serve_sandbox
    from discogs_assistant.bootstrap.session import Session, local_session
    from discogs_assistant.bootstrap.settings import read_settings
    from discogs_assistant.bootstrap.wiring import App, open_app

__all__ = [
    "App",
    "Check",
    "Session",
    "WorldOptions",
    "examine",
    "local_session",
    "open_app",
    "rates_into",
    "read_settings",
    "serve",
    "serve_sandbox",
]

_MODULES = {
    "App": "wiring",
    "Check": "doctor",
    "Session": "session",
    "WorldOptions": "demo_world",
    "examine": "doctor",
    "local_session": "session",
    "open_app": "wiring",
    "rates_into": "database_commands",
    "read_settings": "settings",
    "serve": "serving",
    "serve_sandbox": "serving",
}


def __getattr__(name: str) -> Any:
    """Load a part when it is asked for: exchange rates need neither the pages nor the workflow library."""
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
