"""Cover pictures by rule: a few shapes in colours that the release's number decides."""

from __future__ import annotations

from html import escape

from discogs_sandbox.world.seeded_random import Dice

_SHAPES = 4


def cover(seed: int, release_id: int, size: int, lines: tuple[str, str]) -> str:
    """An SVG picture of `size` pixels a side with two lines of text, such as artist and title."""
    dice = Dice(seed, "cover", release_id)
    hue = dice.between(0, 359)
    shapes = "".join(_shape(dice, (hue + 40 * number) % 360) for number in range(_SHAPES))
    artist, title = (escape(line[:28]) for line in lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" fill="hsl({hue},35%,24%)"/>{shapes}'
        '<rect y="74" width="100" height="26" fill="#111" fill-opacity=".55"/>'
        '<g font-family="sans-serif" fill="#fff" text-anchor="middle">'
        f'<text x="50" y="84" font-size="7">{artist}</text>'
        f'<text x="50" y="94" font-size="6" fill-opacity=".8">{title}</text></g></svg>'
    )


def _shape(dice: Dice, hue: int) -> str:
    x, y, extent = dice.between(5, 95), dice.between(5, 70), dice.between(8, 34)
    paint = f'fill="hsl({hue},{dice.between(40, 75)}%,{dice.between(40, 68)}%)" fill-opacity=".8"'
    kind = dice.between(0, 2)
    if kind == 0:
        return f'<circle cx="{x}" cy="{y}" r="{extent}" {paint}/>'
    if kind == 1:
        turned = f'transform="rotate({dice.between(0, 89)} {x} {y})"'
        corner = f'x="{x - extent // 2}" y="{y - extent // 2}"'
        return f'<rect {corner} width="{extent}" height="{extent}" {turned} {paint}/>'
    return f'<path d="M{x} {y - extent} L{x + extent} {y + extent} L{x - extent} {y + extent}Z" {paint}/>'
