"""A model serves in versions: learned when something changed, never worse, whole or not at all."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from tests.engine.recommendations.records import record
from tests.pipelines.installation import Installation
from tests.store.files import modes_below, usual_umask

from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.engine.recommendations.training_data import TrainingData
from discogs_assistant.errors import BadInputError, StorageError
from discogs_assistant.pipelines.accounts import accounts
from discogs_assistant.pipelines.accounts.model_folders import MODELS, digest_of, versions_of
from discogs_assistant.pipelines.recommendations import model_training
from discogs_assistant.pipelines.recommendations.list_inputs import Basis
from discogs_assistant.pipelines.recommendations.model_training import ensure_model, served, train
from discogs_assistant.pipelines.recommendations.taste_reading import Others
from discogs_assistant.store.recommendations.model_files import FILE
from discogs_assistant.store.recommendations.model_versions import ModelVersions

POOL = [record(n, "Ann" if n % 2 else "Bo", label="Blue") for n in range(10, 30)]
OWN = Taste(owned=tuple(record(n, "Ann", label="Red") for n in (1, 2, 3)))
ALONE = Basis(OWN, POOL, Others((), {}), "me")
MORE = replace(ALONE, pool=[*POOL, record(30, "Cy", label="Blue")])


def many(count: int, *, like: int = 2) -> Basis:
    """So many others, each with ten records that share a number's remainder."""
    items = tuple({-n: 2.0 for n in range(10, 30) if n % like == place % like} for place in range(count))
    names = tuple(f"somebody {place}" for place in range(count))
    return Basis(OWN, POOL, Others(items, {release.id: release for release in POOL}, names, count), "me")


def versions(installation: Installation, basis: Basis) -> ModelVersions:
    return versions_of(
        installation.ctx.settings, installation.owner, installation.demo(), shared=basis.shared
    )


def ensure(installation: Installation, basis: Basis) -> str:
    return ensure_model(installation.ctx, installation.owner, installation.demo(), basis)


def test_a_lone_persons_model_is_their_own_and_is_trained_again_when_more_is_known(
    installation: Installation,
) -> None:
    first = ensure(installation, ALONE)
    assert ensure(installation, ALONE) == first
    assert len(versions(installation, ALONE).all()) == 1
    second = ensure(installation, MORE)
    assert second != first
    live = versions(installation, MORE).live()
    assert live is not None
    assert (live.name, live.users, live.people) == (second, 1, ("me",))
    assert live.ndcg is None
    learned = served(installation.ctx.settings, installation.owner, installation.demo(), MORE)
    assert learned is not None
    assert learned.name == second
    assert learned.collectors == 0


def test_what_a_model_holds_of_people_is_open_to_this_program_alone(installation: Installation) -> None:
    with usual_umask():
        name = ensure(installation, ALONE)
    modes = modes_below(installation.ctx.settings.data_dir)
    own = versions(installation, ALONE).root.relative_to(installation.ctx.settings.data_dir).as_posix()
    files = [f"{own}/{file}" for file in ("versions.json", "versions.lock", f"{name}/{FILE}")]
    folders = [MODELS, own, f"{own}/{name}"]
    assert {path: modes[path] for path in folders} == dict.fromkeys(folders, "0o700")
    assert {path: modes[path] for path in files} == dict.fromkeys(files, "0o600")


def test_a_model_of_many_is_the_same_for_every_user(installation: Installation) -> None:
    basis = many(20)
    strange = [record(n, "Di", label="Red") for n in (40, 41, 42)]
    other = replace(basis, taste=Taste(owned=tuple(strange[:2])), pool=strange, person="another")
    assert basis.training_data().fingerprint == other.training_data().fingerprint
    assert not {"-40", "-41", "-42", "-1"} & set(other.training_data().data.items)
    assert ensure(installation, basis) == ensure(installation, other)
    assert len(versions(installation, basis).all()) == 1
    more = replace(basis, related=lambda: strange)
    assert "-42" in more.training_data().data.items
    assert more.training_data().fingerprint != basis.training_data().fingerprint


def test_a_love_and_a_hide_weigh_in_without_learning(installation: Installation) -> None:
    ann, bo = POOL[1], POOL[0]
    changed = replace(ALONE, taste=replace(OWN, loved=(bo,), hidden=(ann,)))
    assert ensure(installation, ALONE) == ensure(installation, changed)
    learned = served(installation.ctx.settings, installation.owner, installation.demo(), changed)
    assert learned is not None
    like_ann, like_bo = POOL[3].item_key, POOL[2].item_key
    before = learned.scores(ALONE.taste, [like_ann, like_bo])
    after = learned.scores(changed.taste, [like_ann, like_bo])
    assert before.of(like_ann) > before.of(like_bo)
    assert after.of(like_bo) - after.of(like_ann) > before.of(like_bo) - before.of(like_ann)


def test_nothing_known_learns_nothing(installation: Installation) -> None:
    nothing = Basis(Taste(), [], Others((), {}), "me")
    assert ensure(installation, nothing) == ""
    assert served(installation.ctx.settings, installation.owner, installation.demo(), nothing) is None


