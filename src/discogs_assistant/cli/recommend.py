"""`recommend`: from a user to recommendations."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from discogs_assistant.cli.output import AsJson, print_json, print_table, say_partial
from discogs_assistant.cli.wishes import Formats, NewArtists, NewLabels, RunAnew, User, given


def recommend(
    user: User,
    top: Annotated[int, typer.Option(help="How many.")] = 100,
    new_artists: NewArtists = False,
    new_labels: NewLabels = False,
    include_wantlist: Annotated[
        bool, typer.Option("--include-wantlist", help="Also what is wanted already.")
    ] = False,
    genres: Annotated[str | None, typer.Option(help="Genres, comma separated.")] = None,
    styles: Annotated[str | None, typer.Option(help="Styles, comma separated.")] = None,
    formats: Formats = None,
    countries: Annotated[str | None, typer.Option(help="Countries of the pressing, comma separated.")] = None,
    year_from: Annotated[int | None, typer.Option(help="First year.")] = None,
    year_to: Annotated[int | None, typer.Option(help="Last year.")] = None,
    decades: Annotated[str | None, typer.Option(help="Decades, comma separated, such as 1970,1980.")] = None,
    max_price: Annotated[
        str | None, typer.Option(help="Only what is known to be for sale now, for so much at most.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="The price's currency, such as USD.")] = None,
    min_media: Annotated[
        str | None, typer.Option(help="Only what is known to be for sale now, so graded at least.")
    ] = None,
    per_artist: Annotated[int | None, typer.Option(help="Most records of one artist; 0: no limit.")] = None,
    surprise: Annotated[
        str | None, typer.Option(help="From 0, the safe list, to 1, the adventurous one.")
    ] = None,
    run_anew: RunAnew = False,
    as_json: AsJson = False,
) -> None:
    """What would I love that I do not know yet?"""
    from discogs_assistant.cli.following import run_to_result
    from discogs_assistant.model.run import RunKind

    options = given(
        top=top,
        new_artists=new_artists,
        new_labels=new_labels,
        include_wantlist=include_wantlist,
        genres=genres,
        styles=styles,
        formats=formats,
        countries=countries,
        year_from=year_from,
        year_to=year_to,
        decades=decades,
        max_price=max_price,
        currency=currency,
        min_media=min_media,
        per_artist=per_artist,
        surprise=surprise,
        run_anew=run_anew,
    )
    document = run_to_result(RunKind.RECOMMEND, user, options)
    if as_json:
        return print_json(document)
    say_partial(document)
    rows = [
        (one["rank"], ", ".join(one["artists"]), one["title"], f"{one['score']:.3f}", _because(one))
        for one in document["recommendations"]
    ]
    print_table(f"For {document['user']}", ("#", "artist", "title", "score", "why"), rows)


def _because(recommendation: dict[str, Any]) -> str:
    return recommendation["reasons"][0]["text"] if recommendation["reasons"] else ""
