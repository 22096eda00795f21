"""`run`, `web`, `worker` and `sandbox`: commands that run until they are stopped."""

from __future__ import annotations

from typing import Annotated

import typer

from discogs_assistant.cli.output import say

Host = Annotated[str | None, typer.Option(help="Address to serve on.")]
_HoursPassed = Annotated[
    int,
    typer.Option(
        min=0,
        max=1000,
        help="How many hours have passed in it: copies were sold, listed and repriced, and addresses of "
        "covers from before have expired after 7. A client's own clock stays as it is; `run --sandbox "
        "--hours` moves both.",
    ),
]
_Large = Annotated[
    bool, typer.Option("--large", help="40,000 releases, and 500 sellers of 50 to 30,000 copies.")
]
_AsLargeAsReal = Annotated[
    bool,
    typer.Option(
        "--large",
        help="With --sandbox: 40,000 releases, 500 sellers of 50 to 30,000 copies, and 60 requests a "
        "minute as with the real Discogs. It takes some 20 seconds to start.",
    ),
]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Port to serve on.")]


def run(
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Use a made-up world instead of Discogs.")
    ] = False,
    hours: Annotated[
        int,
        typer.Option(
            min=0,
            max=1000,
            help="With --sandbox: how many hours later it is, in the made-up world and by this program's "
            "clock. After 7, all prices, copies and covers that were read before have expired; read again, "
            "some copies are sold, some are new, and some prices have changed.",
        ),
    ] = 0,
    large: _AsLargeAsReal = False,
    host: Host = None,
    port: Port = None,
) -> None:
    """Pages and worker in one process."""
    from discogs_assistant import bootstrap

    world = bootstrap.WorldOptions(hours=hours, large=large)
    bootstrap.serve(
        web=True, worker=True, sandbox=sandbox, host=host, port=port, announce=say, world_options=world
    )


def web(host: Host = None, port: Port = None) -> None:
    """The pages alone; workers run as separate processes."""
    from discogs_assistant import bootstrap

    bootstrap.serve(web=True, worker=False, sandbox=False, host=host, port=port, announce=say)


def worker() -> None:
    """A worker alone."""
    from discogs_assistant import bootstrap

    bootstrap.serve(web=False, worker=True, sandbox=False, host=None, port=None, announce=say)


def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to serve on; 0: any free one.")] = 8400,
    seed: Annotated[int, typer.Option(help="The seed of the made-up world.")] = 1,
    hours: _HoursPassed = 0,
    large: _Large = False,
    releases: Annotated[
        int | None, typer.Option(min=50, max=200_000, help="How many releases; by default 3,000.")
    ] = None,
    users: Annotated[
        int | None, typer.Option(min=2, max=20_000, help="How many collectors; by default 300.")
    ] = None,
    sellers: Annotated[
        int | None, typer.Option(min=1, max=20_000, help="How many sellers; by default 150.")
    ] = None,
    rate: Annotated[int, typer.Option(min=1, help="Requests per window with a token.")] = 60,
    anonymous_rate: Annotated[
        int | None,
        typer.Option(min=1, help="Requests per window without a token; by default 25 for each 60."),
    ] = None,
    window: Annotated[float, typer.Option(min=0.1, help="Length of the window in seconds.")] = 60.0,
    flaky: Annotated[bool, typer.Option("--flaky", help="Fail now and then, like the real Discogs.")] = False,
    anonymous_images: Annotated[
        bool,
        typer.Option("--anonymous-images", help="Give addresses of covers without a token, too."),
    ] = False,
) -> None:
    """The made-up Discogs alone."""
    from discogs_assistant import bootstrap

    bootstrap.serve_sandbox(
        port=port,
        seed=seed,
        hours=hours,
        large=large,
        releases=releases,
        users=users,
        sellers=sellers,
        rate=rate,
        anonymous_rate=anonymous_rate,
        window=window,
        flaky=flaky,
        anonymous_images=anonymous_images,
        announce=say,
    )
