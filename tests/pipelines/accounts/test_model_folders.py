"""What was learned from who is gone or no longer agrees leaves each machine, wherever that was said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.pipelines.installation import Installation
from tests.pipelines.recommendations.test_model_training import ALONE, ensure, many, versions
from tests.store.accounts.exports import delete_whole
from tests.store.accounts.test_accounts import give_profile

from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.pipelines.accounts import accounts
from discogs_assistant.pipelines.accounts.model_folders import digest_of, forget_left_models, versions_of
from discogs_assistant.pipelines.recommendations.list_inputs import Basis
from discogs_assistant.store.accounts import accounts as stored_accounts
from discogs_assistant.store.recommendations.model_versions import ModelVersion


def somebody(installation: Installation, name: str) -> OwnerId:
    """A person with records, who agrees."""
    owner = stored_accounts.add_account(installation.ctx.db, name, installation.clock.now())
    give_profile(installation.ctx.db, owner, name)
    stored_accounts.set_consent(installation.ctx.db, owner, True)
    return owner


def shared_by(*people: tuple[OwnerId, str]) -> Basis:
    """What is learned from twenty, of whom these are the people."""
    basis = many(20)
    names = tuple(digest_of(owner, UserName(name)) for owner, name in people)
    items = basis.others.items[: len(people)]
    return replace(basis, others=replace(basis.others, names=names, items=items))


def test_what_a_step_learns_of_an_account_that_is_gone_goes_at_the_next_hour(
    installation: Installation,
) -> None:
    other = somebody(installation, "other")
    staying = versions_of(installation.ctx.settings, other, UserName("other"), shared=False)
    staying.add(ModelVersion("theirs", "f", installation.clock.now().isoformat(), 1, 1, 1, 1, 0.0), live=True)
    accounts.delete_account(installation.ctx, installation.owner)
    ensure(installation, ALONE)
    assert len(versions(installation, ALONE).all()) == 1
    forget_left_models(installation.ctx)
    assert not versions(installation, ALONE).root.parent.exists()
    assert len(staying.all()) == 1


def test_what_learned_from_who_no_longer_agrees_goes(installation: Installation) -> None:
    one, two = ((somebody(installation, name), name) for name in ("one", "two"))
    first = ensure(installation, shared_by(one))
    kept = versions(installation, shared_by(one))
    second = ensure(installation, shared_by(one, two))
    forget_left_models(installation.ctx)
    assert [version.name for version in kept.all()] == [first, second]
    # As another machine does it, which cannot reach this one's data folder.
    stored_accounts.set_consent(installation.ctx.db, two[0], False)
    forget_left_models(installation.ctx)
    live = kept.live()
    assert live is not None
    assert [live] == list(kept.all())
    assert live.name == first
    assert not kept.folder(second).exists()


def test_what_learned_from_who_left_on_another_machine_goes(installation: Installation) -> None:
    person = (somebody(installation, "one"), "one")
    name = ensure(installation, shared_by(person))
    kept = versions(installation, shared_by(person))
    assert folders_in(kept.root) == [name]
    delete_whole(installation.ctx.db, person[0])
    forget_left_models(installation.ctx)
    assert kept.all() == ()
    assert folders_in(kept.root) == []


def folders_in(root: Path) -> list[str]:
    return [path.name for path in root.iterdir() if path.is_dir()]
