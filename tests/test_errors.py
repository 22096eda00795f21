"""An error that was kept as its code and words comes back as what it was."""

from __future__ import annotations

import pytest

from discogs_assistant import errors
from discogs_assistant.errors import AssistantError, BadInputError, InvalidFieldsError, error_of

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, AssistantError) and kind is not InvalidFieldsError
]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_comes_back(kind: type[AssistantError]) -> None:
    error = error_of(kind.code, "It failed.", "Try again.")
    assert (type(error), error.sentence, error.next_step) == (kind, "It failed.", "Try again.")


def test_wrong_fields_come_back_as_bad_input() -> None:
    refused = InvalidFieldsError({"budget": "The budget must be above 0."})
    error = error_of(refused.code, refused.sentence)
    assert (type(error), error.exit_status, str(error)) == (BadInputError, 2, "The budget must be above 0.")


def test_an_unknown_code_is_still_an_error() -> None:
    assert type(error_of("unexpected", "Something went wrong.")) is AssistantError
