"""What a person may ask of recommendations and carts alike."""

from __future__ import annotations

from typing import Annotated

import typer

User = Annotated[str, typer.Argument(help="The Discogs user name.")]
RunAnew = Annotated[bool, typer.Option("--run-anew", help="Do not reuse an equal finished run.")]
NewArtists = Annotated[
    bool, typer.Option("--new-artists", help="Only artists that are not owned or wanted yet.")
]
NewLabels = Annotated[
    bool, typer.Option("--new-labels", help="Only labels that are not owned or wanted yet.")
]
Formats = Annotated[str | None, typer.Option(help="Formats, comma separated, such as LP,CD.")]


def given(**options: object) -> dict[str, object]:
    """The options that say something other than what is usual."""
    return {
        name: value
        for name, value in options.items()
        if value is not None and value is not False and value != []
    }
