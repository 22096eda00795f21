"""What every command prints in the same way: JSON, tables, progress, partial results."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object.")]


def print_document(document: object) -> None:
    """A typed document, or a part of one, as one JSON object."""
    from discogs_assistant.pipelines.runtime.results.documents import printed

    print_json(printed(document))


def print_json(document: Mapping[str, Any]) -> None:
    """One JSON object on stdout, in UTF-8 whatever the terminal's language."""
    print_pieces([json.dumps(document, ensure_ascii=False)])


def print_pieces(pieces: Iterable[str]) -> None:
    """One JSON object on stdout, written piece by piece."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.writelines(pieces)
    sys.stdout.write("\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table on stdout; what its first column names is never broken."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*(Text("" if cell is None else printable(str(cell), 400)) for cell in row))
    Console().print(table)


def amount(minor: int | None, currency: str) -> str:
    """An amount in minor units, as a person reads it; a dash where it is not known."""
    from discogs_assistant.model.money import Currency, Money

    return "–" if minor is None else str(Money(minor, Currency(currency)))


def say(sentence: str) -> None:
    """A line on stderr."""
    sys.stderr.write(printable(sentence, 2000) + "\n")


def say_partial(sentences: Iterable[str]) -> None:
    """What a partial result lacks, one per line."""
    for sentence in sentences:
        say(f"Partial: {sentence}")


def show_document(document: object) -> None:
    """The values of a document that has no table of its own."""
    from discogs_assistant.pipelines.runtime.results.documents import printed

    print_table("", ("", ""), [row for row in printed(document).items() if row[0] != "partial"])


@contextmanager
def open_files(paths: Sequence[Path], option: str) -> Iterator[list[BinaryIO]]:
    """The files that an option names, open; `BadInputError` where one cannot be read."""
    with ExitStack() as opened:
        yield [opened.enter_context(_open(path, option)) for path in paths]


def _open(path: Path, option: str) -> BinaryIO:
    try:
        file = path.open("rb")
        file.peek(1)  # a folder can be opened, and not read
    except OSError as problem:
        raise BadInputError(
            f"{option}: {path} cannot be read ({problem.strerror or problem}).", "Check the path."
        ) from problem
    return file
