"""Typed documents as JSON: stored with a version and read back as the same objects, or printed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from discogs_assistant.errors import ConflictError
from discogs_assistant.model.recommendation import RecommendationResult
from discogs_assistant.pipelines.runtime.results.fields import PRINTED
from discogs_assistant.pipelines.runtime.results.recommendations import recommendations_json

VERSION = 1
"""The version of the stored JSON: what another version stored is made again."""
_VERSION = "version"
T = TypeVar("T")


class OtherVersionError(ConflictError):
    """A stored document that another version of the product wrote."""

    code = "other-version"


def dumps(document: object) -> dict[str, Any]:
    """The document as the JSON that is stored: all that it holds, without what has its default."""
    return {_VERSION: VERSION, **_written(document, exclude_defaults=True)}


def loads(kind: type[T], stored: Mapping[str, Any]) -> T:
    """The document that `dumps` wrote; `OtherVersionError` where another version wrote it."""
    fields = dict(stored)
    try:
        if fields.pop(_VERSION, None) == VERSION:
            found: T = _adapter(cast(Hashable, kind)).validate_python(fields)
            return found
    except ValidationError as error:
        raise OtherVersionError("Another version made this.", "Run it again.") from error
    raise OtherVersionError("Another version made this.", "Run it again.")


def printed(document: object) -> dict[str, Any]:
    """A document, or a part of one, as the JSON that the API and the command line print."""
    if isinstance(document, RecommendationResult):
        return recommendations_json(document)
    return dict(_written(document, context=PRINTED))


def _written(document: object, **how: Any) -> Any:
    return _adapter(cast(Hashable, type(document))).dump_python(document, mode="json", **how)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
