"""The button that puts a record on the wantlist at Discogs, and its outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from discogs_assistant.errors import AssistantError, BadInputError
from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.pipelines.profiles import wantlist
from discogs_assistant.web.catalogue.marks import Mark
from discogs_assistant.web.session import Visitor

Act = Literal["add", "drop"]
_ACTS: dict[str, Act] = {"add": "add", "drop": "drop"}
_DONE: dict[Act, str] = {
    "add": "It is on your Discogs wantlist.",
    "drop": "It is no longer on your Discogs wantlist.",
}


@dataclass(frozen=True, slots=True)
class WantButton:
    """A record with its button; `back` is the page it stands on.

    `marks` where that page shows `mark`, what the record is to the collector; `outcome` is a sentence about
    what happened.
    """

    id: int
    title: str
    user: str
    back: str
    wanted: bool
    marks: bool = False
    mark: Mark = ""
    outcome: str = ""
    failed: bool = False


def act_of(text: str) -> Act:
    """What a button asks for; `BadInputError` for anything else."""
    if text not in _ACTS:
        raise BadInputError("You cannot do that with a wantlist.", "Go back and press the button again.")
    return _ACTS[text]


def change(visitor: Visitor, user: UserName, release: int, act: Act) -> None:
    """Do it at Discogs and here."""
    do = wantlist.add if act == "add" else wantlist.drop
    do(visitor.ctx, visitor.owner, user, ReleaseId(release))


def pressed(visitor: Visitor, want: WantButton, act: Act) -> WantButton:
    """The button after it was pressed, with a sentence; where it failed, as it was."""
    try:
        change(visitor, UserName(want.user), want.id, act)
    except AssistantError as error:
        return replace(want, outcome=str(error), failed=True)
    return replace(want, wanted=act == "add", outcome=_DONE[act])
