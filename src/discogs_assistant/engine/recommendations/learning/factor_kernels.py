"""Half a step of weighted alternating least squares, row by row."""

from __future__ import annotations

from typing import Any

import numpy as np

from discogs_assistant.engine.compiler import loop


@loop
def _dot(left: Any, right: Any) -> Any:
    total = np.float32(0)
    for place in range(len(left)):
        total += left[place] * right[place]
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
    gram: Any, others: Any, columns: Any, confidence: Any, regularization: Any, vector: Any, onto: Any
) -> None:
    """`onto` = (gram + Σ (c − 1) v vᵀ + regularization·I) · `vector`, over the row's items v of confidence
    c."""
    for place in range(len(onto)):
        onto[place] = regularization * vector[place]
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
    regularization: Any,
    steps: int,
    first: int,
    last: int,
) -> None:
    """Some steps of conjugate gradients towards the least squares of the rows from `first` up to `last`.

    Row x minimises Σ c_i (1 − x·v_i)² over its own items, Σ (x·v_j)² over all others, and its
    regularization·|x|² (Hu, Koren and Volinsky, ICDM 2008; by conjugate gradients as Takács et al., RecSys
    2011). A row without items becomes 0.
    """
    factor_count = factors.shape[1]
    residual, direction, product = (
        np.empty(factor_count, np.float32),
        np.empty(factor_count, np.float32),
        np.empty(factor_count, np.float32),
    )
    for row in range(first, last):
        begin, end = pointers[row], pointers[row + 1]
        own, own_confidence, x = columns[begin:end], confidence[begin:end], factors[row]
        if begin == end:
            x[:] = 0
            continue
        _system(gram, others, own, own_confidence, regularization[row], x, residual)
        for place in range(factor_count):
            residual[place] = -residual[place]
        for at in range(len(own)):
            _add(residual, own_confidence[at], others[own[at]])
        direction[:] = residual
        length = _dot(residual, residual)
        for _ in range(steps):
            if length < np.float32(1e-20):
                break
            _system(gram, others, own, own_confidence, regularization[row], direction, product)
            step = length / _dot(direction, product)
            _add(x, step, direction)
            _add(residual, -step, product)
            shorter = _dot(residual, residual)
            for place in range(factor_count):
                direction[place] = residual[place] + shorter / length * direction[place]
            length = shorter
