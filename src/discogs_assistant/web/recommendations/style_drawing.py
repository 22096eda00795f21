"""The layout of the map of styles, in which no two names overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from discogs_assistant.pipelines.recommendations.taste_result import StyleMap, StyleOnMap

WIDTH, HEIGHT = 480, 400
_MARGIN = 6.0
_LARGEST, _SMALLEST = 26.0, 4.0
_A_CHARACTER, _LINE = 7.6, 18.0
"""Width and height of a name's characters at their largest, in the drawing's units."""
_ROUNDS = 600


@dataclass(slots=True)
class _Box:
    """A circle of radius `r` around `x`, `y` with a name below it; both fit into `width` × `height`."""

    x: float
    y: float
    r: float
    width: float

    @property
    def height(self) -> float:
        return 2 * self.r + _LINE

    @property
    def middle(self) -> float:
        """The box's own middle, which is lower than the circle's."""
        return self.y + _LINE / 2


@dataclass(frozen=True, slots=True)
class Spot:
    """A style in the drawing; `below` is where its name's base line is."""

    name: str
    records: int
    x: float
    y: float
    r: float
    below: float


@dataclass(frozen=True, slots=True)
class StyleDrawing:
    """A drawing of `width` × `height` units; `lines` join each style with its nearest neighbour."""

    spots: tuple[Spot, ...]
    lines: tuple[tuple[Spot, Spot], ...]
    width: int = WIDTH
    height: int = HEIGHT


def style_drawing(mapped: StyleMap) -> StyleDrawing:
    """The drawing of the map of a taste's document. A circle's area is its style's number of records.

    Both axes have one scale, so that distances compare; then overlapping circles are moved apart, by no more
    than needed, in the order of the names: the same map is drawn the same each time.
    """
    styles = mapped.styles
    boxes = _spread(_placed(styles))
    spots = {
        style.name: Spot(
            style.name,
            style.records,
            round(box.x, 1),
            round(box.y, 1),
            round(box.r, 1),
            round(box.y + box.r + 13, 1),
        )
        for style, box in zip(styles, boxes, strict=True)
    }
    pairs = {tuple(sorted((style.name, style.neighbours[0].name))) for style in styles if style.neighbours}
    lines = tuple((spots[first], spots[second]) for first, second in sorted(pairs))
    return StyleDrawing(tuple(spots.values()), lines)


def _placed(styles: Sequence[StyleOnMap]) -> list[_Box]:
    """The boxes where the map has them, as large as fits."""
    most = max(style.records for style in styles)
    boxes = [
        _Box(
            style.x,
            -style.y,
            max(_SMALLEST, _LARGEST * sqrt(style.records / most)),
            _A_CHARACTER * len(style.name),
        )
        for style in styles
    ]
    left, right = min(box.x for box in boxes), max(box.x for box in boxes)
    top, bottom = min(box.y for box in boxes), max(box.y for box in boxes)
    inner = WIDTH - 4 * _LARGEST, HEIGHT - 4 * _LARGEST
    scale = min(inner[0] / max(right - left, 1e-9), inner[1] / max(bottom - top, 1e-9))
    for box in boxes:
        box.width = max(box.width, 2 * box.r)
        box.x = WIDTH / 2 + scale * (box.x - (left + right) / 2)
        box.y = HEIGHT / 2 + scale * (box.y - (top + bottom) / 2)
    return boxes


def _spread(boxes: list[_Box]) -> list[_Box]:
    """Move overlapping boxes apart, half each, the shorter way, until none overlap."""
    for _ in range(_ROUNDS):
        moved = False
        for number, box in enumerate(boxes):
            for other in boxes[:number]:
                moved |= _apart(box, other)
        for box in boxes:
            _keep_inside(box)
        if not moved:
            break
    return boxes


def _apart(box: _Box, other: _Box) -> bool:
    across = (box.width + other.width) / 2 + _MARGIN - abs(box.x - other.x)
    down = (box.height + other.height) / 2 + _MARGIN - abs(box.middle - other.middle)
    if across <= 0 or down <= 0:
        return False
    if down <= across:
        way = down / 2 if box.middle >= other.middle else -down / 2
        box.y, other.y = box.y + way, other.y - way
    else:
        way = across / 2 if box.x >= other.x else -across / 2
        box.x, other.x = box.x + way, other.x - way
    return True


def _keep_inside(box: _Box) -> None:
    side = box.width / 2 + _MARGIN
    box.x = min(max(box.x, side), WIDTH - side)
    box.y = min(max(box.y, box.r + _MARGIN), HEIGHT - box.r - _LINE - _MARGIN)
