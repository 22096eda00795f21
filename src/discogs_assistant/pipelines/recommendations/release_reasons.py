"""Why one release would be recommended, where no finished list says it: by what it is made of."""

from __future__ import annotations

from discogs_assistant.engine.recommendations.reasons import reasons
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.engine.recommendations.training_data import content_alone, training_data
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.recommendation import Reason
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.recommendations.taste_reading import read_taste
from discogs_assistant.store.database import Database


def why_recommended(db: Database, owner: OwnerId, user: UserName, release: Release) -> tuple[Reason, ...]:
    """The reasons, the largest share first; empty if nothing the user has supports the release."""
    return reasons_for(read_taste(db, owner, user), release)


def reasons_for(taste: Taste, release: Release) -> tuple[Reason, ...]:
    """As `why_recommended`, of a taste; what the release itself adds to the taste is left out."""
    if not taste.known:
        return ()
    model = content_alone(training_data((), (*taste.known, *taste.hidden, release)))
    scores = Learned("content", model).scores(taste, [release.item_key])
    return reasons(scores.contributions(release.item_key), taste, 0)
