"""`settings` and `doctor`: the values of the settings, and a check of the installation."""

from __future__ import annotations

import re
from typing import Any

import typer

from discogs_assistant.cli.output import AsJson, print_json, print_table

_PASSWORD = re.compile(r"(//[^/:@\s]*:)[^@\s]+(?=@)|([?&](?:ssl)?password=)[^&\s]+")


def settings(as_json: AsJson = False) -> None:
    """List every setting, its value and where the value came from; secrets are hidden."""
    from discogs_assistant import bootstrap
    from discogs_assistant.config import PREFIX, origin_of

    current = bootstrap.read_settings()
    rows = {
        PREFIX + name.upper(): {
            "value": _shown(name, getattr(current, name)),
            "origin": origin_of(name, current),
            "description": field.description or "",
        }
        for name, field in type(current).model_fields.items()
    }
    if as_json:
        return print_json({"settings": rows})
    print_table(
        f"Settings; each name begins with {PREFIX}",
        ("setting", "value", "from", "description"),
        [(name.removeprefix(PREFIX), *row.values()) for name, row in rows.items()],
    )


def doctor(as_json: AsJson = False) -> None:
    """Check settings, database, disk, catalogue, Discogs, clock, token and rate; say what to do."""
    from discogs_assistant import bootstrap

    checks = bootstrap.examine()
    if as_json:
        print_json(
            {
                "checks": [
                    {"name": c.name, "ok": c.ok, "finding": c.finding, "next_step": c.next_step}
                    for c in checks
                ]
            }
        )
    else:
        print_table(
            "",
            ("", "check", "finding", "what to do"),
            [("ok" if c.ok else "!!", c.name, c.finding, c.next_step) for c in checks],
        )
    failed = {check.exit_status for check in checks} - {0}
    if failed:
        # A failure on this machine must be fixed first; a failure of Discogs may pass by itself.
        raise typer.Exit(min(failed))


def _shown(name: str, value: Any) -> str:
    from pydantic import SecretStr

    if isinstance(value, SecretStr):
        return "(set)" if value.get_secret_value() else "(not set)"
    if isinstance(value, tuple):
        if any(isinstance(entry, SecretStr) for entry in value):
            return f"({len(value)} set)"
        return ", ".join(map(str, value))
    # An address may contain a password before its host, or among its options.
    return _PASSWORD.sub(r"\1\2***", str(value)) if name.endswith("_url") else str(value)
