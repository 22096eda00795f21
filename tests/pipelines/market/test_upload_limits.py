"""What exceeds a limit of uploads is left out with a sentence; what cannot be used leaves nothing behind."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import pytest
from tests.pipelines.installation import Installation
from tests.uploads import add_market_files, import_profile_files

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.run import RunState
from discogs_assistant.model.upload import NO_LIMITS, FilePart, UploadLimits
from discogs_assistant.pipelines.runtime.uploads.reading import ReadHere
from discogs_assistant.sources.files.uploads import UploadTask
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.market import listings
from discogs_assistant.store.profiles import items, profiles, staging
from discogs_assistant.store.runs import runs

HEAD = b"listing_id,seller,release_id,price,currency\n"
FEW = ReadHere(UploadLimits(listings=10, items=10))


def copies(*ids: int) -> bytes:
    return HEAD + b"".join(b"%d,s,%d,5.00,EUR\n" % (id, id % 3 + 1) for id in ids)


def listed(*ids: int) -> bytes:
    return b"release_id\n" + b"".join(b"%d\n" % id for id in ids)


@pytest.fixture
def uploader(installation: Installation) -> OwnerId:
    """Somebody who has uploaded nothing yet."""
    return accounts.add_account(installation.ctx.db, "uploader", installation.clock.now())


def test_a_file_of_too_many_copies_is_read_up_to_the_limit(
    installation: Installation, uploader: OwnerId
) -> None:
    found = add_market_files(installation.ctx, uploader, [("long.csv", copies(*range(1, 15)))], reader=FEW)
    assert (found.listings, listings.stored_by(installation.ctx.db, uploader)) == (10, 10)
    assert any("long.csv: only its first 10 copies" in sentence for sentence in found.partial)


def test_one_person_s_uploads_hold_no_more_than_the_limit_together(
    installation: Installation, uploader: OwnerId
) -> None:
    add_market_files(installation.ctx, uploader, [("a.csv", copies(*range(1, 8)))], reader=FEW)
    found = add_market_files(installation.ctx, uploader, [("b.csv", copies(*range(5, 14)))], reader=FEW)
    assert listings.stored_by(installation.ctx.db, uploader) == 10
    assert found.listings == 6, "three that were stored before are new again, and three more fit"
    assert found.partial[0].startswith("The rest was left out: one person's uploads may hold 10 copies")


def test_copies_of_others_take_no_room(installation: Installation, uploader: OwnerId) -> None:
    other = accounts.add_account(installation.ctx.db, "another uploader", installation.clock.now())
    add_market_files(installation.ctx, other, [("a.csv", copies(*range(1, 11)))], reader=FEW)
    found = add_market_files(installation.ctx, uploader, [("a.csv", copies(*range(1, 11)))], reader=FEW)
    assert (found.listings, found.partial) == (10, ())


def test_counts_are_of_different_listings_sellers_and_releases_over_all_files(
    installation: Installation, uploader: OwnerId
) -> None:
    files = [("a.csv", copies(1, 2, 3, 4)), ("b.csv", copies(3, 4, 5))]
    found = add_market_files(installation.ctx, uploader, files)
    assert (found.listings, found.sellers, found.releases) == (5, 1, 3)


def test_a_list_of_too_many_items_is_read_up_to_the_limit(
    installation: Installation, uploader: OwnerId
) -> None:
    run = import_profile_files(installation.ctx, uploader, "digger", listed(*range(1, 15)), None, FEW)
    assert len(items.collection(installation.ctx.db, uploader, UserName("digger"))) == 10
    assert any("Only the first 10 items of the collection file" in sentence for sentence in run.partial)


def test_where_one_list_cannot_be_used_nothing_changes_and_no_run_is_there(
    installation: Installation, uploader: OwnerId
) -> None:
    for wrong in (b"Artist\nx\n", b"release_id\nx\n"):
        with pytest.raises(BadInputError):
            import_profile_files(installation.ctx, uploader, "digger", listed(*range(1, 3)), wrong)
    assert profiles.profile(installation.ctx.db, uploader, UserName("digger")) is None
    assert runs.runs(installation.ctx.db, uploader, 5) == []


@dataclass
class EndsMidway:
    """A reader whose process ends after the first part."""

    limits: UploadLimits = NO_LIMITS
    block: int = 1

    def parts(self, task: UploadTask, contents: Sequence[BinaryIO]) -> Generator[FilePart[Any], None, None]:
        parts = ReadHere().parts(task, contents)
        yield next(parts)
        parts.close()
        yield FilePart(0, error=BadInputError("The file takes too long.", "Upload less."))

    def turn(self) -> Any:
        return ReadHere().turn()


def test_a_list_that_is_not_read_to_its_end_replaces_nothing(
    installation: Installation, uploader: OwnerId
) -> None:
    import_profile_files(installation.ctx, uploader, "digger", listed(7), None)
    with pytest.raises(BadInputError, match="too long"):
        import_profile_files(
            installation.ctx, uploader, "digger", listed(*range(1, 3_000)), None, EndsMidway()
        )
    held = items.collection(installation.ctx.db, uploader, UserName("digger"))
    assert [item.release.id for item in held] == [7]
    failed = runs.runs(installation.ctx.db, uploader, 5)[0]
    assert (failed.state, failed.error) == (RunState.FAILED, "The file takes too long.")
    assert staging.staged_counts(installation.ctx.db, uploader, failed.id) == (0, 0)
