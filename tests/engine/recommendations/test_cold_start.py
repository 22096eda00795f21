"""Records that a model has not learned: none is lost, and what they are made of counts exactly."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.engine.recommendations.learned import learned_from, listed
from tests.engine.recommendations.records import record, tastes
from tests.engine.recommendations.test_scoring import COLLECTORS

from discogs_assistant.engine.recommendations.cold_start import worth_of_likeness
from discogs_assistant.engine.recommendations.reasons import reasons
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.engine.recommendations.training_data import content_alone, training_data
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.model.release import Release

OWN = Taste(owned=tuple(record(n, "Ann", label="Blue", styles=("Dub",)) for n in (1, 2, 3)))
POOL = [record(n, "Ann" if n % 3 else "Bo", label="Blue", styles=("Dub",)) for n in range(10, 30)]
POOL += [record(n, "Cy", label="Red", styles=("House",)) for n in range(30, 50)]
LIKE, UNLIKE = (
    record(60, "Ann", label="Blue", styles=("Dub",)),
    record(61, "Cy", label="Red", styles=("House",)),
)


def content(releases: list[Release]) -> Learned:
    return Learned("content", content_alone(training_data((), releases)))


def made_of(learned: Learned, item: int) -> dict[tuple[str, str], float]:
    row = learned.rows([item])
    names = [learned.features[feature] for feature in row.indices]
    return {(name.kind, name.key): value for name, value in zip(names, row.data.tolist(), strict=True)}


def test_it_is_made_of_what_a_lesson_of_all_would_make_of_it() -> None:
    new = [LIKE, UNLIKE, record(62, "New", styles=("Dub",)), record(63, "new")]
    alone = record(9, "New", label="Blue")
    some, every = content([*POOL, alone]).knowing([alone, *new]), content([*POOL, alone, *new])
    for release in (alone, *new):
        assert made_of(some, release.item_key) == pytest.approx(made_of(every, release.item_key))
    assert ("artist", "new") in made_of(some, new[3].item_key)


def test_what_the_model_has_learned_changes_nothing() -> None:
    learned = learned_from(OWN, POOL)
    assert learned.knowing([*OWN.owned, *POOL]) is learned


@settings(max_examples=25, deadline=None)
@given(tastes(), st.one_of(st.just([]), COLLECTORS), st.integers(1, 3))
def test_the_contributions_add_up_to_the_score(
    drawn: tuple[Taste, list[Release]], collectors: list[dict[int, float]], every: int
) -> None:
    taste, candidates = drawn
    assume(candidates)
    known = Taste(owned=taste.owned[::every], hidden=taste.hidden[::2])
    learned = learned_from(known, candidates[::2], collectors)
    learned = learned.knowing([*taste.known, *taste.hidden, *candidates])
    scores = learned.scores(taste, [candidate.item_key for candidate in candidates])
    for candidate in candidates:
        parts = scores.contributions(candidate.item_key)
        assert parts.total == pytest.approx(scores.of(candidate.item_key), abs=1e-4)
        found = reasons(parts, taste, len(collectors))
        assert not found or sum(reason.share for reason in found) == pytest.approx(1)


def test_a_candidate_is_not_lost_and_stands_where_what_is_as_like_stands() -> None:
    learned = learned_from(OWN, POOL)
    assert 60 not in {
        recommended.release.id for recommended in listed(OWN, [*POOL, LIKE, UNLIKE], learned=learned)
    }
    found = listed(OWN, [*POOL, LIKE, UNLIKE], learned=learned.knowing([*POOL, LIKE, UNLIKE]))
    score = {int(recommended.release.id): recommended.score for recommended in found}
    assert score[10] / 3 < score[60] < score[10] * 3
    assert score[60] > score[12]
    assert score[60] > score.get(61, 0.0)
    (shown,) = (recommended for recommended in found if recommended.release.id == 60)
    assert any(reason.kind == "owned" for reason in shown.reasons)


def test_a_record_of_one_s_own_counts_too() -> None:
    learned = learned_from(OWN, POOL)
    taste = Taste(owned=(*OWN.owned, UNLIKE))
    before = {
        recommended.release.id: recommended.score for recommended in listed(taste, POOL, learned=learned)
    }
    after = {
        recommended.release.id: recommended.score
        for recommended in listed(taste, POOL, learned=learned.knowing([UNLIKE]))
    }
    assert after[POOL[-1].id] > before.get(POOL[-1].id, 0.0)


def test_a_hidden_record_speaks_against_what_is_like_it() -> None:
    hidden = Taste(owned=OWN.owned, hidden=(record(80, "Bo", label="Blue"),))
    learned = learned_from(OWN, POOL)
    before, after = (
        {int(recommended.release.id): recommended.score for recommended in listed(hidden, POOL, learned=some)}
        for some in (learned, learned.knowing(hidden.hidden))
    )
    assert after.get(12, 0.0) < before[12]
    assert after[10] == before[10] == 1.0


def test_someone_without_learned_records_is_served_by_likeness_of_features_that_nobody_had() -> None:
    collectors = [{-n: 2.0 for n in range(30, 50)}] * 20
    learned = learned_from(OWN, POOL, collectors)
    mine, near = record(70, "New", label="New"), record(71, "New", label="New")
    found = listed(Taste(owned=(mine,)), [*POOL, near], learned=learned.knowing([mine, near]))
    assert [int(recommended.release.id) for recommended in found] == [71]
    assert found[0].score == 1.0


def test_a_surprising_list_has_them_too_and_takes_them_for_little_known() -> None:
    collectors = [{-n: 2.0 for n in range(10, 50) if n % 2 == place % 2} for place in range(20)]
    learned = learned_from(OWN, POOL, collectors).knowing([LIKE])
    assert learned.traits([LIKE.item_key, POOL[0].item_key]).popularity.tolist()[0] == 0.0
    assert learned.traits([POOL[0].item_key, LIKE.item_key]).rows.shape == (2, len(learned.features))
    found = listed(OWN, [*POOL, LIKE], RecommendationFilters(surprise=Decimal(1)), learned)
    assert LIKE.id in {recommended.release.id for recommended in found}


def test_likeness_is_worth_what_it_is_worth_on_the_mean() -> None:
    likeness = np.array([0.0, 0.5, 1.0])
    assert worth_of_likeness(3 * likeness, likeness) == pytest.approx(3.0)
    assert worth_of_likeness(-likeness, likeness) == 0.0
    assert worth_of_likeness(likeness, np.zeros(3)) == 1.0
