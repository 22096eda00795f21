"""A profile from exported CSV files, as a run of its own that ends at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TypeVar

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import OwnerId, parse_user_name
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.quotas import check_collector, count_upload
from discogs_assistant.pipelines.runs import find, open_at_once
from discogs_assistant.pipelines.sync import keep_result
from discogs_assistant.sources.profile_files import read_collection_csv, read_wantlist_csv
from discogs_assistant.store import profiles, run_progress, staging
from discogs_assistant.store.profile_change import WHOLE, ListReading, apply_staged

T = TypeVar("T")

_TOLD_ON_THE_RUN = 20
_ITEMS_AT_ONCE = 2000


def import_profile_files(
    ctx: Context,
    owner: OwnerId,
    user: str,
    collection: bytes | None,
    wantlist: bytes | None,
    names: tuple[str, str] = ("the collection file", "the wantlist file"),
) -> Run:
    """Make the profile what the files say; a list without a file stays as it is, and goes on being synced.

    `names` are what the two files are called in sentences.
    Rows that cannot be used are sentences of the result's partial list. `BadInputError` for a file that is no
    such export, and `ConflictError` for a collector more than one may keep: then nothing changes.
    """
    name = profiles.spelling(ctx.db, owner, parse_user_name(user))
    if collection is None and wantlist is None:
        raise BadInputError("Hand in a collection file, a wantlist file, or both.", field="collection")
    check_collector(ctx, owner, name)
    count_upload(ctx, owner)
    limit = ctx.settings.max_profile_items
    copies, copy_problems = ([], []) if collection is None else read_collection_csv(collection, names[0])
    wants, want_problems = ([], []) if wantlist is None else read_wantlist_csv(wantlist, names[1])
    sentences = [str(problem) for problem in (*copy_problems, *want_problems)]
    sentences += _over(limit, "collection", copies) + _over(limit, "wantlist", wants)
    run = open_at_once(ctx, owner, RunKind.SYNC, name, {"full": True, "files": True})
    for part in _parts(copies[:limit]):
        staging.stage_items(ctx.db, owner, run.id, part, ctx.clock.now())
    for chunk in _parts(wants[:limit]):
        staging.stage_wants(ctx.db, owner, run.id, chunk, ctx.clock.now())
    held = profiles.profile(ctx.db, owner, name)
    change = apply_staged(
        ctx.db,
        owner,
        name,
        run.id,
        _whole_or_kept(collection, held is not None and held.private_collection),
        _whole_or_kept(wantlist, held is not None and held.private_wantlist),
        origin="files",
        now=ctx.clock.now(),
        problems=sentences,
    )
    for sentence in sentences[:_TOLD_ON_THE_RUN]:
        run_progress.add_partial(ctx.db, run.id, sentence)
    result_id = keep_result(ctx, run, asdict(change), tuple(sentences[_TOLD_ON_THE_RUN:]))
    run_progress.finish(ctx.db, run.id, ctx.clock.now(), result_id)
    return find(ctx, owner, run.id)


def _whole_or_kept(handed_in: bytes | None, private: bool) -> ListReading:
    return ListReading("keep", private=private) if handed_in is None else WHOLE


def _over(limit: int, what: str, items: Sequence[object]) -> list[str]:
    if len(items) <= limit:
        return []
    return [
        f"Only the first {limit:,} of {len(items):,} items of the {what} file were read, "
        "which is the limit of this installation."
    ]


def _parts(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + _ITEMS_AT_ONCE] for start in range(0, len(items), _ITEMS_AT_ONCE)]
