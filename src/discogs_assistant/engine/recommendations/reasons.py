"""Why a record is recommended: sentences whose shares are parts of its score."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from discogs_assistant.engine.recommendations.features import Feature
from discogs_assistant.engine.recommendations.learning.interactions import Floats
from discogs_assistant.engine.recommendations.scoring import Contributions
from discogs_assistant.engine.recommendations.taste import LOVED, WANTED, Taste
from discogs_assistant.model.recommendation import Reason
from discogs_assistant.model.release import Release

_RECORDS = 2
_PER_KIND = {"artist": 1, "label": 1, "credit": 2, "style": 1}
_LEAST_SHARE = 0.01
MOST_REASONS = 5
_NOISE = 1e-9


def reasons(contributions: Contributions, taste: Taste, collectors: int) -> tuple[Reason, ...]:
    """At most five reasons, the largest share first, and one for all else; the shares add up to 1.

    A share is the reason's part of the score. No cell of the contributions counts twice: first the records
    that add most, each with all that it adds, then artists, labels, people and a style with what the other
    records share of them. All else is the last reason, and below 0 where more speaks against than for.
    """
    score = contributions.total
    if score <= _NOISE:
        return ()
    parts = named_parts(contributions, taste)
    rest = score - sum(part[2] for part in parts)
    if abs(rest) > _NOISE:
        left = len(contributions.items) - sum(part[0] == "owned" for part in parts)
        parts.append(
            ("collectors" if collectors else "others", _all_else(rest, left, collectors), rest, None)
        )
    return shares(parts, score)


Part = tuple[str, str, float, Release | None]
"""Kind and text of a reason, what it adds to the score, and the record that it names."""


def named_parts(contributions: Contributions, taste: Taste) -> list[Part]:
    """At most five parts of a score above 0 that can be named, the largest first."""
    content, together = contributions.content.copy(), contributions.together.copy()
    added = content.sum(axis=1) + together
    order = np.argsort(-np.round(added, 12), kind="stable")[:_RECORDS]
    best = [place for place in order if added[place] > 0]
    first = [_by_record(contributions.items[place], float(added[place]), taste) for place in best]
    content[best], together[best] = 0.0, 0.0
    others = largest([*first[1:], *_by_features(contributions, content, _feature)], contributions.total)
    return sorted([*first[:1], *others[: MOST_REASONS - 1]], key=_most)


def shared_parts(contributions: Contributions, with_record: Release) -> list[Part]:
    """As `named_parts`, of a score to which one record alone adds: by what both share."""

    def words(feature: Feature, count: int) -> str:
        return _shared(feature, with_record)

    found = _by_features(contributions, contributions.content, words)
    return largest(list(found), contributions.total)


def largest(parts: Iterable[Part], score: float) -> list[Part]:
    """Those that are worth telling, the largest first."""
    return sorted((part for part in parts if part[2] >= score * _LEAST_SHARE), key=_most)


def shares(parts: Iterable[Part], score: float) -> tuple[Reason, ...]:
    """The reasons, in their order."""
    return tuple(
        Reason(kind, text, part / score, release.id if release else None)
        for kind, text, part, release in parts
    )


def _most(part: Part) -> float:
    return -part[2]


def _by_record(item: int, added: float, taste: Taste) -> Part:
    role, release = taste.releases[item]
    return "owned", _record(role, release), added, release


def _by_features(
    contributions: Contributions, left: Floats, words: Callable[[Feature, int], str]
) -> Iterator[Part]:
    allowed, named = dict(_PER_KIND), set[str]()
    added = left.sum(axis=0)
    for column in np.argsort(-np.round(added, 12), kind="stable"):
        feature = contributions.features[column]
        if allowed.get(feature.kind, 0) and added[column] > 0 and feature.key not in named:
            allowed[feature.kind] -= 1
            named.add(feature.key)
            count = int((contributions.liked & (contributions.content[:, column] > 0)).sum())
            yield feature.kind, words(feature, count), float(added[column]), None


def _record(role: str, release: Release) -> str:
    if role == WANTED:
        return f"Because {called(release)} is on your wantlist."
    verb = "love" if role == LOVED else "own"
    return f"Because you {verb} {called(release)}."


def _feature(feature: Feature, count: int) -> str:
    name = feature.name
    yours = "one of your records" if count == 1 else f"{count} of your records"
    return {
        "artist": f"You know {name} from {yours}.",
        "label": f"On {name}, like {yours}.",
        "credit": f"{name} ({feature.role}) also worked on {yours}.",
        "style": f"{name}, like {yours}.",
    }[feature.kind]


def _shared(feature: Feature, record: Release) -> str:
    name, other = feature.name, called(record)
    return {
        "artist": f"{name} is on it, as on {other}.",
        "label": f"On {name}, like {other}.",
        "credit": f"{name} ({feature.role}) also worked on {other}.",
        "style": f"{name}, like {other}.",
    }[feature.kind]


def _all_else(rest: float, records: int, collectors: int) -> str:
    if rest < 0:
        return "Some of your other records, or what you hid, speak against it."
    if not records:
        return "Many collectors here have or want it." if collectors else "All else that is known of it."
    yours = "Your other record is" if records == 1 else f"Your {records} other records are"
    alike = f"{yours} like it in more ways than are named here"
    return f"{alike}, or are owned together with it by other collectors." if collectors else f"{alike}."


def called(release: Release) -> str:
    """Title and artists in a sentence."""
    return f"“{release.title}” by {release.artist_text}" if release.artists else f"“{release.title}”"
