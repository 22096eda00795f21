"""`catalogue`: imports and searches Discogs' monthly dumps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from discogs_assistant.cli.output import AsJson, print_document, print_json, print_table, say
from discogs_assistant.errors import BadInputError

if TYPE_CHECKING:
    from discogs_assistant.pipelines.catalogue.result import CatalogueCounts
    from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue

app = typer.Typer(help="Discogs' monthly dumps: data of every release.", no_args_is_help=True)


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Dump files, compressed or not, or a folder of them.")],
    as_json: AsJson = False,
) -> None:
    """Import a month's dumps; the previous month serves until the import is complete."""
    from discogs_assistant.model.ports import SystemClock
    from discogs_assistant.pipelines.catalogue.importing import import_dumps

    report = import_dumps(_root(), paths, SystemClock(), say)
    if as_json:
        return print_document(report)
    _show_counts(report, report.bytes, None)
    for skipped in report.skipped:
        say(f"Skipped: {skipped.entity} {skipped.id or 'without a number'}: {skipped.why}")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show the imported month, its counts and its size."""
    from discogs_assistant.pipelines.catalogue import overview

    served = overview.status(_catalogue())
    if as_json:
        return print_document(served)
    _show_counts(served, served.bytes, served.imported_at)


@app.command()
def release(
    ids: Annotated[list[int], typer.Argument(min=1, help="Numbers of releases.")], as_json: AsJson = False
) -> None:
    """Show the catalogue's data of releases."""
    from discogs_assistant.pipelines.catalogue import overview

    found = overview.releases(_catalogue(), ids)
    if as_json:
        return print_document(found)
    for release in found.releases:
        rows = [(name, _words(value)) for name, value in release.model_dump().items()]
        print_table(f"Release {release.release_id}", ("", ""), rows)


@app.command()
def search(
    words: Annotated[list[str] | None, typer.Argument(help="Words of names, titles and numbers.")] = None,
    artist: Annotated[str, typer.Option(help="Words of an artist's name.")] = "",
    title: Annotated[str, typer.Option(help="Words of the title.")] = "",
    label: Annotated[str, typer.Option(help="Words of a label's name.")] = "",
    catno: Annotated[str, typer.Option(help="A catalogue number, with or without spaces.")] = "",
    barcode: Annotated[str, typer.Option(help="A barcode, with or without spaces.")] = "",
    genre: Annotated[str, typer.Option(help="A genre, such as Electronic.")] = "",
    style: Annotated[str, typer.Option(help="A style, such as Deep House.")] = "",
    country: Annotated[str, typer.Option(help="A country as Discogs writes it, such as UK.")] = "",
    decade: Annotated[int | None, typer.Option(min=1860, help="A decade's first year, such as 1980.")] = None,
    format: Annotated[str, typer.Option(help="A format or its description, such as LP.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Find releases, best first; accents, spaces and one wrong letter do not matter."""
    options = {name: value for name, value in locals().items() if name not in ("words", "limit", "as_json")}
    from discogs_assistant.pipelines.catalogue import overview
    from discogs_assistant.store.catalogue.dumps.query import Question

    question = Question(words=" ".join(words or ()), **options)
    if question == Question():
        raise BadInputError("The search is empty.", "Give some words, or an option such as --artist.")
    found = overview.search(_catalogue(), question, limit)
    if as_json:
        return print_document(found)
    columns = ("number", "artists", "title", "labels", "country", "year", "formats")
    rows = [
        map(
            _words,
            (
                release.release_id,
                release.artists,
                release.title,
                release.labels,
                release.country,
                release.year,
                release.formats,
            ),
        )
        for release in found.releases
    ]
    print_table("", columns, map(tuple, rows))


@app.command()
def forget(as_json: AsJson = False) -> None:
    """Remove the months that no longer serve."""
    from discogs_assistant.model import readable
    from discogs_assistant.store.catalogue.dumps.import_lock import importing
    from discogs_assistant.store.catalogue.dumps.serving import CatalogueFolder

    with importing(_root()):
        freed = CatalogueFolder(_root()).forget_unserved()
    if as_json:
        return print_json({"freed": freed})
    say(f"{readable.size(freed)} were freed.")


def _root() -> Path:
    from discogs_assistant import bootstrap

    return bootstrap.read_settings().data_dir / "catalogue"


def _catalogue() -> Catalogue:
    from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue

    return Catalogue(_root())


def _show_counts(counts: CatalogueCounts, size: int, imported_at: str | None) -> None:
    from discogs_assistant.model import readable

    rows = [
        ("releases", f"{counts.releases:,}"),
        ("masters", f"{counts.masters:,}"),
        ("artists", f"{counts.artists:,}"),
        ("labels", f"{counts.labels:,}"),
        ("size", readable.size(size)),
        ("brought in", imported_at),
    ]
    print_table(f"The catalogue of {counts.month or 'no month'}", ("", ""), rows)


def _words(value: object) -> str:
    """A field for a person: texts and numbers as they are, lists with commas."""
    if isinstance(value, list | tuple):
        return ", ".join(map(_words, value))
    if isinstance(value, dict):
        return " ".join(_words(part) for part in value.values() if part not in (None, [], ()))
    return "" if value is None else str(value)
