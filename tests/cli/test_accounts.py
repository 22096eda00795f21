"""What an operator does by command: change the sealing key, hand out a person's data, remove a person."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.cli.running import run
from tests.store.fakes import HOUR
from tests.uploads import import_profile_files

from discogs_assistant import bootstrap
from discogs_assistant.bootstrap.settings import read_settings
from discogs_assistant.config import PREFIX
from discogs_assistant.model.credentials import OAuthToken
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.store.accounts import accounts, discogs_tokens, sign_ins
from discogs_assistant.store.accounts.sign_ins import Attempt
from discogs_assistant.store.profiles import profiles

KEYS = [f"key number {number} that is as long as hosted mode asks" for number in (1, 2)]
KEPT = OAuthToken("public half", "s3cret half", UserName("digger"))
NEEDED = {
    "MODE": "hosted",
    "SECRET_KEY": KEYS[0],
    "PUBLIC_URL": "https://crates.example.org",
    "DISCOGS_CONSUMER_KEY": "consumer-key",
    "DISCOGS_CONSUMER_SECRET": "consumer-s3cret",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """The settings of a hosted instance in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name, value in {**NEEDED, "DATA_DIR": str(tmp_path / "data")}.items():
        monkeypatch.setenv(PREFIX + name, value)
    return monkeypatch


@contextmanager
def opened() -> Iterator[bootstrap.App]:
    with closing(bootstrap.open_app(bootstrap.read_settings())) as app:
        yield app


def add_person() -> OwnerId:
    with opened() as app:
        owner, _ = accounts.sign_in(app.ctx.db, 42, UserName("digger"), app.ctx.clock.now())
        discogs_tokens.save_token(app.ctx.db, app.ctx.vault, owner, KEPT)
    return owner


