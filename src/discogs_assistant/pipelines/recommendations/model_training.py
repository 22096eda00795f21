"""Learns the instance's models in versions: a new one serves only where it is whole and no worse."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
import structlog

from discogs_assistant.config import Settings
from discogs_assistant.engine.recommendations.learning.evaluation import measure
from discogs_assistant.engine.recommendations.learning.holdout import held_out
from discogs_assistant.engine.recommendations.learning.metrics import Estimate
from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.engine.recommendations.training_data import TrainingData, learn
from discogs_assistant.errors import BadInputError, StorageError
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.pipelines.accounts.model_folders import digest_of, versions_of
from discogs_assistant.pipelines.recommendations.list_inputs import Basis
from discogs_assistant.pipelines.recommendations.model_storage import load_model, save_model
from discogs_assistant.pipelines.recommendations.taste_reading import who_agreed
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.private_files import make_private_folder
from discogs_assistant.store.recommendations.model_files import FILE
from discogs_assistant.store.recommendations.model_versions import ModelVersion, ModelVersions

QUICK = 20_000
"""Items up to which a model is trained again whenever something changed."""
AGE = timedelta(days=7)
"""How long a larger model serves although something changed."""

_FEWEST_VALIDATION, _MOST_VALIDATION = 5, 150
_SEED = 0
_NEW, _LEFT = ".new-", timedelta(days=1)


def ensure_model(ctx: Context, owner: OwnerId, user: UserName, basis: Basis) -> str:
    """The name of the version that serves this person, learned now where none fits what is known.

    Empty where nothing is known of anything.
    """
    versions = versions_of(ctx.settings, owner, user, shared=basis.shared)
    training_data = basis.training_data()
    if not training_data.data.items:
        return ""
    serving = _servable(versions, basis)
    if serving is not None and not _outdated(versions, serving, training_data, ctx.clock.now()):
        return serving.name
    return train(ctx, versions, basis, training_data).name


def served(settings: Settings, owner: OwnerId, user: UserName, basis: Basis) -> Learned | None:
    """The model that serves this person, mapped into memory; None where none does."""
    versions = versions_of(settings, owner, user, shared=basis.shared)
    version = _servable(versions, basis)
    if version is None:
        return None
    return Learned(version.name, _loaded(versions.folder(version.name)), basis.others.count)


def serving(ctx: Context, owner: OwnerId, user: UserName) -> Learned | None:
    """As `served`, without reading anybody's records."""
    whose = Basis(Taste(), [], who_agreed(ctx.db, owner, user), digest_of(owner, user))
    return served(ctx.settings, owner, user, whose)


def train(ctx: Context, versions: ModelVersions, basis: Basis, training_data: TrainingData) -> ModelVersion:
    """Train and store a version; returns the one that serves afterwards: the old one if it is better."""
    before = _servable(versions, basis)
    made = _learned(ctx, versions, basis, training_data)
    worse = before is not None and _is_worse(made, before)
    if worse:
        made = replace(made, refused="worse than the one before")
    versions.add(made, live=not worse)
    structlog.get_logger().info("model learned", model=made.name, seconds=made.seconds, refused=made.refused)
    return before if worse and before is not None else made


def _learned(
    ctx: Context, versions: ModelVersions, basis: Basis, training_data: TrainingData
) -> ModelVersion:
    began = ctx.clock.now()
    found, users = _validated(training_data)
    model = learn(training_data, _SEED)
    name = _put(model, versions, began)
    return ModelVersion(
        name=name,
        fingerprint=training_data.fingerprint,
        made_at=began.isoformat(),
        users=len(training_data.data.users),
        items=len(model.items),
        features=len(model.features),
        interactions=int(training_data.data.weights.nnz),
        seconds=round((ctx.clock.now() - began) / timedelta(seconds=1), 3),
        validation_users=users,
        ndcg=found.mean if found else None,
        error=found.error if found else None,
        people=basis.people,
    )


def _put(model: Model, versions: ModelVersions, now: datetime) -> str:
    """Write the file to a staging folder, read it back, and only then move it to its name."""
    staging = None
    try:
        staging = _staging_folder(versions.root, now)
        name = save_model(model, staging)
        load_model(staging)
        make_private_folder(versions.folder(name))
        (staging / FILE).replace(versions.folder(name) / FILE)
    except (OSError, BadInputError) as problem:
        reason = problem.sentence if isinstance(problem, BadInputError) else str(problem.strerror)
        raise StorageError(
            f"The new model cannot be stored ({reason}). The previous model stays in use.", "Free some space."
        ) from problem
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
    return name


def _staging_folder(root: Path, now: datetime) -> Path:
    """A new staging folder; removes those that killed processes left."""
    make_private_folder(root)
    for left in root.glob(f"{_NEW}*"):
        with suppress(FileNotFoundError):
            if now.timestamp() - left.stat().st_mtime > _LEFT.total_seconds():
                shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=_NEW, dir=root))


def _validated(training_data: TrainingData) -> tuple[Estimate | None, int]:
    """NDCG@100 of people held out of a model of the others, by recommender.md's protocol."""
    count = len(training_data.data.users)
    some = min(_MOST_VALIDATION, count // 5)
    if some < _FEWEST_VALIDATION:
        return None, 0
    order = np.random.default_rng(_SEED).permutation(count)
    without = training_data.only(np.sort(order[some:]).tolist())
    users = held_out(training_data.data, order[:some].tolist(), _SEED)
    if len(users) < _FEWEST_VALIDATION:
        return None, 0
    return measure(learn(without, _SEED), users).estimate("ndcg@100"), len(users)


def _is_worse(new: ModelVersion, old: ModelVersion) -> bool:
    """Worse by more than its standard error; a version that was not measured is not worse."""
    if new.ndcg is None or old.ndcg is None or new.error is None:
        return False
    return new.ndcg < old.ndcg - new.error


def _servable(versions: ModelVersions, basis: Basis) -> ModelVersion | None:
    """The live version, or the newest before it, that is whole and holds records of these people alone."""
    live = versions.live()
    others = [version for version in reversed(versions.all()) if version.refused is None and version != live]
    in_order: list[ModelVersion] = [live, *others] if live else others
    for version in in_order:
        if set(version.people) <= set(basis.people) and _is_whole(versions.folder(version.name)):
            return version
    return None


def _is_whole(folder: Path) -> bool:
    try:
        _loaded(folder)
    except BadInputError as problem:
        structlog.get_logger().warning("a model is damaged", folder=folder.name, problem=problem.sentence)
        return False
    return True


def _outdated(
    versions: ModelVersions, serving: ModelVersion, training_data: TrainingData, now: datetime
) -> bool:
    """Whether data changed that no stored version was trained on, and training is quick or due.

    Never after somebody went back to the live version.
    """
    if serving == versions.held():
        return False
    if any(
        version.fingerprint == training_data.fingerprint and version.refused for version in versions.all()
    ):
        return False
    due = now - datetime.fromisoformat(serving.made_at) > AGE
    return serving.fingerprint != training_data.fingerprint and (
        due or len(training_data.data.items) <= QUICK
    )


@lru_cache(maxsize=8)
def _loaded(folder: Path) -> Model:
    return load_model(folder)
