"""Finished lists narrowed and mixed: by what was kept with them, and by what is for sale now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from tests.pipelines.installation import Installation, open_installation

from discogs_assistant.engine.recommendations.ordering import by_novelty
from discogs_assistant.model.ids import RunId
from discogs_assistant.model.recommendation import RecommendationFilters, RecommendationResult
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.recommendations.list_filters import (
    EVERYTHING,
    NarrowedList,
    Narrowing,
    narrowed_list,
)
from discogs_assistant.pipelines.recommendations.novelty_traits import stored_traits
from discogs_assistant.pipelines.recommendations.recommend import ranked, recommend
from discogs_assistant.pipelines.runtime.results.finished import finished_as
from discogs_assistant.pipelines.runtime.results.releases import artist_names
from discogs_assistant.pipelines.runtime.runs import find
from discogs_sandbox.server import SandboxServer


@pytest.fixture(scope="module")
def installation_with_list(
    discogs: SandboxServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Installation, RunId, RecommendationResult]]:
    """An installation with a finished list of sixty records, which no test changes."""
    installation = open_installation(discogs, tmp_path_factory.mktemp("listed"), discography_requests=20)
    run = installation.open(RunKind.RECOMMEND, installation.demo(), top=60)
    installation.carry_out(recommend, run)
    found = finished_as(installation.ctx.db, installation.owner, run.id, RecommendationResult)
    assert found is not None
    yield installation, run.id, found
    installation.ctx.db.close()


def narrow(
    installation_with_list: tuple[Installation, RunId, RecommendationResult], **by: Any
) -> NarrowedList:
    installation, run, result = installation_with_list
    return narrowed_list(installation.ctx, installation.owner, run, result, Narrowing(**by))


def ranks(found: NarrowedList) -> list[int]:
    return [recommendation.rank for recommendation in found.result.recommendations]


def test_a_finished_list_is_mixed_as_a_new_one_of_the_same_records_would_be(
    installation_with_list: tuple[Installation, RunId, RecommendationResult],
) -> None:
    installation, run, _ = installation_with_list
    assert ranks(narrow(installation_with_list)) == list(range(1, 61))
    mixed = narrow(installation_with_list, surprise=Decimal(1))
    assert not mixed.unmixed
    assert sorted(ranks(mixed)) == list(range(1, 61)) != ranks(mixed)
    assert mixed == narrow(installation_with_list, surprise=Decimal(1))
    traits = stored_traits(installation.ctx.db, installation.owner, run)
    assert traits is not None

    def likeness(found: NarrowedList) -> float:
        first = found.result.recommendations[:20]
        rows = traits([recommended.release.item_key for recommended in first]).rows
        alike = (rows @ rows.T).toarray()
        return float(alike.sum() - np.trace(alike))

    assert likeness(mixed) < 0.9 * likeness(narrow(installation_with_list))
    learned, found = ranked(
        installation.ctx, find(installation.ctx.db, installation.owner, run), RecommendationFilters(), 60
    )
    wished = by_novelty(found.recommendations, learned.traits, 1.0, None, 60)
    assert ranks(mixed) == [one.rank for one in wished]


def test_without_surprise_a_list_is_in_the_order_of_its_scores(
    installation_with_list: tuple[Installation, RunId, RecommendationResult],
) -> None:
    installation, run, result = installation_with_list
    turned = replace(result, recommendations=result.recommendations[::-1])
    found = narrow((installation, run, turned), surprise=Decimal(0)).result.recommendations
    scores = [recommended.score for recommended in found]
    assert len(found) == 60
    assert scores == sorted(scores, reverse=True)


def test_a_list_of_which_nothing_was_kept_stays_and_says_so(
    installation_with_list: tuple[Installation, RunId, RecommendationResult],
) -> None:
    installation, _, result = installation_with_list
    other = installation.open(RunKind.RECOMMEND, installation.demo())
    found = narrow((installation, other.id, result), surprise=Decimal(1))
    assert found.unmixed
    assert ranks(found) == list(range(1, 61))


@pytest.mark.parametrize("surprise", [None, Decimal(0), Decimal("0.5")])
def test_an_artist_has_no_more_records_than_asked_for_and_gone_ones_take_no_place(
    installation_with_list: tuple[Installation, RunId, RecommendationResult], surprise: Decimal | None
) -> None:
    filters = replace(EVERYTHING, per_artist=1)
    first = narrow(installation_with_list, filters=filters, surprise=surprise).result.recommendations
    met = Counter(name for recommended in first for name in artist_names(recommended.release))
    assert max(count for name, count in met.items() if name != "Various") == 1
    assert len(first) < 60
    gone = first[0].release.id
    second = narrow(
        installation_with_list, filters=filters, surprise=surprise, gone={gone}
    ).result.recommendations
    assert gone not in [recommended.release.id for recommended in second]


def test_kept_traits_are_its_owners_alone(
    installation_with_list: tuple[Installation, RunId, RecommendationResult],
) -> None:
    installation, run, _ = installation_with_list
    assert stored_traits(installation.ctx.db, type(installation.owner)(99), run) is None
