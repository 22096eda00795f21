"""The page of a taste: charts, the map of styles, what each love and hide moved, and the same as JSON."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import combinations

import pytest
from tests.store.fakes import NOW
from tests.web.fakes import NASTY, USER, Instance, make_record

from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.pipelines.recommendations import feedback
from discogs_assistant.pipelines.recommendations.list_inputs import basis_of
from discogs_assistant.pipelines.recommendations.model_training import ensure_model
from discogs_assistant.pipelines.recommendations.taste_result import (
    FeedbackEffect,
    MovedStyle,
    OwnedBreakdown,
    OwnedPart,
    StyleMap,
    StyleNeighbour,
    StyleOnMap,
)
from discogs_assistant.web import formatting
from discogs_assistant.web.recommendations import taste_sentences
from discogs_assistant.web.recommendations.bar_chart import bar_chart
from discogs_assistant.web.recommendations.style_drawing import HEIGHT, WIDTH, Spot, style_drawing

ADDRESS = f"/api/users/{USER}/taste"


@pytest.fixture
def instance_with_model(full_instance: Instance) -> Instance:
    """The collector's instance with a model of what is known there."""
    ensure_model(
        full_instance.ctx, full_instance.owner, USER, basis_of(full_instance.ctx, full_instance.owner, USER)
    )
    return full_instance


def say(instance: Instance, release: int, act: feedback.Act) -> None:
    instance.clock.moment += timedelta(minutes=1)
    feedback.say(instance.ctx.db, instance.owner, USER, ReleaseId(release), act, instance.ctx.clock.now())


def breakdown(*counts: int) -> OwnedBreakdown:
    parts = (OwnedPart(name=f"Style {n}", records=count, id=None) for n, count in enumerate(counts))
    return OwnedBreakdown(known=sum(counts), without=0, parts=tuple(parts))


def test_it_shows_what_is_owned_in_words_and_in_numbers(full_instance: Instance) -> None:
    page = full_instance.browser().get("/taste").text
    assert "10 different records owned · 10 wanted" in page
    assert "Ambient leads with 5 of 10 records (50 %), and Dub follows with 5." in page
    assert (
        "The 1970s lead with 10 of 10 records (100 %). The oldest is from 1971, the newest from 1980."
        not in page
    )
    assert (
        "The 1970s lead with 9 of 10 records (90 %). The oldest is from 1971, the newest from 1980." in page
    )
    assert "Germany leads with 10 of 10 records (100 %)." in page
    assert page.count("<summary>Show numbers</summary>") == 4
    assert 'href="/recommendations?styles=House"' in page
    assert 'href="/recommendations?year_from=1970&amp;year_to=1979"' in page
    assert 'href="/label/4"' in page


def test_before_anything_was_read_it_says_what_will_be_here(instance: Instance) -> None:
    browser = instance.browser()
    assert "Choose whose records to use" in browser.get("/taste").text
    instance.be()
    page = browser.get("/taste").text
    assert "Here you will see what you own by style" in page
    assert page.count("Read my records from Discogs") == 1


def test_a_wantlist_alone_is_said_to_be_alone(instance: Instance) -> None:
    instance.be()
    instance.know_records([], [make_record(1), make_record(2)])
    page = instance.browser().get("/taste").text
    assert "No owned records are known yet, only a wantlist of 2 records." in page
    assert "By style" not in page


def test_without_a_model_it_says_how_to_get_the_map(full_instance: Instance) -> None:
    page = full_instance.browser().get("/taste").text
    assert "there is none yet" in page
    assert 'aria-label="Map of styles"' not in page


def test_one_style_makes_no_map(instance: Instance) -> None:
    instance.be()
    instance.know_records([make_record(id) for id in range(2, 12, 2)], [])
    ensure_model(instance.ctx, instance.owner, USER, basis_of(instance.ctx, instance.owner, USER))
    assert "A map needs two styles" in instance.browser().get("/taste").text


def test_the_map_shows_styles_with_their_neighbours(instance_with_model: Instance) -> None:
    page = instance_with_model.browser().get("/taste").text
    assert 'aria-label="Map of styles"' in page
    assert "<title>House: 5 records</title>" in page
    assert re.search(r'<th scope="row">Ambient</th><td class="num">5</td><td>Dub 1.00', page)


def test_each_love_and_hide_stands_there_the_newest_first_until_it_is_undone(
    instance_with_model: Instance,
) -> None:
    say(instance_with_model, 21, "love")
    say(instance_with_model, 22, "hide")
    browser = instance_with_model.browser()
    page = browser.get("/taste").text
    assert re.findall(r'<li class="card" id="r(\d+)"', page) == ["22", "21"]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.split('id="r21"')[1].split("</form>")[0]))
    assert (fields["act"], fields["back"]) == ("unlove", "/taste")
    answer = browser.post("/recommendations/feedback", data=fields)
    assert answer.headers["location"] == "/taste#r21"
    assert re.findall(r'<li class="card" id="r(\d+)"', browser.get("/taste").text) == ["22"]
    fields |= {"release": "22", "act": "unhide"}
    after = browser.get(browser.post("/recommendations/feedback", data=fields).headers["location"]).text
    assert "may be recommended again" in after
    assert "Love or hide records" in after


def test_a_newer_love_is_seen_at_once_and_all_else_is_held(
    instance_with_model: Instance, statements: list[str]
) -> None:
    browser = instance_with_model.browser()
    browser.get("/taste")
    statements.clear()
    browser.get("/taste")
    assert statements
    assert [statement for statement in statements if "document" in statement] == []
    say(instance_with_model, 21, "love")
    assert "♥ Loved" in browser.get("/taste").text


