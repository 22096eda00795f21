"""Prints docs/runs.md, made from the registry of run kinds: `python tools/runs_page.py > docs/runs.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from discogs_assistant.pipelines.runtime.options.model import OptionDefinition
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS, RunDefinition

_HEAD = """# Runs and their options

Made from `pipelines/runtime/registry.py` by `make docs`; a test compares them. An option has the same name
in the JSON API, in forms and in addresses; on the command line `min_media` is `--min-media`."""


def page() -> str:
    """The page."""
    return "\n".join([_HEAD, *(line for kind in RUN_KINDS for line in _section(kind))]) + "\n"


def _section(kind: RunDefinition) -> Iterator[str]:
    yield f"\n## {kind.title}: `{kind.kind}`\n"
    ways = [f"command `{kind.command}`" if kind.command else "", "JSON API" if kind.in_api else ""]
    started = ", ".join(way for way in ways if way)
    yield f"{kind.question}{f' Started by: {started}.' if started else ''}\n"
    yield f"Stages: {', '.join(name.lower() for name in kind.stages)}.\n"
    yield "| option | label | default | what it does |"
    yield "| --- | --- | --- | --- |"
    yield from (_row(one) for one in kind.options_model.definitions().values())


def _row(one: OptionDefinition) -> str:
    example = f" Example: `{one.example}`." if one.example else ""
    return f"| `{one.name}` | {one.label} | {_default(one)} | {one.help}{example} |"


def _default(one: OptionDefinition) -> str:
    if one.required:
        return "must be given"
    if one.home:
        return f"your {one.home}"
    if isinstance(one.default, bool):
        return "yes" if one.default else "no"
    return "" if one.default in (None, []) else str(one.default)


if __name__ == "__main__":
    sys.stdout.write(page())
