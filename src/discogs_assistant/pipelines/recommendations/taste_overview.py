"""A collector's taste in numbers: what is owned, by what it is, and which styles are neighbours."""

from __future__ import annotations

from discogs_assistant.engine.recommendations.collection_breakdown import (
    Breakdown,
    by_country,
    by_decade,
    by_label,
    by_style,
    year_of,
)
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.style_map import MappedStyle, Near, style_map
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.catalogue.dump_coverage import enriched_taste
from discogs_assistant.pipelines.recommendations.taste_reading import read_taste
from discogs_assistant.pipelines.recommendations.taste_result import (
    OwnedBreakdown,
    OwnedDecades,
    OwnedPart,
    OwnedRecords,
    StyleMap,
    StyleNeighbour,
    StyleOnMap,
)
from discogs_assistant.pipelines.runtime.context import Context

MOST_STYLES = 12
"""How many of the styles are on the map, the biggest."""


def full_taste(ctx: Context, owner: OwnerId, user: UserName) -> Taste:
    """What the user owns, wants, loves and hides, with everything the imported dump has about it."""
    return enriched_taste(ctx.catalogue, read_taste(ctx.db, owner, user))


def overview(taste: Taste, learned: Learned | None) -> OwnedRecords:
    """Counts of the distinct owned records, and the map; the map is None if there is none.

    `parts` hold all names by falling number of records, except decades, which are in their order.
    """
    owned = list({release.id: release for release in taste.owned}.values())
    styles = by_style(owned)
    return OwnedRecords(
        records=len(owned),
        wanted=len({release.id for release in taste.wanted}),
        styles=_breakdown(styles),
        decades=_decades(owned),
        labels=_breakdown(by_label(owned)),
        countries=_breakdown(by_country(owned)),
        map=_map(styles, learned),
    )


def _breakdown(found: Breakdown) -> OwnedBreakdown:
    return OwnedBreakdown(known=found.known, without=found.without, parts=_parts(found))


def _decades(owned: list[Release]) -> OwnedDecades:
    found = by_decade(owned)
    years = [year for release in owned if (year := year_of(release)) is not None]
    return OwnedDecades(
        known=found.known,
        without=found.without,
        parts=_parts(found),
        oldest=min(years, default=None),
        newest=max(years, default=None),
    )


def _parts(found: Breakdown) -> tuple[OwnedPart, ...]:
    return tuple(OwnedPart(name=part.name, records=part.records, id=part.id) for part in found.parts)


def _map(styles: Breakdown, learned: Learned | None) -> StyleMap | None:
    owned = {part.name: part.records for part in styles.parts}
    found = style_map(learned, owned, MOST_STYLES) if learned else None
    if found is None:
        return None
    return StyleMap(
        kept=round(found.kept, 4),
        unplaced=found.unplaced,
        styles=tuple(_style(style) for style in found.styles),
    )


def _style(mapped_style: MappedStyle) -> StyleOnMap:
    return StyleOnMap(
        name=mapped_style.name,
        records=mapped_style.records,
        x=round(mapped_style.x, 6),
        y=round(mapped_style.y, 6),
        neighbours=tuple(_near(near) for near in mapped_style.near),
        not_owned_yet=_near(mapped_style.beyond) if mapped_style.beyond else None,
    )


def _near(near: Near) -> StyleNeighbour:
    return StyleNeighbour(name=near.name, likeness=round(near.likeness, 4))
