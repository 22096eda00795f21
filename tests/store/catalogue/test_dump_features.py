"""The arrays that the recommender reads, against a plain count over the same documents."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from discogs_assistant.store.catalogue.dumps.columns import ColumnWriter, columns
from discogs_assistant.store.catalogue.dumps.feature_writer import write_features
from discogs_assistant.store.catalogue.dumps.features import feature_arrays

SMALL = st.integers(0, 3)
WORD = st.sampled_from(["Rock", "Jazz", "ö'k"])
ROLE = st.sampled_from(["Remix", "Producer, Mixed By", "Bass", None])


def named(**more: Any) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries({"id": st.none() | SMALL, "name": WORD, **more}), max_size=3)


DOCUMENT = st.fixed_dictionaries(
    {
        "master_id": st.none() | st.integers(1, 3),
        "year": st.none() | st.integers(1960, 1999),
        "country": st.none() | WORD,
        "artists": named(),
        "labels": named(),
        "credits": named(role=ROLE),
        "genres": st.lists(WORD, max_size=2),
        "styles": st.lists(WORD, max_size=2),
        "formats": st.lists(st.fixed_dictionaries({"name": st.none() | WORD}), max_size=2),
    }
)


def plain(documents: list[dict[str, Any]]) -> dict[int, set[tuple[str, int | None, str | None]]]:
    """Item → features, those on a single item left out."""
    of: defaultdict[int, set[tuple[str, int | None, str | None]]] = defaultdict(set)
    for document in documents:
        item = document["master_id"] or -document["release_id"]
        of[item] |= {("artist", each["id"], None) for each in document["artists"] if each["id"]}
        of[item] |= {("label", each["id"], None) for each in document["labels"] if each["id"]}
        parts = {"Remix": "remixer", "Producer, Mixed By": "producer"}
        of[item] |= {
            (parts.get(each["role"], "credit"), each["id"], None)
            for each in document["credits"]
            if each["id"]
        }
        of[item] |= {("genre", None, word) for word in document["genres"]} | {
            ("style", None, w) for w in document["styles"]
        }
        of[item] |= {("format", None, each["name"]) for each in document["formats"] if each["name"]}
        of[item] |= {("country", None, document["country"])} if document["country"] else set()
        of[item] |= {("decade", None, str(document["year"] // 10 * 10))} if document["year"] else set()
    counts: defaultdict[tuple[str, int | None, str | None], int] = defaultdict(int)
    for features in of.values():
        for feature in features:
            counts[feature] += 1
    kept = {item: {feature for feature in features if counts[feature] > 1} for item, features in of.items()}
    return {item: features for item, features in kept.items() if features}


@settings(max_examples=40, deadline=None)
@given(st.lists(DOCUMENT, min_size=1, max_size=8))
def test_each_item_has_the_features_of_its_pressings(documents: list[dict[str, Any]]) -> None:
    for id, document in enumerate(documents, 1):
        document["release_id"] = id
    with TemporaryDirectory() as name:
        folder = Path(name)
        writer = ColumnWriter(folder, "releases")
        writer.add(columns("releases", documents))
        writer.close()
        write_features(folder)
        arrays = feature_arrays(folder)
        rows = arrays.table().to_pylist()
        found = {
            int(item): {
                (rows[n]["kind"], rows[n]["id"], rows[n]["word"]) for n in arrays.of(int(item)).tolist()
            }
            for item in arrays.items
        }
        assert found == plain(documents)
        assert all(row["items"] > 1 for row in rows)
        assert not len(arrays.of(10**6))
