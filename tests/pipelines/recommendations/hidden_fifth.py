"""`python -m tests.pipelines.recommendations.hidden_fifth`: what two versions find of hidden records, and
what can be found.

The first one and this are asked in one run, of the same collectors: with all that is known of a made-up
world, and end to end, of what a lone user's allowance of requests brings. Beside them stands an oracle, which
knows by what weights each collector's records were drawn, and so what no model could do better in the mean
than by luck. `known` or `requested` after the command prints that half alone.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tests.engine.recommendations.collectors import releases, world
from tests.pipelines.installation import open_installation
from tests.pipelines.recommendations.drawn_tastes import drawn_tastes
from tests.pipelines.recommendations.first_version import FirstVersion
from tests.pipelines.recommendations.test_recommend import hide_a_fifth

from discogs_assistant.engine.recommendations.learning.interactions import Floats
from discogs_assistant.engine.recommendations.learning.metrics import ndcg, paired, recall
from discogs_assistant.engine.recommendations.ranking import recommend as rank
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.engine.recommendations.training_data import learn, training_data
from discogs_assistant.model.ids import UserName
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.recommendations.list_inputs import basis_of
from discogs_assistant.pipelines.recommendations.recommend import recommend
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World

SEEDS, TESTED, DEPTH = (1, 2), 30, 100
LONE_SEEDS, LONE_TESTED = (1, 2, 5), 6
_ALL = RecommendationFilters()


def main(*asked: str) -> None:
    """Print both tables, or the one asked for."""
    print("| who is asked | collectors | first version | this one | better by | oracle | of the oracle |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for collectors in (0, 20, 60, 269) if "requested" not in asked else ():
        rows = np.array([row for seed in SEEDS for row in with_all_known(seed, collectors)])
        show("all is known", collectors, rows)
    if "known" not in asked:
        show("40 requests", 0, np.array(list(end_to_end())))


def show(name: str, collectors: int, rows: Floats) -> None:
    """A row for each metric; `rows` (people, 6): both of the first version, this one and the oracle."""
    for at, metric in enumerate(("recall@50", "NDCG@100")):
        first, this, oracle = rows[:, at], rows[:, 2 + at], rows[:, 4 + at].mean()
        gap = paired(this, first)
        better = f"{gap.mean / first.mean():+.1%} ({gap.mean:+.3f} ± {gap.error:.3f})"
        print(
            f"| {name}, {metric} | {collectors} | {first.mean():.3f} | {this.mean():.3f} | {better} "
            f"| {oracle:.3f} ({oracle / first.mean() - 1:+.1%}) | {this.mean() / oracle:.0%} |",
            flush=True,
        )


def with_all_known(seed: int, collectors: int) -> Iterator[tuple[float, ...]]:
    """The last people of a world, asked of others' collections, each with a fifth of the items hidden."""
    made_up = world(seed)
    known = releases(made_up)
    tastes = [taste_of(made_up, known, place) for place in range(len(made_up.collectors))]
    people = [taste.weights for taste in tastes[1 : collectors + 1]]
    shared = training_data(people, known.values())
    first, model = FirstVersion(shared, collectors), learn(shared) if collectors else None
    drawn, work_of = (
        drawn_tastes(made_up),
        {release.item_key: made_up.releases[id].work for id, release in known.items()},
    )
    for place in range(len(tastes) - TESTED, len(tastes)):
        keys = sorted({release.item_key for release in tastes[place].owned})
        hidden = set(np.random.default_rng([0, place]).choice(keys, len(keys) // 5, replace=False).tolist())
        taste = taste_of(made_up, known, place, hidden)
        own = model or learn(training_data([taste.weights], known.values()))
        found = rank(Learned("this", own), taste, known.values(), _ALL, limit=DEPTH).recommendations
        mine = [recommended.release.item_key for recommended in found]
        best = drawn[place].ranked(work_of, taste.weights, fame_known=bool(collectors))
        yield tuple(
            value
            for ranked in (first.ranked(taste.weights, first.items), mine, best)
            for value in metrics(ranked, hidden)
        )


def taste_of(
    made_up: World, known: dict[int, Release], place: int, hidden: Sequence[int] | set[int] = ()
) -> Taste:
    """What a collector owns and wants, without the hidden items."""
    account = made_up.collectors[place]
    owned = (known[row.release] for row in account.items)
    wanted = (known[row.release] for row in account.wants)
    owned_left, wanted_left = (
        tuple(release for release in some if release.item_key not in hidden) for some in (owned, wanted)
    )
    return Taste(owned_left, wanted_left)


def end_to_end() -> Iterator[tuple[float, ...]]:
    """Lone users whose fifth is hidden in the made-up Discogs itself, asked over the API."""
    for seed in LONE_SEEDS:
        made_up = World.generate(seed, sellers=2, listings=40)
        public = [collector for collector in made_up.collectors if not collector.private_collection][
            :LONE_TESTED
        ]
        with SandboxServer(build_app(made_up, rate=10**6, anonymous_rate=10**6)) as server:
            for account in public:
                hidden = hide_a_fifth(made_up, account.name)
                with tempfile.TemporaryDirectory() as folder:
                    yield ask(server, account.name, hidden, Path(folder))


def ask(server: SandboxServer, user: str, hidden: set[int], folder: Path) -> tuple[float, ...]:
    """One lone user's run, and what the first version would have made of the same candidates."""
    installation = open_installation(server, folder / "data")
    document = installation.carry_out(recommend, installation.open(RunKind.RECOMMEND, user, top=DEPTH))
    made_up = server.world
    mine = [
        made_up.releases[recommendation["release_id"]].work for recommendation in document["recommendations"]
    ]
    basis = basis_of(installation.ctx, installation.owner, UserName(user))
    open_to = [one for one in basis.pool if not basis.taste.owns(one) and not basis.taste.wants(one)]
    work_of = {one.item_key: made_up.releases[one.id].work for one in basis.pool}
    first = FirstVersion(basis.training_data(), 0)
    theirs = first.ranked(basis.taste.weights, sorted({one.item_key for one in open_to}))
    installation.ctx.db.close()
    place = [collector.name for collector in made_up.collectors].index(user)
    offered = {release.item_key: work_of[release.item_key] for release in open_to}
    best = drawn_tastes(made_up)[place].ranked(offered, {}, fame_known=False)
    found = ([work_of[item] for item in theirs], mine, [work_of[item] for item in best])
    return tuple(value for ranked in found for value in metrics(ranked, hidden))


def metrics(ranked: Sequence[int], hidden: set[int]) -> tuple[float, float]:
    """recall@50 and NDCG@100."""
    gain = np.array([work in hidden for work in ranked[:DEPTH]], dtype=np.float64)
    gain = np.pad(gain, (0, DEPTH - len(gain)))
    return recall(gain, len(hidden), 50), ndcg(gain, len(hidden), DEPTH)


if __name__ == "__main__":
    main(*sys.argv[1:])
