"""The pages of artists, labels and masters: by part, mine marked, narrowed, in order, paged."""

from __future__ import annotations

import re

import pytest
from tests.web.catalogue_fakes import MANY
from tests.web.fakes import USER, Instance, make_record

from discogs_assistant.model.ids import MasterId
from discogs_assistant.store.catalogue.discographies import save_page


def rows(page: str) -> list[str]:
    """Where the lines of the list lead."""
    return re.findall(r'<th scope="row"><a href="([^"]+)"', page)


def show(instance: Instance, address: str) -> str:
    answer = instance.browser().get(address)
    assert answer.status_code == 200
    return answer.text


def test_an_artist_is_distinguished_from_namesakes_and_by_all_that_is_known(
    instance_with_dumps: Instance,
) -> None:
    page = show(instance_with_dumps, "/artist/2")
    assert '<h1 dir="auto">Nirvana</h1>' in page
    assert "Artist, number 2 of this name on Discogs" in page
    for expected in ("Patrick &amp; Alex", "NIRVANA", 'href="/artist/4"', "https://www.discogs.com/artist/2"):
        assert expected in page
    assert rows(page) == ["/master/900"]


def test_a_discography_has_parts(instance_with_dumps: Instance) -> None:
    page = show(instance_with_dumps, "/artist/7")
    assert 'href="?part=main" aria-current="true">Main artist' in page
    assert 'href="?part=remixer">Remixer' in page
    assert rows(show(instance_with_dumps, "/artist/7?part=remixer")) == ["/release/101"]
    assert rows(show(instance_with_dumps, "/artist/7?part=nonsense"))[0] == "/release/1000"


def test_a_long_discography_is_in_order_and_paged(instance_with_dumps: Instance) -> None:
    first, second = (show(instance_with_dumps, f"/artist/7?page={n}") for n in (1, 2))
    assert rows(first) + rows(second) == [f"/release/{1000 + n}" for n in range(MANY)]
    assert 'href="?part=main&amp;page=2"' in first
    assert "Page 2 of 2" in second


def test_a_label_is_in_the_order_of_its_numbers(instance_with_dumps: Instance) -> None:
    page = show(instance_with_dumps, "/label/50")
    assert rows(page)[:3] == ["/release/1000", "/release/1001", "/release/1002"]
    assert rows(page).index("/release/101") == 31
    assert 'href="/label/51"' in page


def test_what_i_own_and_what_i_lack_are_distinguished(instance_with_dumps: Instance) -> None:
    instance_with_dumps.be(USER)
    instance_with_dumps.know_records(
        [make_record(1003, master_id=MasterId(2003))], [make_record(1005, master_id=MasterId(2005))]
    )
    assert rows(show(instance_with_dumps, "/artist/7?show=owned")) == ["/release/1003"]
    assert rows(show(instance_with_dumps, "/label/50?show=wanted")) == ["/release/1005"]
    lacking = rows(show(instance_with_dumps, "/artist/7?show=lacking&page=1"))
    assert "/release/1003" not in lacking
    assert "/release/1005" in lacking
    page = show(instance_with_dumps, "/artist/7")
    assert f'Not owned <span class="soft">{MANY - 1}</span>' in page
    assert page.count(">owned</span>") == 1
    assert 'aria-label="Which records"' in page


def test_another_pressing_that_is_mine_marks_the_work(instance_with_dumps: Instance) -> None:
    instance_with_dumps.be(USER)
    instance_with_dumps.know_records([make_record(102, master_id=MasterId(900))], [])
    assert ">owned</span>" in show(instance_with_dumps, "/artist/2")
    master = show(instance_with_dumps, "/master/900?show=owned")
    assert rows(master) == ["/release/102"]
    assert "Not owned" in master


def test_nobodys_records_offer_no_choice_of_mine(instance_with_dumps: Instance) -> None:
    assert 'aria-label="Which records"' not in show(instance_with_dumps, "/artist/7")


def test_a_master_without_a_main_release_or_pressings_says_so(instance_with_dumps: Instance) -> None:
    page = show(instance_with_dumps, "/master/901")
    assert "Main pressing</dt><dd>not known" in page
    assert "its pressings are not" in page
    assert "First released</dt><dd>not known" in page
    whole = show(instance_with_dumps, "/master/900")
    assert 'href="/release/101">The one Discogs shows first</a>' in whole
    assert rows(whole) == ["/release/101", "/release/102"]
    assert whole.count("main pressing</span>") == 1


def test_pages_of_what_only_the_api_sent(full_instance: Instance) -> None:
    full_instance.know_records(
        [make_record(5, master_id=MasterId(77)), make_record(6, master_id=MasterId(77))], []
    )
    for address in ("/artist/5", "/label/5", "/master/77"):
        page = show(full_instance, address)
        assert "Read from Discogs" in page
        assert "catalogue import FOLDER" in page
        assert ">owned</span>" in page


def test_how_far_the_list_on_discogs_was_read_is_shown(full_instance: Instance) -> None:
    full_instance.know_records([make_record(5), make_record(6)], [])
    save_page(full_instance.db, "artist", 5, 1, 8, [], full_instance.clock.now())
    save_page(full_instance.db, "label", 5, 1, 1, [], full_instance.clock.now())
    page = show(full_instance, "/artist/5")
    assert "This is only what Discogs has sent so far: there may be much more." in page
    assert "Of Discogs' own list 1 of 8 pages was read so far." in page
    assert "own list" not in show(full_instance, "/label/5")
    assert "own list" not in show(full_instance, "/artist/6")


@pytest.mark.parametrize(
    ("address", "name"),
    [("/artist/194", "Various"), ("/artist/355", "Unknown"), ("/label/1818", "Not On Label")],
)
def test_a_name_that_stands_for_nobody_has_no_list(
    instance_with_dumps: Instance, address: str, name: str
) -> None:
    page = show(instance_with_dumps, address)
    assert f"“{name}" in page
    assert "what Discogs writes when" in page
    assert rows(page) == []


def test_the_page_asks_no_more_for_many_works_than_for_few(
    instance_with_dumps: Instance, statements: list[str]
) -> None:
    browser = instance_with_dumps.browser()

    def asked(address: str) -> int:
        statements.clear()
        assert browser.get(address).status_code == 200
        return len(statements)

    browser.get("/")
    few = asked("/artist/4")
    assert 0 < asked("/artist/7") <= few
