"""The way in: a user name, a token, exported files, the made-up world."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from tests.web.fakes import NASTY, USER, Instance, make_record

from discogs_assistant.config import PolicyReading
from discogs_assistant.errors import TokenRefusedError, UnreachableError
from discogs_assistant.model.credentials import PersonalToken
from discogs_assistant.model.ids import UserName
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.accounts.accounts import local_owner
from discogs_assistant.store.accounts import accounts, discogs_tokens
from discogs_assistant.store.market import sellers
from discogs_assistant.store.profiles.changes import ListReading

COLLECTION = (
    "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder,Date Added\r\n"
    "L 1,Somebody,Something,Label,LP,,1990,123,Uncategorized,2020-01-02 03:04:05\r\n"
    "L 2,Somebody,Nothing,Label,LP,,1990,none,Uncategorized,2020-01-02 03:04:05\r\n"
)


@dataclass
class FakeTryOut:
    """A made-up world that opens when the test says so."""

    started: int = 0
    opened: str | None = None
    broken: bool = False

    def start(self) -> None:
        """Count."""
        self.started += 1

    def failed(self) -> bool:
        """As the test set it."""
        return self.broken

    def address(self) -> str | None:
        """As the test set it."""
        return self.opened


def test_a_user_name_starts_a_sync_and_becomes_ones_own(instance: Instance) -> None:
    browser = instance.browser()
    answer = browser.post("/start", data={"user": " digger ", "token": ""})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/runs/{instance.queue.runs[0]}"
    assert accounts.preferences(instance.db, instance.owner).user == "digger"
    assert "digger" in browser.get("/").text


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a\0b", "x" * 500, "<b>", "\u202e"])
def test_an_odd_name_is_shown_beside_the_field_and_kept(instance: Instance, name: str) -> None:
    answer = instance.browser().post("/start", data={"user": name})
    assert answer.status_code == 422
    assert 'id="user-error"' in answer.text
    assert instance.queue.runs == []


def test_a_token_is_stored_encrypted_and_never_shown(instance: Instance) -> None:
    browser = instance.browser()
    browser.post("/start", data={"user": "digger", "token": "s3cret-token"})
    assert discogs_tokens.token(instance.db, instance.ctx.vault, instance.owner) == PersonalToken(
        "s3cret-token", USER
    )
    assert "s3cret-token" not in browser.get("/settings").text
    assert "s3cret-token" not in browser.get("/profile/export").text


def test_a_wrong_token_is_shown_beside_its_field(instance: Instance) -> None:
    instance.discogs.refusal = TokenRefusedError("Discogs does not accept this token.", "Make a new one.")
    answer = instance.browser().post("/start", data={"user": "digger", "token": "wrong"})
    assert answer.status_code == 422
    assert "does not accept this token" in answer.text
    assert 'value="digger"' in answer.text
    assert "token-error" in answer.text


def test_a_token_while_discogs_is_down_is_a_page_with_what_to_do(instance: Instance) -> None:
    instance.discogs.refusal = UnreachableError("Discogs gives no answer.", "Try again in a while.")
    answer = instance.browser().post("/settings/token", data={"token": "any"})
    assert answer.status_code == 503
    assert "Try again in a while." in answer.text


def test_exported_files_are_read_at_once_and_bad_rows_named(instance: Instance) -> None:
    browser = instance.browser()
    answer = browser.post(
        "/profile/files", data={"user": "digger"}, files={"collection": ("c.csv", COLLECTION.encode())}
    )
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"]).text
    assert "The files were read." in page
    assert "line 3" in page
    assert "Something" in page


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 99, b"no,csv\n1,2", NASTY.encode(), b"\xff\xfe\x00", b"," * 100_000]
)
def test_a_file_that_is_no_export_is_shown_beside_the_field(instance: Instance, data: bytes) -> None:
    answer = instance.browser().post(
        "/profile/files", data={"user": "digger"}, files={"collection": ("c.csv", data)}
    )
    assert answer.status_code == 422
    assert 'id="collection-error"' in answer.text
    assert NASTY not in answer.text


def test_no_file_at_all_is_shown(instance: Instance) -> None:
    answer = instance.browser().post(
        "/profile/files", data={"user": "digger"}, files={"collection": ("", b"")}
    )
    assert answer.status_code == 422
    assert "Upload a collection file" in answer.text


def test_a_collector_of_the_made_up_world_is_picked(instance: Instance) -> None:
    browser = replace(instance, demo_users=(UserName("waxworm"), UserName("b-side"))).browser()
    assert "<option>waxworm</option>" in browser.get("/").text
    answer = browser.post("/start/demo", data={"user": "b-side"})
    assert answer.headers["location"].startswith("/runs/")
    assert accounts.preferences(instance.db, instance.owner).user == "b-side"


def test_favourites_of_the_made_up_world_come_back_after_everything_was_deleted(instance: Instance) -> None:
    world = replace(instance, demo_users=(UserName("waxworm"),), demo_sellers=("a-side", "late-press"))
    browser = world.browser()
    for _ in range(2):
        browser.post("/start/demo", data={"user": "waxworm"})
        owner = local_owner(instance.ctx.db, instance.ctx.clock.now())
        assert sellers.favourites(instance.db, owner) == ["a-side", "late-press"]
        browser.post("/profile/delete", data={"sure": "delete"})
        assert sellers.favourites(instance.db, owner) == []


def test_only_collectors_of_the_made_up_world_are_picked(instance: Instance) -> None:
    answer = instance.browser().post("/start/demo", data={"user": "anybody"})
    assert answer.headers["location"] == "/"
    assert instance.queue.runs == []


def test_without_the_made_up_world_the_page_says_how_to_get_it(instance: Instance) -> None:
    assert "discogs-assistant run --sandbox" in instance.browser().get("/").text


def test_the_made_up_world_opens_beside_the_real_one(instance: Instance) -> None:
    world = FakeTryOut()
    browser = replace(instance, try_out=world).browser()
    assert 'action="/start/made-up"' in browser.get("/").text
    assert browser.post("/start/made-up").headers["location"] == "/start/made-up"
    assert world.started == 1
    assert 'http-equiv="refresh" content="1"' in browser.get("/start/made-up").text
    world.opened = "http://127.0.0.1:9/"
    assert 'content="0;url=http://127.0.0.1:9/"' in browser.get("/start/made-up").text
    world.broken = True
    assert browser.get("/start/made-up").status_code == 503


def test_a_server_without_a_made_up_world_says_so(instance: Instance) -> None:
    assert instance.browser().post("/start/made-up").status_code == 404


def test_settings_are_kept_and_shown(instance: Instance) -> None:
    browser = instance.browser()
    sent = {
        "user": USER,
        "currency": "EUR",
        "country": "DE",
        "min_media": "VG+",
        "min_sleeve": "",
        "consent": "on",
    }
    assert browser.post("/settings", data=sent).headers["location"] == "/settings?said=saved"
    page = browser.get("/settings?said=saved").text
    assert "Saved." in page
    assert '<option value="DE" selected>' in page
    assert accounts.consent(instance.db, instance.owner)
    assert '<option value="DE" selected>' in browser.get("/shop").text


def test_a_person_agrees_to_the_reading_of_shipping_policies_and_may_say_no_again(instance: Instance) -> None:
    browser = instance.browser()
    assert "Discogs does not document this address" in browser.get("/settings").text
    for answer, agreed in (("on", True), ("", False)):
        browser.post("/settings", data={"currency": "EUR", "shipping_policies": answer})
        assert accounts.shipping_consent(instance.db, instance.owner) is agreed
        assert ('name="shipping_policies" value="on" checked' in browser.get("/settings").text) is agreed


def test_where_the_setting_decides_nobody_is_asked_about_shipping_policies(instance: Instance) -> None:
    page = instance.with_settings(shipping_policies=PolicyReading.OFF).browser().get("/settings").text
    assert "shipping_policies" not in page


@pytest.mark.parametrize(
    ("field", "value"), [("currency", "XXX"), ("country", "Atlantis"), ("min_media", "fine"), ("user", "a b")]
)
def test_a_setting_that_is_wrong_is_shown_beside_its_field(
    instance: Instance, field: str, value: str
) -> None:
    answer = instance.browser().post("/settings", data={field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_the_address_carries_codes_and_no_sentences(instance: Instance) -> None:
    assert "gone wrong" not in instance.browser().get("/?said=gone+wrong").text


def test_deleting_asks_first_and_then_leaves_nothing(full_instance: Instance) -> None:
    browser = full_instance.browser()
    assert "will be removed" in browser.get("/profile/delete").text
    assert USER in browser.get("/").text
    assert browser.post("/profile/delete").headers["location"] == "/?said=deleted"
    page = browser.get("/?said=deleted").text
    assert "Everything about you was deleted." in page
    assert USER not in page


def test_everything_personal_is_exported(full_instance: Instance) -> None:
    answer = full_instance.browser().get("/profile/export")
    assert "attachment" in answer.headers["content-disposition"]
    assert any(USER in str(rows) for rows in answer.json().values())


def test_a_sync_can_be_asked_for_in_full(full_instance: Instance) -> None:
    answer = full_instance.browser().post("/profile/sync", data={"user": USER, "full": "on"})
    assert answer.headers["location"] == f"/runs/{full_instance.queue.runs[0]}"


def test_a_private_list_says_how_to_make_a_token(instance: Instance) -> None:
    instance.be()
    instance.know_records([], [], collection=ListReading("full", private=True))
    page = instance.browser().get("/profile").text
    assert "The collection is private." in page
    assert "/settings/developers" in page


def test_lists_from_files_are_distinguished_from_those_of_discogs(instance: Instance) -> None:
    instance.be()
    browser = instance.browser()
    instance.know_records([make_record(1)], [make_record(2)], origin="files")
    assert "Read from files that you uploaded." in browser.get("/profile").text
    instance.know_records([make_record(1), make_record(3)], [], wantlist=ListReading("keep"))
    page = browser.get("/profile").text
    assert "The wantlist was read from a file that you uploaded" in page
    assert "Read from files" not in page


def test_a_run_of_each_kind_starts_from_its_page(full_instance: Instance) -> None:
    browser = full_instance.browser()
    for address in ("/recommendations", "/shop", "/profile/sync"):
        sent = {"user": USER, "budget": "50", "run_anew": "on"} if address == "/shop" else {"user": USER}
        assert browser.post(address, data=sent).status_code == 303
    kinds = {RunKind.SHOP, RunKind.SYNC, RunKind.RECOMMEND}
    assert len(full_instance.queue.runs) <= len(kinds)