def test_a_hosted_instance_gets_no_made_up_users(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done = run("run", "--sandbox")
    assert done.status == 2
    assert "made-up collectors as users" in done.err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", [name for name in NEEDED if name != "MODE"])
def test_hosted_mode_does_not_start_without_what_it_needs(
    environment: pytest.MonkeyPatch, name: str, tmp_path: Path
) -> None:
    environment.delenv(PREFIX + name)
    done = run("account", "export", "digger")
    assert done.status == 2
    assert f"Hosted mode needs {name}" in done.err
    assert len(done.err.splitlines()) == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "short", "too short"),
        ("PUBLIC_URL", "http://crates.example.org", "by https"),
        ("PUBLIC_URL", "https://crates.example.org/below", "only a host"),
        ("PUBLIC_URL", "crates.example.org", "must be an address"),
        ("DISCOGS_API_URL", "http://api.example.org", "unencrypted"),
        ("OPERATORS", "digger", "write the user number too, as in name:12345"),
        ("OPERATORS", "digger:7, other", "write the user number too"),
        ("OPERATORS", "digger:0", "write the user number too"),
    ],
)
def test_what_would_not_be_safe_is_refused(
    environment: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    environment.setenv(PREFIX + name, value)
    done = run("account", "export", "digger")
    assert done.status == 2
    assert said in done.err


def test_a_key_is_changed_by_a_command(environment: pytest.MonkeyPatch) -> None:
    owner = add_person()
    environment.setenv(PREFIX + "SECRET_KEY", KEYS[1])
    environment.setenv(PREFIX + "PREVIOUS_SECRET_KEYS", KEYS[0])
    with opened() as app:
        assert accounts.shipping_consent(app.ctx.db, owner) is None
        assert discogs_tokens.token(app.ctx.db, app.ctx.vault, owner) == KEPT
    assert run("secrets", "rotate", "--json").document == {"sealed_anew": 1}
    assert "0 sealed again" in run("secrets", "rotate").out
    environment.delenv(PREFIX + "PREVIOUS_SECRET_KEYS")
    with opened() as app:
        assert discogs_tokens.token(app.ctx.db, app.ctx.vault, owner) == KEPT


@pytest.mark.parametrize("text", ["digger:7,8", " 7 , digger:08", '["digger:7", "8"]', "[7, 8]"])
def test_operators_are_named_by_their_numbers(environment: pytest.MonkeyPatch, text: str) -> None:
    environment.setenv(PREFIX + "OPERATORS", text)
    assert read_settings().operator_numbers == {7, 8}


def test_settings_tell_no_secret(environment: pytest.MonkeyPatch) -> None:
    environment.setenv(PREFIX + "PREVIOUS_SECRET_KEYS", f'["{KEYS[1]}", "another"]')
    environment.setenv(PREFIX + "OPERATORS", "ana:7, 8")
    shown = run("settings", "--json").document["settings"]
    assert shown[PREFIX + "PREVIOUS_SECRET_KEYS"]["value"] == "(2 set)"
    assert shown[PREFIX + "OPERATORS"]["value"] == "ana:7, 8"
    assert not [secret for secret in (*KEYS, "consumer-s3cret") if secret in run("settings", "--json").out]


def test_a_collector_is_forgotten_in_all_accounts(environment: pytest.MonkeyPatch) -> None:
    owner = add_person()
    with opened() as app:
        for whose in (owner, app.owner):
            import_profile_files(app.ctx, whose, "friend", b"release_id\n1\n", None)
    environment.setattr("sys.stdin", io.StringIO("n\n"))
    asked = run("account", "forget", "friend")
    assert asked.status == 1
    assert "in 2 accounts" in asked.err
    done = run("account", "forget", "Friend", "--yes", "--json")
    assert done.document == {"forgotten": "Friend", "accounts": 2}
    with opened() as app:
        assert profiles.profiles(app.ctx.db, owner) == profiles.profiles(app.ctx.db, app.owner) == []
    gone = run("account", "forget", "friend", "--yes")
    assert gone.status == 3
    assert "No account here stores data about “friend”." in gone.err
    assert run("account", "forget", "a b", "--yes").status == 2
    assert run("account", "export", "digger").status == 0


def test_a_person_s_data_is_handed_out_and_then_removed(environment: pytest.MonkeyPatch) -> None:
    add_person()
    exported = run("account", "export", "Digger")
    assert exported.document["account"][0]["discogs_user"] == "digger"
    assert "s3cret" not in exported.out
    assert run("account", "delete", "digger", "--yes", "--json").document == {"deleted": "digger"}
    gone = run("account", "export", "digger")
    assert gone.status == 3
    assert "No account here is called “digger”." in gone.err


def try_it_locally() -> OwnerId:
    """The account of local mode, whose person has given the same name."""
    with opened() as app:
        accounts.set_preferences(app.ctx.db, app.owner, Preferences(user=UserName("Digger")))
        return app.owner


def numbers() -> list[OwnerId]:
    with opened() as app:
        return accounts.accounts_of(app.ctx.db, UserName("digger"))


def test_what_was_tried_in_local_mode_is_not_taken_for_who_signed_in(
    environment: pytest.MonkeyPatch,
) -> None:
    local, person = try_it_locally(), add_person()
    assert numbers() == [local, person]
    assert run("account", "export", "digger").document["account"][0]["owner"] == person
    assert run("account", "export", "digger", "--number", local).status == 3
    assert run("account", "delete", "digger", "--yes").status == 0
    assert numbers() == [local]


def test_of_several_accounts_of_a_name_none_is_taken_before_one_is_said(
    environment: pytest.MonkeyPatch,
) -> None:
    local, person = try_it_locally(), add_person()
    environment.setenv(PREFIX + "MODE", "local")
    for act in ("export", "delete"):
        refused = run("account", act, "digger")
        assert refused.status == 2
        assert f"Several accounts are called “digger”: {local}, {person}. Say which" in refused.err
    assert run("account", "delete", "digger", "--number", local, "--yes").status == 0
    assert numbers() == [person]
    assert run("account", "delete").status == 2
    gone = run("account", "delete", "--number", person, "--yes", "--json")
    assert gone.document == {"deleted": f"account {person}"}
    assert run("account", "delete", "--number", person).status == 3


def test_after_a_copy_was_put_back_nobody_is_in_and_nobody_has_agreed(
    environment: pytest.MonkeyPatch,
) -> None:
    owner = add_person()
    with opened() as app:
        db, now = app.ctx.db, app.ctx.clock.now()
        accounts.set_consent(db, owner, True)
        accounts.set_shipping_consent(db, owner, True)
        session = sessions.open_session(app.ctx, owner)
        token = sessions.add_api_token(app.ctx, owner, "shelf")
        attempt = Attempt(b"s" * 32, b"b" * 32, KEPT, "/")
        sign_ins.keep(db, app.ctx.vault, attempt, now)
    ended = run("operator", "after-restore", "--yes", "--json")
    assert ended.document == {"sessions": 1, "sign_ins": 1, "tokens": 1, "consents": 1}
    assert "Accounts that were deleted since" in ended.err
    with opened() as app:
        assert sessions.of_session(app.ctx, session) is None
        assert sessions.of_bearer(app.ctx, token) is None
        assert sign_ins.find(app.ctx.db, app.ctx.vault, b"s" * 32, b"b" * 32, now - HOUR) is None
        assert (accounts.consent(app.ctx.db, owner), accounts.asks_again(app.ctx.db, owner)) == (False, True)
        assert discogs_tokens.token(app.ctx.db, app.ctx.vault, owner) == KEPT


def test_where_nobody_signs_in_nobody_is_signed_out(environment: pytest.MonkeyPatch) -> None:
    environment.setenv(PREFIX + "MODE", "local")
    refused = run("operator", "after-restore", "--yes")
    assert refused.status == 1
    assert "There is no sign-in here" in refused.err
