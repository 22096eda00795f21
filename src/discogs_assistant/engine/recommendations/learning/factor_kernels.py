"""Half a step of weighted alternating least squares, row by row."""

from __future__ import annotations

from typing import Any

import numpy as np

from discogs_assistant.engine.compiler import loop


@loop
def _dot(one: Any, other: Any) -> Any:
    total = np.float32(0)
    for place in range(len(one)):
        total += one[place] * other[place]
    return total


@loop
def _add(onto: Any, factor: Any, more: Any) -> None:
    for place in range(len(onto)):
        onto[place] += factor * more[place]


@loop
def _applied(matrix: Any, vector: Any, onto: Any) -> None:
    """`onto` += `matrix` · `vector`; the matrix is symmetric."""
    for row in range(len(vector)):
        _add(onto, vector[row], matrix[row])


@loop
def _system(
    gram: Any, others: Any, columns: Any, confidence: Any, ridge: Any, vector: Any, onto: Any
) -> None:
    """`onto` = (gram + Σ (c − 1) v vᵀ + ridge·I) · `vector`, over the row's items v of confidence c."""
    for place in range(len(onto)):
        onto[place] = ridge * vector[place]
    _applied(gram, vector, onto)
    for at in range(len(columns)):
        other = others[columns[at]]
        _add(onto, (confidence[at] - np.float32(1)) * _dot(other, vector), other)


@loop
def improve(
    pointers: Any,
    columns: Any,
    confidence: Any,
    factors: Any,
    others: Any,
    gram: Any,
    ridge: Any,
    steps: int,
    first: int,
    last: int,
) -> None:
    """Some steps of conjugate gradients towards the least squares of the rows from `first` up to `last`.

    Row x minimises Σ c_i (1 − x·v_i)² over its own items, Σ (x·v_j)² over all others, and its ridge·|x|²
    (Hu, Koren and Volinsky, ICDM 2008; by conjugate gradients as Takács et al., RecSys 2011).
    A row without items becomes 0.
    """
    width = factors.shape[1]
    left, way, pushed = np.empty(width, np.float32), np.empty(width, np.float32), np.empty(width, np.float32)
    for row in range(first, last):
        begin, end = pointers[row], pointers[row + 1]
        own, trust, x = columns[begin:end], confidence[begin:end], factors[row]
        if begin == end:
            x[:] = 0
            continue
        _system(gram, others, own, trust, ridge[row], x, left)
        for place in range(width):
            left[place] = -left[place]
        for at in range(len(own)):
            _add(left, trust[at], others[own[at]])
        way[:] = left
        length = _dot(left, left)
        for _ in range(steps):
            if length < np.float32(1e-20):
                break
            _system(gram, others, own, trust, ridge[row], way, pushed)
            stride = length / _dot(way, pushed)
            _add(x, stride, way)
            _add(left, -stride, pushed)
            shorter = _dot(left, left)
            for place in range(width):
                way[place] = left[place] + shorter / length * way[place]
            length = shorter
