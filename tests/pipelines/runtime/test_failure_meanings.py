"""Each code with which a run can fail has a sentence of its own that quotes nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import discogs_assistant.web.app  # noqa: F401  (with it every error's class is known)
from discogs_assistant.errors import AssistantError
from discogs_assistant.pipelines.runtime.failure_meanings import meaning_of


def codes(root: type[AssistantError]) -> Iterator[str]:
    yield root.code
    for kind in root.__subclasses__():
        yield from codes(kind)


CODES = sorted({*codes(AssistantError), "unexpected", "cut-off"})


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_sentence_of_its_own(code: str) -> None:
    others = {meaning_of(other) for other in (*CODES, "none of ours") if other != code}
    assert meaning_of(code).endswith(".")
    assert meaning_of(code) not in others


def test_what_is_no_code_of_ours_is_not_quoted() -> None:
    assert "secret" not in meaning_of("my_secret_seller")
