"""The table of a storm."""

from __future__ import annotations

import json
import sys
import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.chaos.storm import Outcome

_MOST_SHOWN = 20


def statistics(url: str) -> dict[str, int]:
    """What the stand-in Discogs counted so far: requests, those over the window, failures that it played."""
    with urllib.request.urlopen(f"{url}/_sandbox/stats", timeout=30) as answer:
        measured = json.load(answer)
    return {
        "requests": measured["requests"],
        "over": measured["over_window"],
        "played": sum(measured["faults"].values()),
    }


def show(outcome: Outcome) -> None:
    """Print it to stdout, and what is wrong below it."""
    plan, judge, storm = outcome.plan, outcome.judge, outcome.storm
    rows = [
        ("database", plan.database, ""),
        ("workers, lease", f"{plan.workers}, {plan.lease:g} s", ""),
        ("runs asked for", f"{outcome.asked:,}", f"{plan.runs:,}"),
        ("minutes", f"{outcome.seconds / 60:.1f}, after {outcome.peace / 60:.1f} in peace", ""),
        ("runs a minute", f"{60 * outcome.asked / outcome.seconds:.0f}", ""),
        ("lost: ended otherwise than well", str(judge.failed), "0"),
        ("stuck", str(outcome.stuck), "0"),
        ("doubled effects", str(judge.doubled), "0"),
        ("results unlike those in peace", str(judge.different), "0"),
        ("left over in the tables", str(sum(outcome.left.values())), "0"),
        *((name, str(count), "") for name, count in sorted(storm.counts.items())),
        ("connections to Discogs dropped", str(storm.proxy.cuts), ""),
        ("failures played by Discogs", str(outcome.requests["played"]), ""),
        ("requests to Discogs", f"{outcome.requests['requests']:,}", ""),
        ("of those over the window", str(outcome.requests["over"]), ""),
        ("workers that ended by themselves and were started again", str(storm.crew.restarts), ""),
        *_takeovers(outcome),
    ]
    write = sys.stdout.write
    write("| figure | measured | target |\n| --- | ---: | ---: |\n")
    for name, value, target in rows:
        write(f"| {name} | {value} | {target} |\n")
    wrong = [*judge.wrong, *(f"left over: {count} {name}" for name, count in outcome.left.items())]
    for sentence in wrong[:_MOST_SHOWN]:
        write(f"- {sentence}\n")
    write("\nAll is well.\n" if outcome.good else "\nWRONG.\n")


def _takeovers(outcome: Outcome) -> list[tuple[str, str, str]]:
    rows = []
    for kind, took in sorted(outcome.takeovers.took.items()):
        ordered = sorted(took)
        p50, p95 = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95))
        times = f"{p50:.1f} s, {p95:.1f} s, {ordered[-1]:.1f} s of {len(ordered)}"
        target = "" if kind == "a stalled worker's" else "under 30 s"
        rows.append((f"{kind} run or chunk taken over: median, 95 %, longest", times, target))
    return rows
