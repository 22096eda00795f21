"""A taste's numbers are those of the records and the model that served; nothing is read of anybody else."""

from __future__ import annotations

import pytest
from tests.engine.recommendations.learned import learned_from
from tests.engine.recommendations.records import record
from tests.pipelines.installation import Installation
from tests.store.fakes import NOW

from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.model.recommendation import RecommendationResult
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.recommendations import feedback
from discogs_assistant.pipelines.recommendations.feedback_effects import moves, recent_feedback
from discogs_assistant.pipelines.recommendations.list_inputs import basis_of
from discogs_assistant.pipelines.recommendations.model_training import served, serving
from discogs_assistant.pipelines.recommendations.recommend import recommend
from discogs_assistant.pipelines.recommendations.taste_overview import MOST_STYLES, full_taste, overview
from discogs_assistant.pipelines.recommendations.taste_result import OwnedPart
from discogs_assistant.pipelines.runtime.results.finished import finished_as
from discogs_assistant.store.recommendations.feedback import FeedbackEvent

STYLES = (("House", "Deep House"), ("Dub",), ("Jazz",))
RECORDS = [record(n, f"Artist {n % 5}", styles=STYLES[n % 3], label=f"Label {n % 4}") for n in range(1, 40)]
OWNED = tuple(RECORDS[:9])
LIST = RECORDS[9:]


def loved(number: int) -> FeedbackEvent:
    return FeedbackEvent(ReleaseId(number), "loved", NOW)


def test_pressings_and_copies_of_the_same_release_count_once() -> None:
    summary = overview(Taste(owned=(*OWNED, OWNED[0], record(99, master=5)), wanted=(RECORDS[20],) * 2), None)
    assert (summary.records, summary.wanted, summary.map) == (10, 1, None)
    assert summary.styles.parts[0] == OwnedPart(name="Deep House", records=3, id=None)
    assert (summary.styles.known, summary.styles.without) == (9, 0)


def test_the_map_shows_the_biggest_styles_with_their_owned_records() -> None:
    summary = overview(Taste(owned=OWNED), learned_from(Taste(owned=OWNED), RECORDS))
    assert summary.map is not None
    mapped = {style.name: style for style in summary.map.styles}
    assert {name: style.records for name, style in mapped.items()} == dict.fromkeys(
        ("House", "Deep House", "Dub", "Jazz"), 3
    )
    assert mapped["House"].neighbours[0].name == "Deep House"
    assert len(mapped) <= MOST_STYLES
    assert summary.map.unplaced == 0


def test_each_love_and_hide_is_shown_with_what_it_moved() -> None:
    taste = Taste(owned=OWNED, loved=(RECORDS[10],), hidden=(RECORDS[12],))
    said = [loved(11), FeedbackEvent(ReleaseId(13), "hidden", NOW), loved(30)]
    moved_by = moves(said, taste, learned_from(taste, RECORDS), LIST)
    assert [(effect.release_id, effect.said, effect.effect) for effect in moved_by] == [
        (11, "loved", "moved"),
        (13, "hidden", "moved"),
    ]
    moved = {record.release_id for each in moved_by for record in each.moved_records}
    assert moved
    assert 13 not in moved
    assert moved <= {release.id for release in LIST}


def test_a_record_of_which_nothing_else_tells_is_named_as_the_list_has_it() -> None:
    bare = record(11, title="Release 11")
    taste = Taste(owned=OWNED, loved=(bare,))
    (effect,) = moves([loved(11)], taste, learned_from(taste, RECORDS), LIST)
    assert (effect.title, effect.artists) == (RECORDS[10].title, ("Artist 1",))


def test_it_is_said_why_nothing_moved() -> None:
    taste = Taste(owned=OWNED, loved=(RECORDS[10], OWNED[0], record(77, "Nobody")))
    learned = learned_from(Taste(owned=OWNED), RECORDS)

    def why(number: int, *rest: object) -> str:
        return moves([loved(number)], taste, *rest)[0].effect  # type: ignore[arg-type]

    assert why(1, learned, LIST) == "owned"
    assert why(77, learned, LIST) == "not learned"
    assert why(11, learned, []) == "no list"
    assert why(11, None, LIST) == "no model"


@pytest.fixture
def recommended_records(installation: Installation) -> list[Release]:
    """The records of the first list of the demo collector."""
    run = installation.open(RunKind.RECOMMEND, installation.demo())
    installation.carry_out(recommend, run)
    found = finished_as(installation.ctx.db, installation.owner, run.id, RecommendationResult)
    assert found is not None
    return [recommendation.release for recommendation in found.recommendations]


def test_what_was_said_counts_with_the_model_that_serves_until_it_is_undone(
    installation: Installation, recommended_records: list[Release]
) -> None:
    ctx, user, owner = installation.ctx, installation.demo(), installation.owner
    learned, usual = serving(ctx, owner, user), served(ctx.settings, owner, user, basis_of(ctx, owner, user))
    assert learned is not None
    assert usual is not None
    assert (learned.name, learned.collectors) == (usual.name, usual.collectors)
    assert serving(ctx, OwnerId(owner + 1), user) is None
    assert serving(ctx, owner, UserName("another")) is None
    liked = recommended_records[3].id

    def effects() -> list[tuple[int, str]]:
        found = moves(
            recent_feedback(ctx.db, owner, user), full_taste(ctx, owner, user), learned, recommended_records
        )
        return [(effect.release_id, effect.effect) for effect in found]

    feedback.say(ctx.db, owner, user, liked, "love", ctx.clock.now())
    assert effects() == [(liked, "moved")]
    feedback.say(ctx.db, owner, user, liked, "unlove", ctx.clock.now())
    assert effects() == []
