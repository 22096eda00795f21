"""A JSON object written in pieces is the object that it would be at once."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.durations import LONG

from discogs_assistant.pipelines.runtime.results.json_stream import json_pieces

ENTRIES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.dictionaries(st.text(), st.lists(st.text()))
)


@settings(max_examples=100 if LONG else 40)
@given(st.dictionaries(st.text(), st.lists(ENTRIES)))
def test_the_pieces_together_are_the_object(document: dict[str, list[Any]]) -> None:
    assert "".join(json_pieces(document.items())) == json.dumps(document, ensure_ascii=False)


def test_the_entries_are_taken_as_the_pieces_are() -> None:
    taken: list[int] = []

    def entries() -> Any:
        for number in range(1000):
            taken.append(number)
            yield "x" * 1000

    pieces = json_pieces([("many", entries())])
    first = next(pieces)
    assert len(taken) < 100
    assert len(first) < 70_000
    assert len(json.loads(first + "".join(pieces))["many"]) == 1000
