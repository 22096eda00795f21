"""Whether the list is worth having: hidden records of the sandbox's collectors, found again among 50."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from tests.engine.recommendations.collectors import releases, world

from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.engine.recommendations.ranking import recommend
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.taste import OWNED, WANTED, WEIGHTS, Taste
from discogs_assistant.engine.recommendations.training_data import content_alone, learn, training_data
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.model.release import Release

TOP = 50
CONSENTING = 60
TESTED = range(CONSENTING + 1, CONSENTING + 13)
LONE = 2


@dataclass(frozen=True)
class Hidden:
    """A collector with a fifth of the collection's items hidden, and nothing that tells of them left."""

    taste: Taste
    items: frozenset[int]


@dataclass(frozen=True)
class Instance:
    releases: Sequence[Release]
    consenting: Sequence[dict[int, float]]
    tested: Sequence[Hidden]

    @property
    def popular(self) -> list[int]:
        owners = Counter(item for items in self.consenting for item in items)
        return sorted(owners, key=lambda item: (-owners[item], item))


@pytest.fixture(scope="module", params=[1, 2])
def instance(request: pytest.FixtureRequest) -> Instance:
    made_up = world(request.param)
    known = releases(made_up)
    accounts = made_up.collectors

    def items(place: int) -> dict[int, float]:
        account = accounts[place]
        wanted = {known[row.release].item_key: WEIGHTS[WANTED] for row in account.wants}
        return wanted | {known[row.release].item_key: WEIGHTS[OWNED] for row in account.items}

    def hidden(place: int) -> Hidden:
        owned = [known[row.release] for row in accounts[place].items]
        keys = sorted({release.item_key for release in owned})
        out = frozenset(
            np.random.default_rng([0, place]).choice(keys, len(keys) // 5, replace=False).tolist()
        )
        wanted = (known[row.release] for row in accounts[place].wants)
        return Hidden(
            Taste(
                owned=tuple(release for release in owned if release.item_key not in out),
                wanted=tuple(release for release in wanted if release.item_key not in out),
            ),
            out,
        )

    consenting = [items(place) for place in range(1, CONSENTING + 1)]
    return Instance(list(known.values()), consenting, [hidden(place) for place in TESTED])


def recall(found: Sequence[int], hidden: Hidden) -> float:
    return len(set(found[:TOP]) & hidden.items) / min(TOP, len(hidden.items))


def recall_of(instance: Instance, learn_of: Callable[[Hidden], Model], tested: Sequence[Hidden]) -> float:
    recalls = []
    for person in tested:
        learned = Learned("test", learn_of(person))
        found = recommend(learned, person.taste, instance.releases, RecommendationFilters(), limit=TOP)
        recalls.append(recall([r.release.item_key for r in found.recommendations], person))
    return float(np.mean(recalls))


def recall_of_popularity(instance: Instance, tested: Sequence[Hidden]) -> float:
    recalls = []
    for person in tested:
        given = set(person.taste.weights)
        recalls.append(recall([item for item in instance.popular if item not in given], person))
    return float(np.mean(recalls))


def test_with_sixty_collectors_the_hidden_fifth_is_found_thrice_as_often_as_by_popularity(
    instance: Instance,
) -> None:
    shared = learn(training_data(instance.consenting, instance.releases))
    popular = recall_of_popularity(instance, instance.tested)
    assert recall_of(instance, lambda _: shared, instance.tested) >= 3 * popular


def test_for_a_lone_user_it_is_found_twice_as_often_and_no_less_than_by_likeness_alone(
    instance: Instance,
) -> None:
    some = instance.tested[:LONE]
    found = recall_of(
        instance, lambda one: learn(training_data([one.taste.weights], instance.releases)), some
    )
    alike = content_alone(training_data((), instance.releases))
    assert found >= 2 * recall_of_popularity(instance, some)
    assert found >= recall_of(instance, lambda _: alike, some)
