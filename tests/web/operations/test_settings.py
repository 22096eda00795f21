"""What the settings page says about Discogs' data dumps."""

from __future__ import annotations

from pathlib import Path

from tests.sources.dumps.dump_texts import release, write
from tests.web.fakes import Instance
from tests.web.hosted import open_hosted_app

from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.catalogue.importing import import_dumps
from discogs_assistant.store.catalogue.dumps.import_lock import importing, report_progress


def section(instance: Instance) -> str:
    page = instance.browser().get("/settings").text
    return page[page.index('id="catalogue"') : page.index('id="more-title"')]


def test_before_any_dump_it_says_what_one_is_for_and_how_to_import_it(instance: Instance) -> None:
    text = section(instance)
    assert "No data dump has been imported yet" in text
    assert "discogs-assistant catalogue import FOLDER" in text
    assert "<details open>" in text


def test_it_says_which_dumps_are_here_how_many_of_each_and_how_large(instance_with_dumps: Instance) -> None:
    text = section(instance_with_dumps)
    assert "<b>October 2026</b>" in text
    assert text.count("<td>October 2026</td>") == 4
    assert "of disk" in text


def test_it_names_what_was_left_out_and_what_may_be_forgotten(instance_with_dumps: Instance) -> None:
    folder = instance_with_dumps.ctx.settings.data_dir
    bad = [release(1), release(1), "<release/>", *('<release id="x"/>' for _ in range(30))]
    newer = write(folder, "releases", *bad, name="discogs_20261101_releases.xml.gz")
    import_dumps(folder / "catalogue", [newer], SystemClock(), lambda sentence: None)
    text = section(instance_with_dumps)
    assert "32 records could not be read and were left out" in text
    assert "<li>Release without a number: It has no id.</li>" in text
    assert "The first 20 of them" in text
    assert "releases of October 2026" in text
    assert "catalogue forget" in text
    assert "<td>November 2026</td>" in text


def test_it_tells_how_far_an_import_is(instance_with_dumps: Instance) -> None:
    root = instance_with_dumps.ctx.settings.data_dir / "catalogue"
    with importing(root):
        assert "is being imported" not in section(instance_with_dumps)
        report_progress(root, "releases: 40 % read, 12.0 minutes left.")
        assert "A data dump is being imported: releases: 40 % read, 12.0 minutes left." in section(
            instance_with_dumps
        )
    assert "is being imported" not in section(instance_with_dumps)


def test_commands_are_shown_only_to_those_who_can_give_them(tmp_path: Path) -> None:
    with open_hosted_app(tmp_path) as hosted_app:
        operator = hosted_app.discogs.world.demo_user
        other = next(name for name in hosted_app.names if name != operator)
        shown, hidden = (hosted_app.sign_in(name) for name in (operator, other))
        for page, command in [
            ("/settings", "catalogue import"),
            ("/settings", "DISCOGS_ASSISTANT_MAX_DATA_AGE"),
            ("/search?q=a", "catalogue import"),
            ("/artist/1", "catalogue import"),
        ]:
            assert command in shown.get(page).text, page
            assert command not in hidden.get(page).text, page
