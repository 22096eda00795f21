"""Why one release would be recommended, where no list says it."""

from __future__ import annotations

from dataclasses import replace

from tests.web.fakes import make_record

from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.release import ArtistCredit, Release
from discogs_assistant.pipelines.recommendations.release_reasons import reasons_for


def by(id: int, artist: int, *, styles: tuple[str, ...] = ()) -> Release:
    """A record by an artist of this number, alone on its label."""
    made = make_record(id, artist=f"Artist {artist}")
    return replace(made, genres=(), styles=styles, country=None, formats=(), year=None)


OWNED = (by(1, 7), by(2, 8, styles=("Dub",)), by(3, 9))


def test_the_record_that_adds_most_is_named_first() -> None:
    found = reasons_for(Taste(owned=OWNED), by(50, 7))
    assert found[0].text == "Because you own “Record 1” by Artist 7."
    assert found[0].release_id == 1
    assert 0 < sum(reason.share for reason in found) <= 1 + 1e-9


def test_a_shared_style_speaks_for_it() -> None:
    assert [reason.release_id for reason in reasons_for(Taste(owned=OWNED), by(50, 99, styles=("Dub",)))] == [
        2
    ]


def test_nothing_is_said_where_nothing_is_shared() -> None:
    assert reasons_for(Taste(owned=OWNED), by(50, 99)) == ()
    assert reasons_for(Taste(), by(50, 7)) == ()


def test_a_record_says_nothing_for_itself_and_various_is_nobody() -> None:
    mine = by(1, 7)
    assert reasons_for(Taste(owned=(mine,)), mine) == ()
    various = tuple(
        replace(release, artists=(ArtistCredit(release.artists[0].id, "Various"),))
        for release in (by(1, 1), by(2, 2))
    )
    assert reasons_for(Taste(owned=various[:1]), various[1]) == ()
