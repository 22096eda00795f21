"""Reasons: their shares are the score's own parts."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.engine.recommendations.learned import learned_from, listed
from tests.engine.recommendations.records import record, tastes
from tests.engine.recommendations.test_scoring import COLLECTORS

from discogs_assistant.engine.recommendations.reasons import reasons
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.recommendation import Reason, RecommendationFilters
from discogs_assistant.model.release import Release

ALL = RecommendationFilters(include_wantlist=True)


def why(taste: Taste, candidates: list[Release]) -> tuple[Reason, ...]:
    """The reasons of the first recommendation."""
    return listed(taste, candidates, ALL)[0].reasons


@settings(max_examples=30, deadline=None)
@given(tastes(), st.one_of(st.just([]), COLLECTORS))
def test_shares_add_up_to_the_score(
    drawn: tuple[Taste, list[Release]], collectors: list[dict[int, float]]
) -> None:
    taste, candidates = drawn
    found = listed(taste, candidates, ALL, learned_from(taste, candidates, collectors))
    assume(found)
    for recommended in found:
        named = [
            reason.share for reason in recommended.reasons if reason.kind not in ("others", "collectors")
        ]
        assert named == sorted(named, reverse=True)
        assert all(share > 0 for share in named)
        assert len(named) <= 5
        assert len(recommended.reasons) <= len(named) + 1
        assert sum(reason.share for reason in recommended.reasons) == pytest.approx(1.0)


@settings(max_examples=15, deadline=None)
@given(tastes(), COLLECTORS)
def test_an_owned_records_share_is_what_it_adds_to_the_score(
    drawn: tuple[Taste, list[Release]], collectors: list[dict[int, float]]
) -> None:
    taste, candidates = drawn
    scores = learned_from(taste, candidates, collectors).scores(taste, [r.item_key for r in candidates])
    contributions = [scores.contributions(release.item_key) for release in candidates]
    shown = [(parts, reason) for parts in contributions for reason in reasons(parts, taste, 20)]
    owned = [(parts, reason) for parts, reason in shown if reason.kind == "owned"]
    assume(owned)
    for parts, reason in owned:
        item = next(i for i, (_, r) in taste.releases.items() if r.id == reason.release_id)
        place = parts.items.index(item)
        added = parts.content[place].sum() + parts.together[place]
        assert reason.share * parts.total == pytest.approx(added, abs=1e-9)


def test_the_record_that_adds_most_is_named_with_its_artist() -> None:
    taste = Taste(
        owned=(record(1, "Ann", title="Blue Room", styles=("Dub",)), record(2, "Bo", styles=("Dub",)))
    )
    explained = why(taste, [record(3, "Ann", styles=("Dub",)), record(4, "Cy")])
    assert explained[0].text == "Because you own “Blue Room” by Ann."
    assert (explained[0].kind, explained[0].release_id) == ("owned", 1)


def test_shared_artists_labels_and_people_are_counted() -> None:
    owned = tuple(
        record(n, "Ann", label="Blue", credits=(("Dee", "Bass"), ("Dee", "Drums"))) for n in range(1, 9)
    )
    others = [record(n, "Cy") for n in range(50, 60)]
    explained = why(
        Taste(owned=(*owned, others[0])),
        [record(20, "Ann", label="Blue", credits=(("Dee", "Bass"), ("Dee", "Drums"))), *others[1:]],
    )
    texts = {reason.kind: reason.text for reason in explained}
    assert texts["artist"] == "You know Ann from 8 of your records."
    assert texts["label"] == "On Blue, like 8 of your records."
    assert texts["credit"] == "Dee (Bass) also worked on 8 of your records."
    assert texts["others"].startswith("Your ")


def test_a_shared_style_is_counted() -> None:
    owned = tuple(record(n, "Ann", styles=("Dub",)) for n in (1, 2, 3))
    others = [record(n, "Cy") for n in range(50, 60)]
    explained = why(Taste(owned=(*owned, others[0])), [record(20, "Bo", styles=("Dub",)), *others[1:]])
    assert [reason.text for reason in explained if reason.kind == "style"] == ["Dub, like 3 of your records."]


def test_wanted_and_loved_records_are_called_so() -> None:
    unlike = record(9, "Cy")
    assert why(Taste(wanted=(record(1, "Ann"),)), [record(2, "Ann"), unlike])[0].text == (
        "Because “Title 1” by Ann is on your wantlist."
    )
    assert why(Taste(loved=(record(1, "Ann"),)), [record(2, "Ann"), unlike])[0].text == (
        "Because you love “Title 1” by Ann."
    )


def test_what_is_hidden_speaks_against_in_the_last_reason() -> None:
    owned, hidden = record(1, "Ann", label="Blue"), record(2, "Bo", label="Blue")
    candidates = [record(3, "Ann"), record(4, "Ann", label="Blue"), record(5, "Bo")]
    explained = {
        recommended.release.id: recommended.reasons
        for recommended in listed(Taste(owned=(owned,), hidden=(hidden,)), candidates)
    }
    assert explained[record(4).id][-1].share < 0
    assert "speak against it" in explained[record(4).id][-1].text
