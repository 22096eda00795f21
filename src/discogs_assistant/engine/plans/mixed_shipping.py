"""The shipping of shops with several methods, or free from a value, as columns and rows of a model.

Each band has a column that says it holds, one of a shop that opens. A band limits the loads of its unit and
of the merchandise that it asks for, from both ends, since bands may get cheaper: it has a column of its own
for each of them, and a column takes the load of a unit where a band holds that does not limit it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.engine.plans.bands import VALUE, Bands, Floats
from discogs_assistant.engine.plans.problem import PlanProblem
from discogs_assistant.engine.plans.solver import INF, Model


class _Limits(NamedTuple):
    """Of p pairs of a band (by place among those of mixed shops) and a unit its lowest and highest load."""

    band: Ints
    unit: Ints
    low: Ints
    high: Ints


def mixed_shipping(
    model: Model, problem: PlanProblem, take: Ints, opens: Ints, mixed: Mask
) -> tuple[Ints, Floats]:
    """Columns and costs of the shops that are `mixed` (s,)."""
    bands, totals = problem.bands, problem.totals()
    k = np.flatnonzero(mixed[bands.owner])
    if not len(k):
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    owner, exact = bands.owner[k], bands.exact[k]
    holds = model.columns(np.ones(len(k)))
    shops = np.flatnonzero(mixed)
    once = np.full(len(mixed), -1)
    once[shops] = model.rows(len(shops), lower=0.0, upper=0.0)
    model.put(once[owner], holds, 1.0)
    model.put(once[shops], opens[shops], -1.0)
    limits = _limits(problem, bands, k, owner, totals)
    own = limits.unit == bands.unit[k[limits.band]]
    loads = model.columns(limits.high, whole=own & exact[limits.band])
    for edge, sides in ((limits.low, {"lower": 0.0}), (limits.high, {"upper": 0.0})):
        row = model.rows(len(loads), **sides)
        model.put(row, loads, 1.0)
        model.put(row, holds[limits.band], -edge)
    _balance(model, problem, take, owner, holds, limits, loads, totals)
    load_of = np.full(len(k), -1)
    load_of[limits.band[own]] = loads[own]
    return _costs(model, bands, k, holds, load_of)


def _limits(problem: PlanProblem, bands: Bands, k: Ints, owner: Ints, totals: Ints) -> _Limits:
    """The limits that can bind, and the loads that are paid for."""
    unit, everything = bands.unit[k], totals[bands.unit[k], owner]
    lightest = np.full(totals.shape, np.iinfo(np.int64).max)
    for each, load in zip(lightest, problem.measured(), strict=True):
        np.minimum.at(each, problem.shop, load)
    binds = (bands.low[k] > lightest[unit, owner]) | (bands.high[k] < everything)
    own = np.flatnonzero(binds | (bands.slope[k] != 0.0) | ~bands.exact[k])
    worthy = np.flatnonzero(bands.least_worth[k] > 0)
    return _Limits(
        band=np.concatenate([own, worthy]),
        unit=np.concatenate([unit[own], np.full(len(worthy), VALUE)]),
        low=np.concatenate([bands.low[k[own]], bands.least_worth[k[worthy]]]),
        high=np.concatenate([bands.high[k[own]], totals[VALUE, owner[worthy]]]),
    )


def _balance(
    model: Model,
    problem: PlanProblem,
    take: Ints,
    owner: Ints,
    holds: Ints,
    limits: _Limits,
    loads: Ints,
    totals: Ints,
) -> None:
    """What is taken of a shop is the load of the band that holds, or of none that limits it, in each unit."""
    shops = len(problem.shops)
    for unit, measured in enumerate(problem.measured()):
        of_unit = np.flatnonzero(limits.unit == unit)
        asked = np.unique(owner[limits.band[of_unit]])
        row = np.full(shops, -1)
        row[asked] = model.rows(len(asked), lower=0.0, upper=0.0)
        taken = np.flatnonzero(row[problem.shop] >= 0)
        model.put(row[problem.shop[taken]], take[taken], -measured[taken])
        model.put(row[owner[limits.band[of_unit]]], loads[of_unit], 1.0)
        free = np.ones(len(owner), dtype=np.bool_)
        free[limits.band[of_unit]] = False
        free &= row[owner] >= 0
        open_ended = np.unique(owner[free])
        rest = model.columns(totals[unit, open_ended], whole=False)
        model.put(row[open_ended], rest, 1.0)
        within = np.full(shops, -1)
        within[open_ended] = model.rows(len(open_ended), upper=0.0)
        model.put(within[open_ended], rest, 1.0)
        model.put(within[owner[free]], holds[free], -totals[unit, owner[free]])


def _costs(model: Model, bands: Bands, k: Ints, holds: Ints, load_of: Ints) -> tuple[Ints, Floats]:
    """What each band costs where it holds: its base and its load's share, or the next whole number."""
    exact = bands.exact[k]
    paid = np.flatnonzero(exact & (load_of >= 0))
    rough = np.flatnonzero(~exact)
    cost = model.columns(np.full(len(rough), INF))
    row = model.rows(len(rough), lower=0.0)
    model.put(row, cost, 1.0)
    model.put(row, holds[rough], -bands.base[k[rough]])
    model.put(row, load_of[rough], -bands.slope[k[rough]])
    return (
        np.concatenate([holds[exact], load_of[paid], cost]),
        np.concatenate([bands.base[k[exact]], bands.slope[k[paid]], np.ones(len(rough))]),
    )
