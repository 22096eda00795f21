"""Short ways to make releases and tastes for the recommender's tests."""

from __future__ import annotations

from hypothesis import strategies as st

from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.ids import ArtistId, LabelId, MasterId, ReleaseId, id_from_name
from discogs_assistant.model.release import ArtistCredit, Format, LabelCredit, Release


def record(
    number: int,
    artist: str = "",
    *,
    master: int | None = None,
    title: str | None = None,
    label: str = "",
    styles: tuple[str, ...] = (),
    genres: tuple[str, ...] = (),
    year: int | None = None,
    country: str | None = None,
    formats: tuple[str, ...] = (),
    credits: tuple[tuple[str, str], ...] = (),
    complete: bool = False,
) -> Release:
    return Release(
        id=ReleaseId(number),
        title=title or f"Title {number}",
        master_id=MasterId(master) if master is not None else None,
        year=year,
        country=country,
        artists=(ArtistCredit(ArtistId(id_from_name(artist)), artist),) if artist else (),
        labels=(LabelCredit(LabelId(id_from_name(label)), label),) if label else (),
        formats=(Format(formats[0], 1, formats[1:]),) if formats else (),
        genres=genres,
        styles=styles,
        credits=tuple(ArtistCredit(ArtistId(id_from_name(name)), name, role=role) for name, role in credits),
        complete=complete,
    )


def drawn(number: int) -> st.SearchStrategy[Release]:
    """A record with few different artists, labels and styles, so that records share them."""
    names = st.sampled_from(["", "Ann", "Bo", "Cy"])
    return st.builds(
        record,
        st.just(number),
        names,
        master=st.sampled_from([None, 1, 2, 3, 4, 5]),
        label=st.sampled_from(["", "Blue", "Red", "Not On Label"]),
        styles=st.sampled_from([(), ("Dub",), ("Dub", "House"), ("House",)]),
        year=st.sampled_from([None, 1969, 1978]),
        formats=st.sampled_from([(), ("Vinyl", "LP"), ("CD",)]),
        credits=st.sampled_from([(), (("Dee", "Producer, Mixed By [Dub]"),), (("Ann", "Bass"),)]),
    )


@st.composite
def tastes(draw: st.DrawFn) -> tuple[Taste, list[Release]]:
    """A taste and candidates, which may be the same records."""
    many = [draw(drawn(number)) for number in range(1, draw(st.integers(2, 14)) + 1)]
    kinds = [draw(st.sampled_from(["owned", "wanted", "loved", "hidden", "new", "new"])) for _ in many]
    by_kind = {kind: tuple(r for r, k in zip(many, kinds, strict=True) if k == kind) for kind in set(kinds)}
    owned, wanted, loved, hidden = (by_kind.get(kind, ()) for kind in ("owned", "wanted", "loved", "hidden"))
    taste = Taste(owned, wanted, loved, hidden)
    return taste, list(by_kind.get("new", ())) + draw(st.lists(st.sampled_from(many), max_size=3))
