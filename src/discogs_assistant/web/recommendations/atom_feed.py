"""The Atom feed of a list, with whole addresses of this server."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request

from discogs_assistant.model.recommendation import RecommendationResult
from discogs_assistant.pipelines.recommendations.atom_feed import Addresses, recommendations_atom
from discogs_assistant.web.forms import Form
from discogs_assistant.web.recommendations.list_query import NARROWING
from discogs_assistant.web.session import Visitor


def feed(visitor: Visitor, request: Request, query: Form, result: RecommendationResult) -> bytes:
    """The feed of a narrowed list; each way to narrow it is a feed of its own.

    An address that holds a secret is not told in what it leads to: feeds are passed on.
    """
    names = ("run", *NARROWING)
    narrowed_by = [(name, value) for name in names for value in query.values.get(name, []) if value.strip()]
    user = [("user", str(visitor.user))] if visitor.suffix else []
    base, asked = str(request.base_url).rstrip("/"), urlencode(user + narrowed_by)
    at = Addresses(
        itself="" if "secret" in request.path_params else str(request.url),
        page=f"{base}/recommendations{'?' if asked else ''}{asked}",
        release=lambda id: f"{base}/release/{id}{visitor.suffix}",
        at_discogs=visitor.links.release,
    )
    return recommendations_atom(result, visitor.settings.app_name, urlencode(narrowed_by), at)
