"""Reading a hostile file takes time in proportion to its size."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pytest
from tests.durations import LONG
from tests.sources.market.sell_pages import Copy, row_2026
from tests.store.fakes import NOW
from tests.uploads import task_of

from discogs_assistant.model.tally import MemoryTally
from discogs_assistant.sources.files.uploads import Kind, read_uploads
from discogs_assistant.sources.market import page_cells
from discogs_assistant.sources.market.page_listing import Surroundings, read_row

MOMENT = 0.5
"""Seconds of CPU time that are no time."""
SIZE = 400_000 if LONG else 200_000
LEAST = MOMENT * SIZE / 400_000
"""Seconds of CPU time below which nothing is compared: a square would be far above.

Of four times the size a square takes sixteen times as long.
"""
GROWTH = 12
"""As many times as long is let pass."""
COLLECTION = b"release_id,Artist,Collection a\n1,A,x\n2,"
HOSTILE: dict[str, tuple[Kind, bytes, bytes]] = {
    "a row's tag without an end": ("market", b'<table class="mpitems"><tr ', b"shortcut_navigable "),
    "counts without an end": ("market", b'<table class="mpitems"><b ', b"pagination_total "),
    "a form without an end": ("market", b'<table class="mpitems"><form ', b"action="),
    "rows that are never closed": ("market", b'<table class="mpitems">', b"<tr class=shortcut_navigable>"),
    "rows of a copy each": ("market", b"<table class=mpitems>", b"<tr class=shortcut_navigable>item_price"),
    "open comments": ("market", b'<table class="mpitems">', b"<!-- "),
    "tags that are never closed": ("market", b'<table class="mpitems">', b"<div>"),
    "a list that is nested": ("market", b"[", b"["),
    "an entry that never ends": ("market", b'{"listings": [{"a": "', b"x"),
    "blanks in JSON": ("market", b"[", b" \n"),
    "empty lists": ("market", b'{"a": [', b"[],"),
    "a quotation mark that is never closed": ("collection", COLLECTION + b'"', b"a\n"),
    "artists without an end": ("collection", COLLECTION, b"B (1); "),
    "lines that are no rows": ("collection", COLLECTION + b"\n", b"x\n"),
    "many columns": ("collection", b"release_id", b",Collection a"),
    "rows without a price": ("market", b"listing_id,seller,release_id,price,currency\n", b"1,s,2,free,EUR\n"),
}


def seconds(use: Callable[[], object]) -> float:
    began = time.thread_time()
    use()
    return time.thread_time() - began


def read(kind: Kind, data: bytes) -> None:
    """Read it whole, with something of it or a sentence as the answer."""
    task = task_of((kind, "a file"), as_of=NOW)
    assert list(read_uploads(task, [io.BytesIO(data)], MemoryTally)) != []


def growth(kind: Kind, once: bytes, four: bytes) -> float:
    """How many times as long the larger file takes; less where it takes no time at all."""
    shorter, longer = seconds(lambda: read(kind, once)), seconds(lambda: read(kind, four))
    return longer / max(shorter, LEAST / GROWTH)


@pytest.mark.parametrize(("kind", "beginning", "again"), HOSTILE.values(), ids=HOSTILE)
def test_time_grows_with_the_file_and_not_with_its_square(kind: Kind, beginning: bytes, again: bytes) -> None:
    once, four = (beginning + again * (times * SIZE // len(again)) for times in (1, 4))
    # Measured again only where a busy machine may have spoiled it.
    assert any(growth(kind, once, four) < GROWTH for _ in range(2))


@pytest.mark.parametrize("tags", ["<font><p>", "<b><i>", "<a><div>", "<div>", "<table><tr><td>", "<svg><a>"])
def test_a_row_of_as_many_open_tags_as_are_read_takes_no_time(tags: str) -> None:
    markup = '<tr class="shortcut_navigable"><td>' + tags * (590 // tags.count("<"))
    assert seconds(lambda: page_cells.parsed_row(markup)) < MOMENT


def test_a_shipping_text_that_is_a_flood_of_words_is_read_in_its_proportion() -> None:
    def one(words: int) -> float:
        # The layout says everything twice, so half of what a row may have.
        markup = row_2026(Copy(shipping="$ " * words))
        return min(seconds(lambda: read_row(markup, Surroundings(NOW, 7, "s"))) for _ in range(2))

    assert one(11_000) < max(MOMENT, 8 * one(2_750))
