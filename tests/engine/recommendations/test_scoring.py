"""Scores, their exact sums, and what is never recommended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.engine.recommendations.learned import ALL, learned_from, listed
from tests.engine.recommendations.records import record, tastes

from discogs_assistant.engine.recommendations.exposure_decay import decay_factor
from discogs_assistant.engine.recommendations.ranking import recommend
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.ids import ArtistId, ReleaseId
from discogs_assistant.model.recommendation import Recommendation, RecommendationFilters
from discogs_assistant.model.release import ArtistCredit, Release

ITEMS = [1, 2, 3, 4, 5, -1, -2, -3, -4, -5, -6, -7]
COLLECTORS = st.lists(
    st.dictionaries(st.sampled_from(ITEMS), st.sampled_from([1.0, 2.0]), max_size=8), min_size=20, max_size=24
)


def test_what_was_passed_over_on_many_days_sinks_by_the_stated_formula() -> None:
    assert [decay_factor(days) for days in (0, 1, 3)] == [1.0, 1.0, 1.0]
    assert [decay_factor(days) for days in (4, 8, 13)] == pytest.approx([0.98, 0.9, 0.8])
    assert decay_factor(10_000) == pytest.approx(0.8)


@settings(max_examples=25, deadline=None)
@given(tastes(), st.dictionaries(st.integers(1, 12), st.integers(1, 30)))
def test_only_what_was_passed_over_and_is_not_wanted_sinks(
    drawn: tuple[Taste, list[Release]], days: dict[int, int]
) -> None:
    taste, candidates = drawn
    everything = RecommendationFilters(include_wantlist=True)
    before = {
        recommended.release.item_key: recommended for recommended in listed(taste, candidates, everything)
    }
    after = listed(taste, candidates, everything, passed_over=days)
    assert {recommended.release.item_key for recommended in after} == before.keys()
    for recommended in after:
        item = recommended.release.item_key
        pressings = [r.id for r in (*candidates, *taste.wanted) if r.item_key == item]
        most = max((days.get(int(id), 0) for id in pressings), default=0)
        factor = 1.0 if recommended.wanted else decay_factor(most)
        assert recommended.score == pytest.approx(before[item].score * factor)
    assert [recommended.score for recommended in after] == sorted(
        (recommended.score for recommended in after), reverse=True
    )


def ids(recommendations: tuple[Recommendation, ...]) -> list[int]:
    return [int(recommendation.release.id) for recommendation in recommendations]


@settings(max_examples=25, deadline=None)
@given(tastes(), st.one_of(st.just([]), COLLECTORS))
def test_the_contributions_add_up_to_the_score(
    drawn: tuple[Taste, list[Release]], collectors: list[dict[int, float]]
) -> None:
    taste, candidates = drawn
    assume(candidates)
    scores = learned_from(taste, candidates, collectors).scores(taste, [r.item_key for r in candidates])
    for release in candidates:
        found = scores.contributions(release.item_key).total
        assert found == pytest.approx(scores.of(release.item_key), abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(tastes(), st.one_of(st.just([]), COLLECTORS), st.booleans())
def test_nothing_owned_hidden_or_unasked_is_recommended(
    drawn: tuple[Taste, list[Release]], collectors: list[dict[int, float]], wanted: bool
) -> None:
    taste, candidates = drawn
    filters = RecommendationFilters(include_wantlist=wanted)
    found = listed(taste, candidates, filters, learned_from(taste, candidates, collectors))
    keys = [recommended.release.item_key for recommended in found]
    assert not set(keys) & {release.item_key for release in (*taste.owned, *taste.hidden)}
    assert wanted or not set(keys) & {release.item_key for release in taste.wanted}
    assert len(set(keys)) == len(keys)
    assert all(recommended.score > 0 for recommended in found)
    assert [recommended.rank for recommended in found] == list(range(1, len(found) + 1))
    assert not taste.known or [recommended.score for recommended in found] == sorted(
        (o.score for o in found), reverse=True
    )


@settings(max_examples=15, deadline=None)
@given(tastes(), COLLECTORS, st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_changes_nothing(
    drawn: tuple[Taste, list[Release]], collectors: list[dict[int, float]], dice: object
) -> None:
    taste, candidates = drawn
    shuffled = list(candidates)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    found = listed(taste, candidates, learned=learned_from(taste, candidates, collectors))
    assert listed(taste, shuffled, learned=learned_from(taste, shuffled, collectors)) == found


def test_what_many_have_together_leads_from_one_to_the_other() -> None:
    taste, candidate = Taste(owned=(record(10, master=1),)), [record(20, master=2), record(30, master=3)]
    both = [{1: 2.0, 2: 2.0}] * 20 + [{3: 2.0}] * 5
    assert ids(listed(taste, candidate, learned=learned_from(taste, candidate, both)))[0] == 20


def test_a_record_by_an_owned_artist_beats_one_that_shares_only_the_format() -> None:
    taste = Taste(owned=(record(1, "Ann", formats=("Vinyl",)), record(2, "Bo", formats=("Vinyl",))))
    candidates = [record(3, "Cy", formats=("Vinyl",)), record(4, "Ann", formats=("Vinyl",)), record(5, "Cy")]
    assert ids(listed(taste, candidates))[:2] == [4, 3]


def test_the_best_score_is_1() -> None:
    taste = Taste(owned=(record(1, "Ann"),))
    assert [recommended.score for recommended in listed(taste, [record(2, "Ann")])] == [1.0]


def test_owning_counts_more_than_wanting_and_stars_count() -> None:
    def scores(taste: Taste) -> dict[int, float]:
        candidates = [record(3, "Ann"), record(4, "Bo"), record(5, "Cy"), record(6, "Cy")]
        return {int(recommended.release.id): recommended.score for recommended in listed(taste, candidates)}

    ann, bo = record(1, "Ann"), record(2, "Bo")
    owned = scores(Taste(owned=(ann,), wanted=(bo,)))
    assert owned[3] == 1.0 > owned[4]
    rated = scores(Taste(owned=(ann, bo), stars={bo.item_key: 1, ann.item_key: 5}))
    assert rated[3] == 1.0 > rated[4]


def test_what_is_hidden_speaks_against_what_is_like_it() -> None:
    owned = (record(1, "Ann", label="Blue"), record(9, "Di", label="Blue"))
    candidates = [record(3, "Ann"), record(4, "Bo", label="Blue"), record(5, "Di")]
    before = {
        recommended.release.id: recommended.score for recommended in listed(Taste(owned=owned), candidates)
    }
    hidden = Taste(owned=owned, hidden=(record(2, "Bo", label="Red"),))
    after = {recommended.release.id: recommended.score for recommended in listed(hidden, candidates)}
    assert after.get(ReleaseId(4), 0.0) < before[ReleaseId(4)]


def test_another_pressing_of_an_owned_record_from_a_file_is_known_by_artist_and_title() -> None:
    taste = Taste(owned=(record(1, "Ann", title="Blue Room"), record(2, "Ann", title="Red Room")))
    candidates = [record(3, "Ann", title="Blue Room", master=9), record(4, "Ann", title="Green Room")]
    assert ids(listed(taste, candidates)) == [4]


def test_a_release_id_is_never_taken_for_a_masters() -> None:
    taste = Taste(owned=(record(1, "Ann", master=55),))
    assert ids(listed(taste, [record(55, "Ann")])) == [55]


def test_wants_are_scored_without_what_they_say_of_themselves() -> None:
    taste = Taste(owned=(record(1, "Ann"),), wanted=(record(2, "Ann"), record(3, "Bo")))
    candidates = [record(4, "Ann"), record(5, "Bo")]
    found = recommend(learned_from(taste, candidates), taste, candidates, ALL, limit=10)
    assert 0 <= found.wants[ReleaseId(3)] < found.wants[ReleaseId(2)] < found.recommendations[0].score == 1.0
    assert all(not recommendation.wanted for recommendation in found.recommendations)


def test_asked_for_the_wantlists_records_are_ranked_too() -> None:
    taste = Taste(owned=(record(1, "Ann"),), wanted=(record(2, "Ann"),))
    found = listed(taste, [record(3, "Ann")], RecommendationFilters(include_wantlist=True))
    assert {(int(recommended.release.id), recommended.wanted) for recommended in found} == {
        (2, True),
        (3, False),
    }


def test_of_several_pressings_one_that_is_preferred_is_shown() -> None:
    taste = Taste(owned=(record(1, "Ann"),))
    pressings = [record(2, "Ann", master=7, year=1970), record(3, "Ann", master=7, year=1990)]
    assert ids(listed(taste, pressings)) == [2]
    assert ids(listed(taste, pressings, prefer={ReleaseId(3)})) == [3]


def test_of_several_pressings_one_in_an_owned_format_and_from_home_is_shown() -> None:
    mine = (record(1, "Ann", formats=("Vinyl",), country="Japan"),)
    cd = record(2, "Ann", master=7, year=1970, formats=("CD",), country="Japan")
    vinyl = [
        record(n, "Ann", master=7, formats=("Vinyl",), country=at) for n, at in ((3, "US"), (4, "Japan"))
    ]
    assert ids(listed(Taste(owned=mine), [cd, *vinyl], prefer={ReleaseId(2)})) == [4]
    assert ids(listed(Taste(owned=mine), [cd, *vinyl], prefer={ReleaseId(3)})) == [3]
    assert ids(
        listed(Taste(owned=mine, wanted=(cd,)), vinyl, RecommendationFilters(include_wantlist=True))
    ) == [2]


@pytest.mark.parametrize(
    "printed",
    ["Ann, Bo & Cy", "Bo / Ann", "Bo feat. Ann", "Bo Vs. Ann", "bo and ANN", "Bo, Cy With Ann", "Ann"],
)
def test_an_artist_within_the_one_text_of_a_copy_for_sale_is_known(printed: str) -> None:
    taste = Taste(owned=(record(1, "Ann", styles=("Dub",)),))
    candidates = [record(2, printed, styles=("Dub",)), record(3, "Dee & Eve", styles=("Dub",))]
    assert ids(listed(taste, candidates, RecommendationFilters(new_artists=True))) == [3]


def test_an_artist_with_an_id_is_no_text_of_several() -> None:
    group = ArtistCredit(ArtistId(7), "Earth, Wind & Fire")
    taste = Taste(owned=(record(1, "Wind", styles=("Dub",)),))
    candidate = replace(record(2, styles=("Dub",)), artists=(group,))
    assert ids(listed(taste, [candidate], RecommendationFilters(new_artists=True))) == [2]


def test_new_artists_and_labels_are_those_that_no_record_of_the_person_has() -> None:
    taste = Taste(owned=(record(1, "Ann", label="Blue", styles=("Dub",)),), wanted=(record(2, "Bo"),))
    candidates = [
        record(3, "ann", label="Red", styles=("Dub",)),
        record(4, "Bo", label="Blue", styles=("Dub",)),
        record(5, "Cy", label="Red", styles=("Dub",)),
        record(6, "Various", label="Not On Label", styles=("Dub",)),
    ]
    found = {
        int(recommended.release.id): (recommended.new_artist, recommended.new_label)
        for recommended in listed(taste, candidates)
    }
    assert found == {3: (False, True), 4: (False, False), 5: (True, True), 6: (False, False)}
    assert set(ids(listed(taste, candidates, RecommendationFilters(new_artists=True)))) == {5}
    assert set(ids(listed(taste, candidates, RecommendationFilters(new_labels=True)))) == {3, 5}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (RecommendationFilters(styles=frozenset({"dub"})), {2}),
        (RecommendationFilters(genres=frozenset({"Jazz"})), {3}),
        (RecommendationFilters(formats=frozenset({"lp"})), {2}),
        (RecommendationFilters(countries=frozenset({"GB"})), {2}),
        (RecommendationFilters(countries=frozenset({"uk", "Japan"})), {2, 3}),
        (RecommendationFilters(year_from=1970), {2}),
        (RecommendationFilters(year_from=1960, year_to=1969), {3}),
        (RecommendationFilters(), {2, 3, 4}),
    ],
)
def test_filters_let_through_what_fits_and_nothing_unknown(
    filters: RecommendationFilters, expected: set[int]
) -> None:
    candidates = [
        record(2, "Ann", styles=("Dub",), country="UK", year=1978, formats=("Vinyl", "LP")),
        record(3, "Ann", genres=("Jazz",), country="Japan", year=1969, formats=("CD",)),
        record(4, "Ann"),
    ]
    assert set(ids(listed(Taste(owned=(record(1, "Ann"),)), candidates, filters))) == expected


def test_who_has_no_records_gets_what_many_have_a_few_of_each_style() -> None:
    candidates = [record(n, "Ann", master=n, styles=("Dub",)) for n in (1, 2, 3)]
    candidates += [record(n, "Bo", master=n, styles=("House",)) for n in (4, 5)]
    have = {1: 20, 2: 19, 3: 18, 4: 4, 5: 1}
    collectors = [{item: 2.0 for item, count in have.items() if n < count} for n in range(20)]
    found = listed(Taste(), candidates, learned=learned_from(Taste(), candidates, collectors))
    assert ids(found) == [1, 4, 2, 3]
    assert {reason.kind for recommended in found for reason in recommended.reasons} == {"collectors"}


def test_nothing_known_gives_no_recommendations() -> None:
    assert listed(Taste(owned=(record(1, "Ann"),)), []) == ()
    assert listed(Taste(owned=(record(1),)), [record(2)]) == ()
    unknown = learned_from(Taste(), [record(9, "Ann")])
    assert listed(Taste(owned=(record(1, "Ann"),)), [record(2, "Ann")], learned=unknown) == ()
