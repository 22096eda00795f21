"""Titles of a person's own file stand on that person's pages, and on nobody else's."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from tests.store.fakes import NOW
from tests.uploads import import_profile_files
from tests.web.fakes import FakeQueue, Instance, make_copy, make_record

from discogs_assistant.config import Mode
from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.pipelines.accounts import accounts as affairs
from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.pipelines.catalogue.dump_coverage import known_of
from discogs_assistant.pipelines.recommendations.candidate_pool import named_candidates
from discogs_assistant.pipelines.recommendations.interests import interests_of
from discogs_assistant.pipelines.recommendations.taste_reading import read_taste
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.web.app import create_app

HEADER = "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder,Date Added"
NINE, SECRET = ReleaseId(9), "A private note"


@pytest.fixture
def ctx(instance: Instance) -> Context:
    """The instance with many people."""
    return instance.with_settings(mode=Mode.HOSTED).ctx


def person(ctx: Context, name: str, title: str = "", release: int = 9) -> OwnerId:
    """Somebody whose file gives a record this title, and who says that they bought record 9 and love it."""
    owner, user = accounts.add_account(ctx.db, name, NOW), UserName(name)
    if title:
        row = f"1,Somebody,{title},Label,LP,,1990,{release},Uncategorized,2026-01-01 12:00:00"
        import_profile_files(ctx, owner, user, f"{HEADER}\n{row}\n".encode(), None)
    for kind in ("loved", "bought"):
        feedback.record(ctx.db, owner, user, NINE, kind, NOW)
    return owner


def browser(ctx: Context, owner: OwnerId) -> TestClient:
    client = TestClient(create_app(ctx, FakeQueue()), base_url="http://localhost", follow_redirects=False)
    client.cookies.set("session", sessions.open_session(ctx, owner))
    return client


def test_what_one_person_uploaded_is_on_no_page_of_another(ctx: Context) -> None:
    first = person(ctx, "first", SECRET)
    second, third = person(ctx, "second", "Another title"), person(ctx, "third")
    for owner, name, shown in ((first, "first", True), (second, "second", False), (third, "third", False)):
        pages = browser(ctx, owner)
        answers = [pages.get(path) for path in ("/profile", f"/api/users/{name}/taste", "/release/9")]
        answers += [pages.get("/search?words=private"), pages.get("/profile/export")]
        texts = [answer.text for answer in answers]
        assert [SECRET in text for text in (texts[0], texts[-1])] == [shown] * 2
        assert any(SECRET in text for text in texts) == shown


def test_what_one_person_uploaded_counts_for_nobody_else(ctx: Context) -> None:
    first, third = person(ctx, "first", SECRET), person(ctx, "third")
    assert known_of(ctx, first, [NINE])[NINE].title == SECRET
    assert known_of(ctx, third, [NINE]) == {}


def test_a_copy_for_sale_has_the_title_that_somebody_uploaded_for_them_alone(
    instance: Instance, ctx: Context
) -> None:
    instance.sell([make_copy(990, make_record(9, "For sale"), artist="Somebody")])
    titles = {}
    for name, title, release in (("first", SECRET, 9), ("third", "Another title", 10)):
        owner = person(ctx, name, title, release)
        interests = interests_of(read_taste(ctx.db, owner, UserName(name)))
        titles[name] = [record.title for record in named_candidates(ctx, owner, interests)]
    assert titles == {"first": [SECRET], "third": ["For sale"]}


def test_with_the_account_goes_what_its_file_named(ctx: Context) -> None:
    first, second = person(ctx, "first", SECRET), person(ctx, "second", "Another title")
    affairs.delete_account(ctx, first)
    assert known_of(ctx, first, [NINE]) == {}
    assert known_of(ctx, second, [NINE])[NINE].title == "Another title"
