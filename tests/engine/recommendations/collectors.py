"""The sandbox's collectors as the recommender sees them: releases with what a collection's rows tell."""

from __future__ import annotations

from functools import cache

from discogs_assistant.model.ids import ArtistId, LabelId, MasterId, ReleaseId
from discogs_assistant.model.release import ArtistCredit, Format, LabelCredit, Release
from discogs_sandbox.world import entities
from discogs_sandbox.world.world import World


@cache
def world(seed: int = 1) -> World:
    return World.generate(seed)


def releases(made_up: World, *, credits: bool = False) -> dict[int, Release]:
    return {id: _release(made_up, row, credits=credits) for id, row in made_up.releases.items()}


def _release(made_up: World, row: entities.Release, *, credits: bool) -> Release:
    work = made_up.work_of(row)
    return Release(
        id=ReleaseId(row.id),
        title=work.title,
        master_id=MasterId(row.master) if row.master is not None else None,
        year=row.year or None,
        country=row.country if credits else None,
        artists=tuple(_credit(credit) for credit in work.artists),
        labels=tuple(LabelCredit(LabelId(label.id), label.name, catno) for label, catno in row.labels),
        formats=tuple(Format(f.name, f.quantity, f.descriptions, f.text or None) for f in row.formats),
        genres=work.genres,
        styles=work.styles,
        credits=tuple(_credit(credit) for credit in work.credits) if credits else (),
        complete=credits,
    )


def _credit(credit: entities.Credit) -> ArtistCredit:
    artist = credit.artist
    return ArtistCredit(
        ArtistId(artist.id), artist.name, credit.anv or None, credit.join or None, credit.role or None
    )
