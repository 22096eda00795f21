"""Forgetting a collector's records: asked once more, then gone for that person, and listed until then."""

from __future__ import annotations

from datetime import timedelta

from selectolax.lexbor import LexborHTMLParser
from tests.store.accounts.exports import whole_export
from tests.uploads import import_profile_files
from tests.web.fakes import HOME, USER, Instance
from tests.web.people import ANOTHER, OWNER, HostedInstance

from discogs_assistant.errors import StorageError
from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.recommendations import feedback
from discogs_assistant.store.profiles import collectors, profiles
from discogs_assistant.store.recommendations import feedback as stored_feedback
from discogs_assistant.store.runs import results, runs

FRIEND = UserName("a-friend")


def read_friend(instance: Instance) -> None:
    import_profile_files(instance.ctx, instance.owner, FRIEND, b"release_id\n1\n2\n", None)


def test_the_page_asks_once_more_and_changes_nothing(full_instance: Instance) -> None:
    before = whole_export(full_instance.db, full_instance.owner)
    browser = full_instance.browser()
    page = browser.get("/profile")
    assert 'href="/profile/forget"' in page.text
    asked = browser.get("/profile/forget").text
    assert "10 owned records and 10 wanted records, will be removed" in asked
    assert f"Remove {USER}'s records?" in asked.replace("&#39;", "'")
    assert 'href="/profile"' in asked
    assert "Your settings" in asked
    form = LexborHTMLParser(asked).css_first('form[action="/profile/forget"]')
    assert form is not None
    assert f'value="{USER}"' in (form.html or "")
    assert whole_export(full_instance.db, full_instance.owner) == before


def test_forgetting_leaves_nothing_of_the_collector(full_instance: Instance) -> None:
    feedback.say(
        full_instance.ctx.db, full_instance.owner, USER, ReleaseId(21), "love", full_instance.ctx.clock.now()
    )
    browser = full_instance.browser()
    lists, waiting = full_instance.newest_run(RunKind.RECOMMEND), full_instance.open_run(RunKind.SYNC)
    assert browser.get(f"/recommendations?run={lists}").status_code == 200
    done = browser.post("/profile/forget", data={"user": USER})
    assert (done.status_code, done.headers["location"]) == (303, "/profile?said=records")
    page = browser.get(done.headers["location"]).text
    assert "Those records are removed" in page
    assert f"Nothing has been read for {USER} yet" in page
    assert profiles.profile(full_instance.db, full_instance.owner, USER) is None
    assert results.latest_run(full_instance.db, full_instance.owner, USER, RunKind.SHOP) is None
    assert stored_feedback.feedback(full_instance.db, full_instance.owner, USER) == stored_feedback.Feedback()
    assert browser.get(f"/recommendations?run={lists}").status_code == 404
    assert browser.get(f"/runs/{waiting.id}").status_code == 404
    left = {name for name, rows in whole_export(full_instance.db, full_instance.owner).items() if rows}
    assert left == {"account"}


def test_others_are_listed_and_forgotten_alone(full_instance: Instance) -> None:
    read_friend(full_instance)
    browser = full_instance.browser()
    page = browser.get("/profile").text
    assert 'href="/profile?user=a-friend"' in page
    assert 'href="/profile/forget?user=a-friend"' in page
    assert "2 owned, 0 wanted" in page
    assert "30 days" in page
    of_friend = browser.get("/profile?user=a-friend").text
    assert "a-friend&#39;s records" in of_friend
    assert 'href="/profile/forget?user=a-friend"' in of_friend
    assert browser.get("/profile/forget?user=A-Friend").status_code == 200
    mine = runs.ids_of(full_instance.db, full_instance.owner)
    assert browser.post("/profile/forget", data={"user": FRIEND}).status_code == 303
    assert "a-friend" not in browser.get("/profile").text
    assert profiles.profile(full_instance.db, full_instance.owner, USER) is not None
    assert len(runs.ids_of(full_instance.db, full_instance.owner)) == len(mine) - 1


def test_what_is_not_kept_is_shown(full_instance: Instance) -> None:
    browser = full_instance.browser()
    for answer in (
        browser.get("/profile/forget?user=nobody"),
        browser.post("/profile/forget", data={"user": "nobody"}),
    ):
        assert answer.status_code == 404
        assert "No data is stored about “nobody”" in answer.text
    assert browser.post("/profile/forget", data={}).status_code == 422
    assert "/profile/forget" not in browser.get("/profile?user=nobody").text


def test_nobody_forgets_what_another_person_keeps(hosted_instance: HostedInstance) -> None:
    where = hosted_instance.instance
    for role in (OWNER, ANOTHER):
        import_profile_files(where.ctx, hosted_instance.owners[role], FRIEND, b"release_id\n1\n", None)
    assert hosted_instance.browser(ANOTHER).post("/profile/forget", data={"user": FRIEND}).status_code == 303
    assert profiles.profile(where.db, hosted_instance.owners[ANOTHER], FRIEND) is None
    assert profiles.profile(where.db, hosted_instance.owners[OWNER], FRIEND) is not None


def test_another_site_makes_nobody_forget(full_instance: Instance) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = full_instance.browser().post("/profile/forget", data={"user": USER}, headers=headers)
    assert answer.status_code == 403
    assert profiles.profile(full_instance.db, full_instance.owner, USER) is not None


def unused(instance: Instance) -> list[UserName]:
    month = timedelta(days=30)
    return [user for _, user in collectors.unused(instance.db, instance.clock.now() - month)]


def test_a_look_at_any_page_of_a_collector_keeps_the_records(full_instance: Instance) -> None:
    read_friend(full_instance)
    browser = full_instance.browser()
    for address in ("/taste?user=a-friend", "/api/users/a-friend/taste"):
        full_instance.clock.sleep(31 * 86_400)
        assert unused(full_instance) == [FRIEND]
        assert browser.get(address).status_code == 200
        assert unused(full_instance) == []
    browser.get("/profile")
    full_instance.clock.sleep(31 * 86_400)
    browser.get("/profile")
    assert unused(full_instance) == [FRIEND]


def test_a_full_disk_shows_the_page_all_the_same(full_instance: Instance, monkeypatch: object) -> None:
    read_friend(full_instance)

    def full_disk(*what: object) -> bool:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(collectors, "note_look", full_disk)  # type: ignore[attr-defined]
    assert full_instance.browser().get("/profile?user=a-friend").status_code == 200


def test_one_collector_too_many_is_a_sentence_on_a_page_and_for_a_program(
    hosted_instance: HostedInstance,
) -> None:
    hosted = hosted_instance.instance.with_settings(collectors_per_person=0)
    hosted_copy = HostedInstance(hosted, hosted_instance.owners, hosted_instance.ids)
    page = hosted_copy.browser(ANOTHER).post("/profile/sync", data={"user": FRIEND}, headers={"Origin": HOME})
    assert page.status_code == 409
    assert "Remove some that you no longer need" in page.text
    answer = hosted_copy.program(ANOTHER).post(f"/api/users/{FRIEND}/sync", json={})
    assert answer.status_code == 409
    assert "Remove some" in answer.json()["next_step"]
