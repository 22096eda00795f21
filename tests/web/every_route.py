"""Every route of the application, as its router has them, with addresses that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Route = tuple[str, str]
"""A method and the pattern of an address, such as ("GET", "/runs/{run}")."""


def every_route(app: Any) -> Iterator[Route]:
    """Method and pattern of all that the application answers; HEAD goes with GET."""
    for route in route_objects(app):
        for method in sorted(route.methods - {"HEAD"}):
            yield method, route.path


def route_objects(app: Any) -> Iterator[Any]:
    """The routes themselves, those of included routers too."""
    for route in app.routes:
        within = getattr(route, "original_router", None)
        yield from within.routes if within else [route]


def filled_in(pattern: str, values: Mapping[str, str]) -> str:
    """The address of a pattern; a part of it that has no value fails."""
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], pattern)
