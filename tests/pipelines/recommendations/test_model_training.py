"""A model serves in versions: learned when something changed, never worse, whole or not at all."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from tests.engine.recommendations.records import record
from tests.pipelines.installation import House
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
    return Basis(OWN, POOL, Others(items, {one.id: one for one in POOL}, names, count), "me")


def versions(house: House, basis: Basis) -> ModelVersions:
    return versions_of(house.ctx.settings, house.owner, house.demo(), shared=basis.shared)


def ensure(house: House, basis: Basis) -> str:
    return ensure_model(house.ctx, house.owner, house.demo(), basis)


def test_a_lone_persons_model_is_their_own_and_is_trained_again_when_more_is_known(house: House) -> None:
    first = ensure(house, ALONE)
    assert ensure(house, ALONE) == first
    assert len(versions(house, ALONE).all()) == 1
    second = ensure(house, MORE)
    assert second != first
    live = versions(house, MORE).live()
    assert live is not None
    assert (live.name, live.users, live.people) == (second, 1, ("me",))
    assert live.ndcg is None
    learned = served(house.ctx.settings, house.owner, house.demo(), MORE)
    assert learned is not None
    assert learned.name == second
    assert learned.collectors == 0


def test_what_a_model_holds_of_people_is_open_to_this_program_alone(house: House) -> None:
    with usual_umask():
        name = ensure(house, ALONE)
    modes = modes_below(house.ctx.settings.data_dir)
    own = versions(house, ALONE).root.relative_to(house.ctx.settings.data_dir).as_posix()
    files = [f"{own}/{file}" for file in ("versions.json", "versions.lock", f"{name}/{FILE}")]
    folders = [MODELS, own, f"{own}/{name}"]
    assert {path: modes[path] for path in folders} == dict.fromkeys(folders, "0o700")
    assert {path: modes[path] for path in files} == dict.fromkeys(files, "0o600")


def test_a_model_of_many_is_the_same_for_every_user(house: House) -> None:
    one = many(20)
    strange = [record(n, "Di", label="Red") for n in (40, 41, 42)]
    other = replace(one, taste=Taste(owned=tuple(strange[:2])), pool=strange, person="another")
    assert one.training_data().fingerprint == other.training_data().fingerprint
    assert not {"-40", "-41", "-42", "-1"} & set(other.training_data().data.items)
    assert ensure(house, one) == ensure(house, other)
    assert len(versions(house, one).all()) == 1
    more = replace(one, around=lambda: strange)
    assert "-42" in more.training_data().data.items
    assert more.training_data().fingerprint != one.training_data().fingerprint


def test_a_love_and_a_hide_weigh_in_without_learning(house: House) -> None:
    ann, bo = POOL[1], POOL[0]
    changed = replace(ALONE, taste=replace(OWN, loved=(bo,), hidden=(ann,)))
    assert ensure(house, ALONE) == ensure(house, changed)
    learned = served(house.ctx.settings, house.owner, house.demo(), changed)
    assert learned is not None
    like_ann, like_bo = POOL[3].item_key, POOL[2].item_key
    before = learned.scores(ALONE.taste, [like_ann, like_bo])
    after = learned.scores(changed.taste, [like_ann, like_bo])
    assert before.of(like_ann) > before.of(like_bo)
    assert after.of(like_bo) - after.of(like_ann) > before.of(like_bo) - before.of(like_ann)


def test_nothing_known_learns_nothing(house: House) -> None:
    nothing = Basis(Taste(), [], Others((), {}), "me")
    assert ensure(house, nothing) == ""
    assert served(house.ctx.settings, house.owner, house.demo(), nothing) is None


def test_one_that_does_worse_than_its_error_allows_does_not_serve(house: House) -> None:
    good, bad = many(40), many(40, like=4)
    kept = versions(house, good)
    first = ensure(house, good)
    live = kept.live()
    assert live is not None
    assert live.ndcg is not None
    assert live.validation_users == 8
    boasting = replace(live, ndcg=2.0)
    kept.add(boasting, live=True)
    assert ensure(house, bad) == first
    refused = kept.all()[-1]
    assert refused.refused == "worse than the one before"
    assert refused.fingerprint == bad.training_data().fingerprint
    assert kept.live() == boasting
    assert ensure(house, bad) == first
    assert len(kept.all()) == 2


def test_one_that_was_rolled_back_does_not_come_again_by_itself(house: House) -> None:
    first, second = ensure(house, ALONE), ensure(house, MORE)
    assert versions(house, MORE).roll_back().name == first != second
    assert ensure(house, MORE) == first
    known_since = replace(MORE, pool=[*MORE.pool, record(31, "Cy", label="Red")])
    assert ensure(house, known_since) == first
    house.clock.sleep(8 * 86400)
    assert ensure(house, known_since) == first
    kept = versions(house, MORE)
    assert kept.held() == kept.live()
    assert len(kept.all()) == 2
    third = train(house.ctx, kept, known_since, known_since.training_data()).name
    assert kept.held() is None
    assert ensure(house, known_since) == third
    assert ensure(house, ALONE) == first != third


def test_one_that_was_gone_back_to_and_may_not_serve_is_held_no_longer(house: House) -> None:
    ensure(house, many(21))
    train(house.ctx, versions(house, many(21)), many(22), many(22).training_data())
    kept = versions(house, many(22))
    kept.roll_back()
    assert ensure(house, many(20)) not in {one.name for one in kept.all()[:2]}
    assert kept.held() is None


def test_a_damaged_file_never_serves(house: House) -> None:
    first, second = ensure(house, ALONE), ensure(house, MORE)
    file = versions(house, MORE).folder(second) / FILE
    file.write_bytes(file.read_bytes()[:-9])
    model_training._loaded.cache_clear()
    learned = served(house.ctx.settings, house.owner, house.demo(), MORE)
    assert learned is not None
    assert learned.name == first


def test_a_damaged_file_is_written_again_and_what_was_left_by_a_kill_goes(house: House) -> None:
    name = ensure(house, ALONE)
    root = versions(house, ALONE).root
    whole = (root / name / FILE).read_bytes()
    (root / name / FILE).write_bytes(whole[:-9])
    left = root / ".new-left"
    left.mkdir()
    os.utime(left, (0, 0))
    model_training._loaded.cache_clear()
    assert served(house.ctx.settings, house.owner, house.demo(), ALONE) is None
    assert ensure(house, ALONE) == name
    assert (root / name / FILE).read_bytes() == whole
    assert sorted(one.name for one in root.iterdir() if one.is_dir()) == [name]


def test_one_that_cannot_be_read_back_never_gets_a_name(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ensure(house, ALONE)

    def damaged(folder: object) -> None:
        raise BadInputError("It is damaged.")

    monkeypatch.setattr(model_training, "load_model", damaged)
    with pytest.raises(StorageError, match="The previous model stays in use"):
        ensure(house, MORE)
    root = versions(house, ALONE).root
    assert [one.name for one in root.iterdir() if one.is_dir()] == [first]


def test_records_of_who_no_longer_agrees_serve_nobody(house: House) -> None:
    ensure(house, many(21))
    assert served(house.ctx.settings, house.owner, house.demo(), many(21)) is not None
    assert served(house.ctx.settings, house.owner, house.demo(), many(20)) is None
    ensure(house, many(20))
    assert served(house.ctx.settings, house.owner, house.demo(), many(20)) is not None


def test_a_large_model_serves_until_it_is_due(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_training, "QUICK", 5)
    first = ensure(house, ALONE)
    assert ensure(house, MORE) == first
    house.clock.sleep(8 * 86400)
    assert ensure(house, MORE) != first


def test_learned_twice_it_is_the_same_model(house: House) -> None:
    training_data: TrainingData = ALONE.training_data()
    kept = versions(house, ALONE)
    assert (
        train(house.ctx, kept, ALONE, training_data).name == train(house.ctx, kept, ALONE, training_data).name
    )
    assert len(kept.all()) == 1


def test_with_the_account_goes_what_was_learned_from_it_alone(house: House) -> None:
    ensure(house, ALONE)
    ensure(house, many(20))
    accounts.delete_account(house.ctx, house.owner)
    assert versions(house, ALONE).all() == ()
    assert len(versions(house, many(20)).all()) == 1


def test_with_consent_goes_the_model_that_learned_from_it(house: House) -> None:
    accounts.adopt(house.ctx, house.owner, house.demo())
    others = many(20)
    agreed = replace(others.others, names=(digest_of(house.owner, house.demo()), *others.others.names[1:]))
    ensure(house, replace(others, others=agreed))
    accounts.set_consent(house.ctx, house.owner, True)
    assert len(versions(house, others).all()) == 1
    accounts.set_consent(house.ctx, house.owner, False)
    assert versions(house, others).all() == ()
    assert not versions(house, others).root.exists()
