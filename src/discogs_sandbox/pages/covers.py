"""Cover pictures: a few shapes in colours that the seed and the release's number decide."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from discogs_sandbox.wire.fields import artists_text
from discogs_sandbox.wire.pictures import PictureAddresses
from discogs_sandbox.world.seeded_random import SeededRandom
from discogs_sandbox.world.world import World

_SHAPES = 4


class CoverPictures:
    """Covers, R-{release}-{size}.svg at signed addresses, and a plain picture for any other name."""

    def __init__(self, world: World, pictures: PictureAddresses) -> None:
        self._world = world
        self._pictures = pictures

    def routes(self) -> list[Route]:
        """Path and handler of each."""
        return [
            Route("/images/{signature}/{ends:int}/{picture}", self.cover),
            Route("/images/{picture}", self.plain),
        ]

    async def cover(self, request: Request) -> Response:
        """An SVG of 150 or 600 pixels a side; 403 at an address that was changed or has expired."""
        asked = request.path_params
        if not self._pictures.is_valid(asked["picture"], asked["signature"], asked["ends"]):
            return Response("Forbidden", 403)
        return self._picture(asked["picture"])

    async def plain(self, request: Request) -> Response:
        """The picture of a user, or the one that stands for none; 403 for a cover without a signature."""
        name: str = request.path_params["picture"]
        return Response("Forbidden", 403) if name.startswith("R-") else self._picture(name)

    def _picture(self, name: str) -> Response:
        parts = name.removesuffix(".svg").split("-")
        known = len(parts) == 3 and parts[1].isdigit() and parts[2] in {"150", "600"}
        release = self._world.releases.get(int(parts[1])) if known else None
        lines = ("", "")
        if release is not None:
            work = self._world.work_of(release)
            lines = (artists_text(work), work.title)
        svg = _cover(self._world.seed, release.id if release else 0, int(parts[2]) if known else 150, lines)
        headers = {"Cache-Control": "public, max-age=86400"}
        return Response(svg, media_type="image/svg+xml", headers=headers)


def _cover(seed: int, release_id: int, size: int, lines: tuple[str, str]) -> str:
    """An SVG picture of `size` pixels a side with two lines of text, artist and title."""
    rng = SeededRandom(seed, "cover", release_id)
    hue = rng.between(0, 359)
    shapes = "".join(_shape(rng, (hue + 40 * number) % 360) for number in range(_SHAPES))
    artist, title = (escape(line[:28]) for line in lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" fill="hsl({hue},35%,24%)"/>{shapes}'
        '<rect y="74" width="100" height="26" fill="#111" fill-opacity=".55"/>'
        '<g font-family="sans-serif" fill="#fff" text-anchor="middle">'
        f'<text x="50" y="84" font-size="7">{artist}</text>'
        f'<text x="50" y="94" font-size="6" fill-opacity=".8">{title}</text></g></svg>'
    )


def _shape(rng: SeededRandom, hue: int) -> str:
    x, y, extent = rng.between(5, 95), rng.between(5, 70), rng.between(8, 34)
    paint = f'fill="hsl({hue},{rng.between(40, 75)}%,{rng.between(40, 68)}%)" fill-opacity=".8"'
    kind = rng.between(0, 2)
    if kind == 0:
        return f'<circle cx="{x}" cy="{y}" r="{extent}" {paint}/>'
    if kind == 1:
        rotation = f'transform="rotate({rng.between(0, 89)} {x} {y})"'
        corner = f'x="{x - extent // 2}" y="{y - extent // 2}"'
        return f'<rect {corner} width="{extent}" height="{extent}" {rotation} {paint}/>'
    return f'<path d="M{x} {y - extent} L{x + extent} {y + extent} L{x - extent} {y + extent}Z" {paint}/>'
