"""Raw options from the command line, the JSON API or a form, as typed criteria and back as canonical JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from discogs_assistant.errors import InvalidFieldsError
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import RunId, parse_run_id
from discogs_assistant.model.money import Currency
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.cart_options import cart_criteria_json, parse_cart_criteria
from discogs_assistant.pipelines.option_fields import Fields
from discogs_assistant.pipelines.option_readers import flag, sellers, text
from discogs_assistant.pipelines.recommendation_options import filters_json, parse_filters, parse_top

RUN_ANEW = "run_anew"


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """`full`: read everything anew, even where the counts agree."""

    full: bool = False


@dataclass(frozen=True, slots=True)
class RecommendOptions:
    """How long the list is and what it is narrowed by."""

    filters: RecommendationFilters = field(default_factory=RecommendationFilters)
    top: int = 100


@dataclass(frozen=True, slots=True)
class MarketOptions:
    """The sellers whose inventories are read, by name."""

    sellers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Which cart is read again: the run that built it, and its rank or its name among the named answers."""

    carts: RunId
    cart: str


Options = SyncOptions | RecommendOptions | CartCriteria | MarketOptions | CheckOptions


@dataclass(frozen=True, slots=True)
class Home:
    """What stands in for options that a person did not give: their currency and country."""

    currency: Currency = Currency.USD
    country: str | None = None


def parse_options(kind: RunKind, raw: Mapping[str, object], home: Home | None = None) -> Options:
    """The typed options of a run; `InvalidFieldsError` with a sentence for each wrong one.

    `run_anew` belongs to the request (see `wants_anew`) and is passed over.
    """
    own = {name: value for name, value in raw.items() if name != RUN_ANEW}
    return _PARSERS[kind](own, home or Home())


def wants_anew(raw: Mapping[str, object]) -> bool:
    """True where the request asks for a new run although a finished one would do."""
    fields = Fields({RUN_ANEW: raw.get(RUN_ANEW)}, {RUN_ANEW: "Running anew"})
    answer = fields.read(RUN_ANEW, flag, False)
    fields.finish()
    return answer


def options_json(options: Options) -> dict[str, Any]:
    """The canonical plain JSON: equal for equal options; `parse_options` reads it back."""
    match options:
        case SyncOptions():
            return {"full": options.full}
        case RecommendOptions():
            return {"top": options.top} | filters_json(options.filters)
        case MarketOptions():
            return {"sellers": list(options.sellers)}
        case CheckOptions():
            return {"carts": options.carts, "cart": options.cart}
        case CartCriteria():
            return cart_criteria_json(options)


def _sync(raw: Mapping[str, object], _: Home) -> SyncOptions:
    fields = Fields(raw, {"full": "A full pass"})
    options = SyncOptions(full=fields.read("full", flag, False))
    fields.finish()
    return options


def _recommend(raw: Mapping[str, object], home: Home) -> RecommendOptions:
    fields, filters = parse_filters(raw, home.currency)
    options = RecommendOptions(filters, parse_top(fields))
    fields.finish()
    return options


def _market(raw: Mapping[str, object], _: Home) -> MarketOptions:
    fields = Fields(raw, {"sellers": "The sellers"}, {"seller": "sellers"})
    named: frozenset[str] = fields.read("sellers", sellers, frozenset())
    fields.finish()
    if not named:
        raise InvalidFieldsError({"sellers": "Name at least one seller, as in the address of their page."})
    return MarketOptions(tuple(sorted(named)))


def _check(raw: Mapping[str, object], _: Home) -> CheckOptions:
    fields = Fields(raw, {"carts": "The run", "cart": "The cart"})
    run = parse_run_id(fields.read("carts", text, ""))
    cart = fields.read("cart", text, "")
    if run is None:
        fields.refuse("carts", "Say which run built the cart.")
    if not cart:
        fields.refuse("cart", "Say which cart it is: its rank, or the name of its answer.")
    fields.finish()
    assert run is not None, "finish raises where there is none"
    return CheckOptions(run, cart)


def _shop(raw: Mapping[str, object], home: Home) -> CartCriteria:
    return parse_cart_criteria(raw, home.currency, home.country)


_PARSERS: dict[RunKind, Callable[[Mapping[str, object], Home], Options]] = {
    RunKind.SYNC: _sync,
    RunKind.RECOMMEND: _recommend,
    RunKind.MARKET: _market,
    RunKind.SHOP: _shop,
    RunKind.CHECK: _check,
}
