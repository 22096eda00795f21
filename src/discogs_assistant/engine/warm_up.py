"""Compiles the loops of the engines, or loads them, before the first list or cart is asked for."""

from __future__ import annotations

import numpy as np

from discogs_assistant.engine.carts.best_carts import best_carts
from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.carts.named_answers import named_answers
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.plans.best_plan import best_plan
from discogs_assistant.engine.plans.builder import build_problem
from discogs_assistant.engine.plans.most_groups import WORK, sets_with
from discogs_assistant.engine.plans.rules import PlanRules, Wants
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.engine.recommendations.training_data import learn, training_data
from discogs_assistant.engine.shipping.tariffs import Step, single_method
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Release
from discogs_assistant.model.shipping import ShippingUnit

_SELLERS, _EACH, _BUDGET = 24, 40, 10_000
_BY_GRAMS = (Step(0, 900, 0, 400, 0), Step(901, None, 901, 900, 1))
_TARIFFS = [single_method(ShippingUnit.GRAMS, _BY_GRAMS)] * _SELLERS


def warm_carts() -> None:
    """Search a small market for carts in each of the ways that the engine has."""
    copies, rules = _market(), Rules(_BUDGET)
    best_carts(copies, rules, top=5, per_seller=2)
    best_carts(copies, rules, _TARIFFS, top=5)
    named_answers(copies, rules, _TARIFFS, copies.seller % 2 == 0)


def warm_plans() -> None:
    """Begin a plan and a curve over a small market."""
    copies = _market()
    wants = _wants(copies)
    best_plan(copies, wants, PlanRules(), _TARIFFS, deadline=lambda: True)
    sets_with(build_problem(copies, wants, _TARIFFS), 1, _EACH, WORK)


def warm_lists() -> None:
    """Train a model of few records, and explain the score of one of them."""
    records = [
        Release(ReleaseId(n), "", genres=("Jazz", "Rock")[: 1 + n % 2], year=1970) for n in range(1, 9)
    ]
    learned = Learned("", learn(training_data([{-1: 2.0, -2: 1.0}], records)))
    learned.scores(Taste(owned=(records[0],)), [-3]).contributions(-3)


def _wants(copies: Copies) -> Wants:
    """One of each record."""
    release = np.unique(copies.release)
    single = np.ones(len(release), dtype=np.int64)
    return Wants(release, single, np.zeros(len(release), dtype=np.bool_), single, release)


def _market() -> Copies:
    """Prices and scores that are out of step, so that bounds alone do not close every seller."""
    count = _SELLERS * _EACH
    rows = np.arange(count, dtype=np.int64)
    price = 199 + 100 * (rows * 7919 % 47)
    record = rows * 31 % 211
    return Copies(
        sellers=tuple(f"{number:02}" for number in range(_SELLERS)),
        listing=rows + 1,
        seller=rows // _EACH,
        release=record,
        group=record,
        price=price,
        worth=price,
        score=1000 * (1 + record * 6151 % 997),
        grams=60 + 170 * (rows % 3),
        quantity=np.ones(count, dtype=np.int64),
        media=3 + rows % 6,
        sleeve=rows % 8,
    )
