"""The registry of run kinds: a new kind is one file with its options and its pipeline, and one entry here.

The form, the command, the API's route and schema, the key of equal requests, progress and docs are made from
the entry. Options and pipelines are named as `module:name` and imported when they are needed, so that the
command line answers at once and no subject of the pipelines depends on all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.run import Run, RunKind, RunState

if TYPE_CHECKING:
    from discogs_assistant.pipelines.runtime.context import Context
    from discogs_assistant.pipelines.runtime.flow import Flow
    from discogs_assistant.pipelines.runtime.options.model import OptionsModel

_PROFILE_STAGES = ("Looking at the profile", "Reading the collection", "Reading the wantlist")
_LIST_STAGES = (*_PROFILE_STAGES, "Finding records you may love", "Scoring and writing reasons")


class Basis(Enum):
    """What the answer of a run may depend on beside its options; the key of equal requests covers it."""

    PERSON = "the profile, the feedback, favourite sellers, the token"
    MARKET = "what is for sale, and the catalogue"
    SHIPPING = "the shipping costs that were entered, and the country"


@dataclass(frozen=True, slots=True)
class RunDefinition:
    """One kind of run.

    `options`, `pipeline` and `document` are named as `module:name`: an `OptionsModel`, the function that
    carries the run out, and the type of the document that it makes.
    `title` says what a run does, `done` what it made, `question` what it answers. `page` is the address of
    its result, with `{run}` and `{user}` in it; `form` that of its form, where it has a page of its own.
    `command` is the command's name, where the command line starts such runs; `in_api` is whether programs
    may. A finished run answers an equal request only where the answer `depends_on` something. `of_user` is
    whether it is about a collector. `expired` names the function that says whether a result's prices may be
    shown no more, where results hold prices.
    """

    kind: RunKind
    options: str
    pipeline: str
    stages: tuple[str, ...]
    document: str
    title: str
    done: str
    question: str
    page: str = "/runs/{run}"
    form: str | None = None
    command: str | None = None
    in_api: bool = False
    depends_on: frozenset[Basis] = frozenset()
    of_user: bool = True
    expired: str | None = None

    @property
    def options_model(self) -> type[OptionsModel]:
        """The model of its options."""
        model: type[OptionsModel] = resolve_name(self.options)
        return model

    @property
    def body(self) -> Callable[[Context, Flow], None]:
        """The function that carries it out."""
        body: Callable[[Context, Flow], None] = resolve_name(self.pipeline)
        return body

    @property
    def document_type(self) -> type[Any]:
        """The type of a finished run's document."""
        made: type[Any] = resolve_name(self.document)
        return made

    def may_be_shown(self, result: Any, since: datetime) -> bool:
        """Whether a finished result's prices, which may be older than the run, are from `since` or later."""
        return self.expired is None or not resolve_name(self.expired)(result, since)

    @property
    def reused(self) -> bool:
        """Whether a finished run answers an equal request."""
        return bool(self.depends_on)

    def address_of(self, run: Run) -> str:
        """Where a run of this kind is shown: its result, or its progress where it has none."""
        page = self.page if run.state is RunState.DONE else "/runs/{run}"
        return page.format(run=run.id, user=quote(run.user, safe=""))


@dataclass(frozen=True, slots=True)
class Registry:
    """All run kinds."""

    entries: tuple[RunDefinition, ...]

    def __getitem__(self, kind: RunKind) -> RunDefinition:
        """The kind of that name; `NotFoundError` where there is none."""
        found = next((entry for entry in self.entries if entry.kind == kind), None)
        if found is None:
            raise NotFoundError(f"There is no kind of run “{kind}”.", "Choose another.")
        return found

    def __iter__(self) -> Iterator[RunDefinition]:
        """The kinds in the order in which they are shown."""
        return iter(self.entries)

    def load(self) -> None:
        """Load the modules that carry out runs, which otherwise the first run of a kind does."""
        for entry in self.entries:
            resolve_name(entry.pipeline)

    def title(self, kind: RunKind) -> str:
        """What runs of a kind do; its name for a kind that was removed."""
        return next((entry.title for entry in self.entries if entry.kind == kind), str(kind))