def test_the_api_gives_the_same_numbers(instance_with_model: Instance) -> None:
    say(instance_with_model, 21, "love")
    document = instance_with_model.program().get(ADDRESS).json()
    assert (document["user"], document["records"], document["wanted"]) == (USER, 10, 10)
    assert {part["name"]: part["records"] for part in document["styles"]["parts"]} == {
        "Ambient": 5,
        "Dub": 5,
        "House": 5,
    }
    assert document["list_run"] == instance_with_model.newest_run("recommendations")
    assert {style["name"] for style in document["map"]["styles"]} == {"Ambient", "Dub", "House"}
    assert [(record["release_id"], record["said"]) for record in document["said"]] == [(21, "loved")]


def test_the_api_does_not_know_a_collector_who_was_not_read(full_instance: Instance) -> None:
    program = full_instance.program()
    assert program.get("/api/users/another/taste").status_code == 404
    assert program.get("/api/users/%00/taste").status_code == 422


def test_another_collectors_loves_are_not_shown(instance_with_model: Instance) -> None:
    feedback.say(
        instance_with_model.ctx.db,
        instance_with_model.owner,
        UserName("another"),
        ReleaseId(21),
        "love",
        instance_with_model.ctx.clock.now(),
    )
    assert "Love or hide records" in instance_with_model.browser().get("/taste").text


def test_another_collectors_addresses_keep_the_collector(full_instance: Instance) -> None:
    full_instance.be(UserName("somebody"))
    say(full_instance, 21, "love")
    page = full_instance.browser().get(f"/taste?user={USER}").text
    assert f'href="/recommendations?styles=House&amp;user={USER}"' in page
    assert f'name="back" value="/taste?user={USER}"' in page


def test_names_of_strangers_are_escaped(full_instance: Instance) -> None:
    say(full_instance, 3, "love")
    page = full_instance.browser().get("/taste").text
    assert NASTY not in page
    assert "&lt;script&gt;" in page


def test_bars_begin_at_zero_and_end_at_a_round_number() -> None:
    chart = bar_chart(breakdown(47, 20, 1), lambda part: "")
    assert chart is not None
    assert chart.ticks[0] == (0.0, 0)
    assert chart.ticks[-1] == (100.0, 60)
    assert [bar.length for bar in chart.bars] == [78.33, 33.33, 1.67]


def test_many_names_are_cut_to_the_biggest_dozen_and_the_rest_counted() -> None:
    chart = bar_chart(breakdown(*range(100, 0, -1)), lambda part: "")
    assert chart is not None
    assert (len(chart.bars), chart.others, len(chart.rows), chart.more) == (12, 88, 60, 40)
    whole = bar_chart(breakdown(*range(20, 0, -1)), lambda part: "", all_bars=True)
    assert whole is not None
    assert (len(whole.bars), whole.others) == (20, 0)
    assert bar_chart(breakdown(), lambda part: "") is None


def overlap(first: Spot, other: Spot) -> bool:
    def half(spot: Spot) -> float:
        return max(spot.r, 3.8 * len(spot.name))

    apart = abs(first.x - other.x) >= half(first) + half(other) - 0.5
    above, below = sorted((first, other), key=lambda spot: spot.y)
    return not apart and above.below > below.y - below.r


@pytest.mark.parametrize("crowd", [0.001, 0.3, 1.0])
def test_no_name_on_the_map_lies_on_another_and_all_are_inside(crowd: float) -> None:
    near = StyleNeighbour(name="Style 0", likeness=0.5)
    styles = tuple(
        StyleOnMap(
            name=f"{'Psychedelic ' * (n % 2)}Style {n}",
            records=1 + n * n,
            x=crowd * (n % 4),
            y=crowd * (n // 4) ** 2,
            neighbours=(near,) * bool(n),
            not_owned_yet=None,
        )
        for n in range(12)
    )
    mapped = StyleMap(kept=1.0, unplaced=0, styles=styles)
    drawing = style_drawing(mapped)
    assert len(drawing.spots) == 12
    pairs = [*combinations(drawing.spots, 2)]
    assert len(pairs) == 66
    assert [pair for pair in pairs if overlap(*pair)] == []
    for spot in drawing.spots:
        assert spot.r <= spot.x <= WIDTH - spot.r
        assert spot.r <= spot.y <= HEIGHT - spot.r
    assert len(drawing.lines) == 11
    assert drawing == style_drawing(mapped)


def test_moves_are_shown_in_places() -> None:
    assert [formatting.places(rise) for rise in (1.44, 1.0, 0.0, -2.96)] == ["+1.4", "+1", "0", "−3"]
    moved = FeedbackEffect(
        release_id=ReleaseId(1),
        title="A record",
        artists=(),
        styles=(),
        said="loved",
        at=NOW,
        effect="moved",
        moved_styles=(
            MovedStyle(name="House", records=3, before=10.0, after=8.6),
            MovedStyle(name="Dub", records=3, before=4.0, after=5.0),
        ),
        moved_records=(),
    )
    assert (
        taste_sentences.move_sentence(moved)
        == "Loving it lifted House by 1.4 places and lowered Dub by 1 place."
    )
    still = moved.model_copy(update={"said": "hidden", "moved_styles": ()})
    assert taste_sentences.move_sentence(still) == "Hiding it moved no style as a whole."
