"""What a search chose from stays with its run."""

from __future__ import annotations

from tests.store.fakes import make_run

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store.database import Database
from discogs_assistant.store.operations import run_upkeep
from discogs_assistant.store.runs import interests, runs


def test_what_was_kept_comes_back_to_its_owner_alone(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    run = runs.open_run(db, make_run(owner), reuse_since=None)[0]
    assert interests.interest(db, owner, run.id) is None
    interests.save_interest(db, owner, run.id, {"wanted": [[1, 0.1]]})
    interests.save_interest(db, owner, run.id, {"wanted": [[1, 0.30000000000000004]]})
    interests.save_interest(db, stranger, run.id, {})
    run_upkeep.clear_work(db, owner, run.id)
    assert interests.interest(db, owner, run.id) == {"wanted": [[1, 0.30000000000000004]]}
    assert interests.interest(db, stranger, run.id) is None