def test_one_that_does_worse_than_its_error_allows_does_not_serve(installation: Installation) -> None:
    good, bad = many(40), many(40, like=4)
    kept = versions(installation, good)
    first = ensure(installation, good)
    live = kept.live()
    assert live is not None
    assert live.ndcg is not None
    assert live.validation_users == 8
    boasting = replace(live, ndcg=2.0)
    kept.add(boasting, live=True)
    assert ensure(installation, bad) == first
    refused = kept.all()[-1]
    assert refused.refused == "worse than the one before"
    assert refused.fingerprint == bad.training_data().fingerprint
    assert kept.live() == boasting
    assert ensure(installation, bad) == first
    assert len(kept.all()) == 2


def test_one_that_was_rolled_back_does_not_come_again_by_itself(installation: Installation) -> None:
    first, second = ensure(installation, ALONE), ensure(installation, MORE)
    assert versions(installation, MORE).roll_back().name == first != second
    assert ensure(installation, MORE) == first
    known_since = replace(MORE, pool=[*MORE.pool, record(31, "Cy", label="Red")])
    assert ensure(installation, known_since) == first
    installation.clock.sleep(8 * 86400)
    assert ensure(installation, known_since) == first
    kept = versions(installation, MORE)
    assert kept.held() == kept.live()
    assert len(kept.all()) == 2
    third = train(installation.ctx, kept, known_since, known_since.training_data()).name
    assert kept.held() is None
    assert ensure(installation, known_since) == third
    assert ensure(installation, ALONE) == first != third


def test_one_that_was_gone_back_to_and_may_not_serve_is_held_no_longer(installation: Installation) -> None:
    ensure(installation, many(21))
    train(installation.ctx, versions(installation, many(21)), many(22), many(22).training_data())
    kept = versions(installation, many(22))
    kept.roll_back()
    assert ensure(installation, many(20)) not in {version.name for version in kept.all()[:2]}
    assert kept.held() is None


def test_a_damaged_file_never_serves(installation: Installation) -> None:
    first, second = ensure(installation, ALONE), ensure(installation, MORE)
    file = versions(installation, MORE).folder(second) / FILE
    file.write_bytes(file.read_bytes()[:-9])
    model_training._loaded.cache_clear()
    learned = served(installation.ctx.settings, installation.owner, installation.demo(), MORE)
    assert learned is not None
    assert learned.name == first


def test_a_damaged_file_is_written_again_and_what_was_left_by_a_kill_goes(installation: Installation) -> None:
    name = ensure(installation, ALONE)
    root = versions(installation, ALONE).root
    whole = (root / name / FILE).read_bytes()
    (root / name / FILE).write_bytes(whole[:-9])
    left = root / ".new-left"
    left.mkdir()
    os.utime(left, (0, 0))
    model_training._loaded.cache_clear()
    assert served(installation.ctx.settings, installation.owner, installation.demo(), ALONE) is None
    assert ensure(installation, ALONE) == name
    assert (root / name / FILE).read_bytes() == whole
    assert sorted(path.name for path in root.iterdir() if path.is_dir()) == [name]


def test_one_that_cannot_be_read_back_never_gets_a_name(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ensure(installation, ALONE)

    def damaged(folder: object) -> None:
        raise BadInputError("It is damaged.")

    monkeypatch.setattr(model_training, "load_model", damaged)
    with pytest.raises(StorageError, match="The previous model stays in use"):
        ensure(installation, MORE)
    root = versions(installation, ALONE).root
    assert [path.name for path in root.iterdir() if path.is_dir()] == [first]


def test_records_of_who_no_longer_agrees_serve_nobody(installation: Installation) -> None:
    ensure(installation, many(21))
    assert served(installation.ctx.settings, installation.owner, installation.demo(), many(21)) is not None
    assert served(installation.ctx.settings, installation.owner, installation.demo(), many(20)) is None
    ensure(installation, many(20))
    assert served(installation.ctx.settings, installation.owner, installation.demo(), many(20)) is not None


def test_a_large_model_serves_until_it_is_due(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_training, "QUICK", 5)
    first = ensure(installation, ALONE)
    assert ensure(installation, MORE) == first
    installation.clock.sleep(8 * 86400)
    assert ensure(installation, MORE) != first


def test_learned_twice_it_is_the_same_model(installation: Installation) -> None:
    training_data: TrainingData = ALONE.training_data()
    kept = versions(installation, ALONE)
    assert (
        train(installation.ctx, kept, ALONE, training_data).name
        == train(installation.ctx, kept, ALONE, training_data).name
    )
    assert len(kept.all()) == 1


def test_with_the_account_goes_what_was_learned_from_it_alone(installation: Installation) -> None:
    ensure(installation, ALONE)
    ensure(installation, many(20))
    accounts.delete_account(installation.ctx, installation.owner)
    assert versions(installation, ALONE).all() == ()
    assert len(versions(installation, many(20)).all()) == 1


def test_with_consent_goes_the_model_that_learned_from_it(installation: Installation) -> None:
    accounts.adopt(installation.ctx, installation.owner, installation.demo())
    others = many(20)
    agreed = replace(
        others.others, names=(digest_of(installation.owner, installation.demo()), *others.others.names[1:])
    )
    ensure(installation, replace(others, others=agreed))
    accounts.set_consent(installation.ctx, installation.owner, True)
    assert len(versions(installation, others).all()) == 1
    accounts.set_consent(installation.ctx, installation.owner, False)
    assert versions(installation, others).all() == ()
    assert not versions(installation, others).root.exists()