RUN_KINDS = Registry(
    (
        RunDefinition(
            kind=RunKind.SYNC,
            options="discogs_assistant.pipelines.runtime.options.kinds:SyncOptions",
            pipeline="discogs_assistant.pipelines.profiles.sync:sync_profile",
            stages=(*_PROFILE_STAGES, "Saving the profile"),
            document="discogs_assistant.pipelines.runtime.results.counts:SyncResult",
            title="Reading the records",
            done="Records read",
            question="Read a profile from Discogs.",
            page="/profile?user={user}",
            form="/profile",
            command="sync",
            in_api=True,
        ),
        RunDefinition(
            kind=RunKind.RECOMMEND,
            options="discogs_assistant.pipelines.recommendations.options:RecommendOptions",
            pipeline="discogs_assistant.pipelines.recommendations.recommend:recommend",
            stages=_LIST_STAGES,
            document="discogs_assistant.model.recommendation:RecommendationResult",
            title="Finding recommendations",
            done="Recommendations",
            question="What would I love that I do not know yet?",
            page="/recommendations?run={run}&user={user}",
            form="/recommendations",
            command="recommend",
            in_api=True,
            depends_on=frozenset({Basis.PERSON, Basis.MARKET}),
        ),
        RunDefinition(
            kind=RunKind.SHOP,
            options="discogs_assistant.pipelines.carts.options:ShopOptions",
            pipeline="discogs_assistant.pipelines.carts.shop:shop",
            stages=(*_LIST_STAGES, "Asking who sells them", "Asking what shipping costs", "Building carts"),
            document="discogs_assistant.pipelines.carts.result:CartsResult",
            title="Building carts",
            done="Carts",
            question="Which cart should I buy for my money?",
            page="/carts/{run}",
            form="/shop",
            command="shop",
            in_api=True,
            depends_on=frozenset(Basis),
            expired="discogs_assistant.pipelines.carts.price_expiry:prices_expired",
        ),
        RunDefinition(
            kind=RunKind.PLANS,
            options="discogs_assistant.pipelines.runtime.options.kinds:PlansOptions",
            pipeline="discogs_assistant.pipelines.carts.plans:find_plans",
            stages=(
                "Asking what shipping costs",
                "Finding the cheapest plan",
                "Finding the fewest parcels",
                "Finding the most for the budget",
                "Comparing each number of parcels",
                "Working out what each record costs",
            ),
            document="discogs_assistant.pipelines.carts.plans_result:PlansResult",
            title="Planning several parcels",
            done="Plans",
            question="Which sellers together?",
            page="/plans/{run}",
            form="/carts",
            expired="discogs_assistant.pipelines.carts.price_expiry:prices_expired",
        ),
        RunDefinition(
            kind=RunKind.MARKET,
            options="discogs_assistant.pipelines.runtime.options.kinds:MarketOptions",
            pipeline="discogs_assistant.pipelines.market.refresh:refresh_market",
            stages=("Asking who sells them",),
            document="discogs_assistant.pipelines.runtime.results.counts:MarketResult",
            title="Reading sellers' inventories",
            done="Sellers' inventories read",
            question="What do these sellers have for sale?",
            page="/market",
            form="/market",
            of_user=False,
        ),
        RunDefinition(
            kind=RunKind.CHECK,
            options="discogs_assistant.pipelines.runtime.options.kinds:CheckOptions",
            pipeline="discogs_assistant.pipelines.carts.check:check_cart",
            stages=("Reading each copy again", "Building the cart again"),
            document="discogs_assistant.pipelines.carts.result:CheckResult",
            title="Checking a cart",
            done="Cart checked",
            question="Can this cart still be bought?",
            page="/carts/checks/{run}",
            form="/carts",
        ),
    )
)
