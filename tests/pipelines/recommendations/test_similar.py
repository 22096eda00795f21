"""More like one record: out of what a list is made from, at once, and never what is known already."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.pipelines.installation import Installation, open_installation

from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.recommendation import RecommendationResult
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.accounts import accounts
from discogs_assistant.pipelines.catalogue.releases import releases
from discogs_assistant.pipelines.profiles.sync import sync_profile
from discogs_assistant.pipelines.recommendations import feedback
from discogs_assistant.pipelines.recommendations.list_inputs import basis_of
from discogs_assistant.pipelines.recommendations.recommend import recommend
from discogs_assistant.pipelines.recommendations.similar import MoreLike, NotLearnedError, more_like
from discogs_assistant.pipelines.runtime.results.documents import printed
from discogs_assistant.pipelines.runtime.results.finished import finished_as
from discogs_assistant.store.profiles import items
from discogs_assistant.store.runs import results
from discogs_sandbox.server import SandboxServer


@pytest.fixture(scope="module")
def installation(discogs: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose demo collector has a list; tests undo what they say of records."""
    built = open_installation(discogs, tmp_path_factory.mktemp("installation"), discography_requests=8)
    built.carry_out(recommend, built.open(RunKind.RECOMMEND, built.demo(), top=40))
    yield built
    built.ctx.db.close()


def listed(installation: Installation, count: int = 1) -> list[Release]:
    """The first records of the list."""
    run = results.latest_run(installation.ctx.db, installation.owner, installation.demo(), RunKind.RECOMMEND)
    found = finished_as(installation.ctx.db, installation.owner, run, RecommendationResult) if run else None
    assert found is not None
    ids = [recommendation.release.id for recommendation in found.recommendations[:count]]
    known = releases(installation.ctx.db, installation.ctx.catalogue, ids, installation.owner)
    return [known[id].release for id in ids]


def ask(installation: Installation, record: Release, limit: int = 12) -> MoreLike:
    return more_like(installation.ctx, installation.owner, installation.demo(), record, limit)


def test_what_is_found_is_like_it_reasoned_and_neither_owned_nor_hidden(installation: Installation) -> None:
    about, gone = listed(installation, 2)
    feedback.say(
        installation.ctx.db,
        installation.owner,
        installation.demo(),
        gone.id,
        "hide",
        installation.ctx.clock.now(),
    )
    found = ask(installation, about)
    assert len(found.recommendations) == 12
    assert found.model != "content"
    taste = basis_of(installation.ctx, installation.owner, installation.demo()).taste
    never = (Taste(owned=taste.owned), Taste(owned=(about,)), Taste(owned=(gone,)))
    for recommendation in found.recommendations:
        assert not any(some.owns(recommendation.release) for some in never)
        assert sum(reason.share for reason in recommendation.reasons) == pytest.approx(1.0)
    assert printed(found)["record"]["release_id"] == about.id
    assert len(printed(found)["recommendations"]) == 12
    feedback.say(
        installation.ctx.db,
        installation.owner,
        installation.demo(),
        gone.id,
        "unhide",
        installation.ctx.clock.now(),
    )


def test_it_comes_from_the_pool_that_a_list_is_made_from(installation: Installation) -> None:
    about = listed(installation)[0]
    basis = basis_of(installation.ctx, installation.owner, installation.demo())
    pool = {release.id for release in (*basis.pool, *basis.taste.wanted)}
    found = {recommendation.release.id for recommendation in ask(installation, about).recommendations}
    assert found
    assert found <= pool


def test_what_is_hidden_afterwards_is_gone_from_the_next_answer(installation: Installation) -> None:
    about = listed(installation)[0]
    first = ask(installation, about).recommendations[0].release
    feedback.say(
        installation.ctx.db,
        installation.owner,
        installation.demo(),
        first.id,
        "hide",
        installation.ctx.clock.now(),
    )
    assert first.id not in {
        recommendation.release.id for recommendation in ask(installation, about).recommendations
    }
    feedback.say(
        installation.ctx.db,
        installation.owner,
        installation.demo(),
        first.id,
        "unhide",
        installation.ctx.clock.now(),
    )
    assert first.id == ask(installation, about).recommendations[0].release.id


def test_an_owned_record_has_records_like_it_too(installation: Installation) -> None:
    owned = items.collection(installation.ctx.db, installation.owner, installation.demo())[0].release
    found = ask(installation, owned)
    assert found.recommendations
    assert owned.id not in {
        reason.release_id for recommendation in found.recommendations for reason in recommendation.reasons
    }


def test_a_record_that_no_model_knows_is_likened_by_what_it_is_made_of(installation: Installation) -> None:
    artist = listed(installation)[0].artists
    stranger = Release(ReleaseId(990_001), "Unheard Of", artists=artist, styles=("Dub",))
    found = ask(installation, stranger)
    assert found.model == "content"
    assert found.recommendations
    by_name = {credit.name for credit in artist}
    assert by_name & {artist.name for artist in found.recommendations[0].release.artists}


def test_before_anything_was_learned_a_sentence_says_what_to_do(
    discogs: SandboxServer, tmp_path: Path
) -> None:
    empty, record = open_installation(discogs, tmp_path), Release(ReleaseId(1), "Anything")
    with pytest.raises(NotLearnedError, match="Get recommendations first"):
        ask(empty, record)
    empty.carry_out(sync_profile, empty.open(RunKind.SYNC, empty.demo()))
    with pytest.raises(NotLearnedError):
        ask(empty, record)
    empty.ctx.db.close()


def test_who_leaves_leaves_nothing_in_memory(discogs: SandboxServer, tmp_path: Path) -> None:
    left = open_installation(discogs, tmp_path)
    left.ctx.process.likeness.recall("a taste", 0, lambda: "theirs")
    accounts.delete_account(left.ctx, left.owner)
    assert left.ctx.process.likeness.recall("a taste", 0, lambda: "nobody's") == "nobody's"
    left.ctx.db.close()
