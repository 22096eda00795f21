"""Forms as they were sent, and as they are shown again with a sentence at each field."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, BinaryIO, cast

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams, UploadFile

from discogs_assistant.errors import BadInputError, InvalidFieldsError
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.pipelines.runtime.options.model import OptionDefinition
from discogs_assistant.web.session import TheVisitor

_MOST_FILES = 200
_MOST_FIELDS = 2000


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in a form's fields, and what is wrong with them by field name."""

    values: Mapping[str, list[str]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Mapping[str, str | None]) -> Form:
        """A form with one value a field; None leaves it empty."""
        return cls({name: [value] for name, value in values.items() if value is not None})

    def text(self, name: str) -> str:
        """The field's first value."""
        return next(iter(self.values.get(name, [])), "")

    def has(self, name: str, value: str) -> bool:
        """Whether the field has this value among its own."""
        return value in self.values.get(name, [])

    def rest(self, name: str, known: Iterable[tuple[str, str]]) -> str:
        """The field's values that none of the known choices stands for, with commas between."""
        choices = {value for value, _ in known}
        return ", ".join(value for value in self.values.get(name, []) if value and value not in choices)

    def error(self, name: str) -> str:
        """What is wrong with the field, or nothing."""
        return self.errors.get(name, "")

    def any_error(self, *names: str) -> bool:
        """Whether something is wrong with any of these fields."""
        return any(name in self.errors for name in names)

    def options(self, names: Iterable[str]) -> dict[str, object]:
        """The fields that were filled in, as options: a list where a field has several values."""
        filled = {name: [value for value in self.values.get(name, []) if value.strip()] for name in names}
        return {name: found if len(found) > 1 else found[0] for name, found in filled.items() if found}

    def refused(self, errors: Mapping[str, str]) -> Form:
        """The same form with what is wrong."""
        return Form(self.values, errors)


def beginning(options: Mapping[str, OptionDefinition], chosen: Preferences) -> Form:
    """The form before anything was typed: what is used where nothing is given."""
    own = {"currency": str(chosen.currency), "country": chosen.country, "": None}
    return Form.of({name: own[option.home] or _text(option.default) for name, option in options.items()})


def _text(default: Any) -> str | None:
    if isinstance(default, bool):
        return "on" if default else "off"
    return None if default in (None, []) else str(default)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form: on disk, open as long as the request lasts, and in no folder."""

    field: str
    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Posted:
    """A form that was sent, with its files."""

    form: Form
    files: tuple[Upload, ...] = ()

    def text(self, name: str) -> str:
        """The field's first value."""
        return self.form.text(name)

    def file(self, name: str) -> BinaryIO | None:
        """The content of the field's file, where one was chosen."""
        return next((file.content for file in self.files if file.field == name), None)


@asynccontextmanager
async def read_form(request: Request) -> AsyncIterator[Posted]:
    """The form in the request's body, its files open meanwhile; a field without a file has none."""
    values: dict[str, list[str]] = {}
    async with request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS) as sent:
        with ExitStack() as opened:
            files: list[Upload] = []
            for name, value in sent.multi_items():
                if not isinstance(value, UploadFile):
                    values.setdefault(name, []).append(value)
                elif value.filename:
                    content = opened.enter_context(await run_in_threadpool(_on_disk, value))
                    files.append(Upload(name, value.filename, content))
            yield Posted(Form(values), tuple(files))


def _on_disk(upload: UploadFile) -> BinaryIO:
    """The upload as a file without a name, which is gone once it is closed, also where this process dies.

    A small one is in memory so far; another process can be given what is on disk only.
    """
    spooled = cast("SpooledTemporaryFile[bytes]", upload.file)
    spooled.rollover()
    spooled.flush()
    return os.fdopen(os.dup(spooled.fileno()), "rb")


async def queried(request: Request) -> Form:
    """The form in the request's address."""
    return _form(request.query_params)


async def queried_before(request: Request) -> Form:
    """The form in the address of the page whose script asks; an empty one where no script does."""
    address = request.headers.get("hx-current-url", "").partition("#")[0]
    return _form(QueryParams(address.partition("?")[2]))


def _form(query: QueryParams) -> Form:
    values: dict[str, list[str]] = {}
    for name, value in query.multi_items():
        values.setdefault(name, []).append(value)
    return Form(values)


async def posted_by_visitor(request: Request, visitor: TheVisitor) -> AsyncIterator[Posted]:
    """The form of somebody known: nothing of it is read before their session was looked up."""
    async with read_form(request) as form:
        yield form


ThePosted = Annotated[Posted, Depends(posted_by_visitor)]
TheQuery = Annotated[Form, Depends(queried)]
TheQueryBefore = Annotated[Form, Depends(queried_before)]


def problems(error: BadInputError, field: str) -> dict[str, str]:
    """A sentence per field of what an error says; one that names no field is put at `field`."""
    return error.fields if isinstance(error, InvalidFieldsError) else {error.field or field: str(error)}
