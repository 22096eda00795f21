"""Checks of a request before its route runs: whose turn it is, and whose files are read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from discogs_assistant.pipelines.accounts.sign_in_limits import address_of
from discogs_assistant.pipelines.runtime.quotas import check_upload
from discogs_assistant.web.forms import Posted, read_form
from discogs_assistant.web.session import TheVisitor, network_address


async def turn(visitor: TheVisitor) -> AsyncIterator[None]:
    """The person's turn to have a page computed, until it is done."""
    async with visitor.turn():
        yield


COMPUTED = (Depends(turn, scope="function"),)
"""What a route or a router that computes depends on."""


def allowed(visitor: TheVisitor) -> None:
    """`TooOftenError` for a person who has reached the upload limit."""
    check_upload(visitor.ctx, visitor.owner)


async def counted(
    request: Request, visitor: TheVisitor, allowed: Annotated[None, Depends(allowed)]
) -> AsyncIterator[None]:
    """The upload is counted until the request is answered."""
    subjects = ("person", visitor.owner), ("address", address_of(network_address(request)))
    with visitor.site.uploads.one_of(*subjects, most=visitor.settings.uploads_at_once):
        yield


async def uploaded(
    request: Request, counted: Annotated[None, Depends(counted, scope="function")]
) -> AsyncIterator[Posted]:
    """The form with its files, which are read only after their headers passed every check."""
    async with read_form(request) as form:
        yield form


TheUpload = Annotated[Posted, Depends(uploaded, scope="function")]


def reads_files(route: BaseRoute) -> bool:
    """Whether the route reads uploaded files."""
    return isinstance(route, APIRoute) and _needs_files(route.dependant)


def _needs_files(dependant: Dependant) -> bool:
    return dependant.call is uploaded or any(map(_needs_files, dependant.dependencies))
