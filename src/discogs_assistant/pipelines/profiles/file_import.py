"""A profile from exported CSV files, as a run that ends at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from itertools import chain
from typing import Any

from discogs_assistant.errors import AssistantError, BadInputError
from discogs_assistant.model.ids import OwnerId, UserName, parse_user_name
from discogs_assistant.model.profile import ListPart
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.model.upload import FilePart
from discogs_assistant.pipelines.profiles.sync import keep_result
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.quotas import check_collector, count_upload
from discogs_assistant.pipelines.runtime.runs import find, open_at_once
from discogs_assistant.pipelines.runtime.uploads.reading import UploadedFile, UploadReader
from discogs_assistant.sources.files.uploads import Kind, UploadTask
from discogs_assistant.store.profiles import profiles, staging
from discogs_assistant.store.profiles.changes import WHOLE, ListReading, apply_staged
from discogs_assistant.store.runs import progress

_SHOWN_ON_THE_RUN = 20
_STAGED_AT_ONCE = 500
_STAGES = {"collection": 2, "wantlist": 3}
_KINDS: Mapping[str, Kind] = {"collection": "collection", "wantlist": "wantlist"}


def import_profile_files(
    ctx: Context,
    owner: OwnerId,
    user: str,
    collection: UploadedFile | None,
    wantlist: UploadedFile | None,
    reader: UploadReader | None = None,
) -> Run:
    """Make the profile what the files say; a list without a file stays as it is, and is still synced.

    Without a `reader`, the pages' one is used. Rows that cannot be used are sentences of the result's partial
    list. `BadInputError` for a file that is no such export, and `ConflictError` for a collector more than one
    may keep: then nothing changes.
    """
    name = profiles.spelling(ctx.db, owner, parse_user_name(user))
    files = {"collection": collection, "wantlist": wantlist}
    uploaded = {kind: file for kind, file in files.items() if file is not None}
    if not uploaded:
        raise BadInputError("Upload a collection file, a wantlist file, or both.", field="collection")
    check_collector(ctx, owner, name)
    count_upload(ctx, owner)
    names = tuple((_KINDS[kind], file.name) for kind, file in uploaded.items())
    contents = [file.content for file in uploaded.values()]
    reader = reader or ctx.sources.uploads
    with closing(reader.parts(UploadTask(names, ctx.clock.now()), contents)) as parts:
        first = _usable(next(parts))
        run = open_at_once(ctx, owner, RunKind.SYNC, name, {"full": True, "files": True})
        try:
            sentences = _stage(ctx, run, list(uploaded), reader, chain([first], map(_usable, parts)))
            return _apply(ctx, run, name, uploaded, sentences)
        except AssistantError as error:
            staging.clear_staged(ctx.db, owner, run.id)
            now = ctx.clock.now()
            progress.fail(ctx.db, run.id, now, error.sentence, error.code, error.next_step)
            raise


def _usable(part: FilePart[ListPart[Any]]) -> FilePart[ListPart[Any]]:
    if part.error is not None:
        raise part.error
    return part


def _stage(
    ctx: Context,
    run: Run,
    kinds: Sequence[str],
    reader: UploadReader,
    parts: Iterable[FilePart[ListPart[Any]]],
) -> list[str]:
    """Stage each part in its own transactions; returns sentences about what could not be read."""
    sentences: list[str] = []
    staged = dict.fromkeys(kinds, 0)
    for part in parts:
        kind, found = kinds[part.file], part.part or ListPart[Any](())
        stage = staging.stage_items if kind == "collection" else staging.stage_wants
        for start in range(0, len(found.items), _STAGED_AT_ONCE):
            items = found.items[start : start + _STAGED_AT_ONCE]
            with reader.turn():
                stage(ctx.db, run.owner, run.id, items, ctx.clock.now())
        staged[kind] += len(found.items)
        sentences += found.problems
        # It shows too that somebody is at work.
        progress.advance(ctx.db, run.id, ctx.clock.now(), stage=_STAGES[kind], done=staged[kind])
    return sentences


def _apply(
    ctx: Context, run: Run, name: UserName, uploaded: Collection[str], sentences: Sequence[str]
) -> Run:
    held = profiles.profile(ctx.db, run.owner, name)
    change = apply_staged(
        ctx.db,
        run.owner,
        name,
        run.id,
        WHOLE if "collection" in uploaded else _kept(held is not None and held.private_collection),
        WHOLE if "wantlist" in uploaded else _kept(held is not None and held.private_wantlist),
        origin="files",
        now=ctx.clock.now(),
        problems=sentences,
    )
    for sentence in sentences[:_SHOWN_ON_THE_RUN]:
        progress.add_partial(ctx.db, run.id, sentence)
    result_id = keep_result(ctx, run, change, tuple(sentences[_SHOWN_ON_THE_RUN:]))
    progress.finish(ctx.db, run.id, ctx.clock.now(), result_id)
    return find(ctx.db, run.owner, run.id)


def _kept(private: bool) -> ListReading:
    return ListReading("keep", private=private)
