"""`train`, `rank` and `evaluate` do what their contract says, sentence by sentence."""

from __future__ import annotations

import csv
import gzip
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tests.cli.running import Done, Files, run
from tests.store.files import modes_below, usual_umask

KINDS = ("блюз", "ジャズ", "dub, or so")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def taste(files: Files) -> Files:
    """60 users of three kinds; items in other scripts, one that nobody has, and one with a comma."""
    draw = np.random.default_rng(0)
    owned = [
        f'пользователь {user},"{KINDS[item % 3]} {item}",{1 + user % 2}'
        for user in range(60)
        for item in range(45)
        if draw.random() < (0.5 if item % 3 == user % 3 else 0.05)
    ]
    files.write("I.csv", "\n".join(["user,item,weight", *owned]) + "\n")
    said = [f'"{KINDS[item % 3]} {item}",kind {item % 3}' for item in range(48)]
    files.write("F.csv", "\n".join(["item,feature", *said]) + "\n")
    files.write("G.csv", 'user,item\n"new, one","блюз 0"\n"new, one","блюз 3"\n7,"ジャズ 1"\n7,unheard of\n')
    return files


def train(*words: object) -> Done:
    return run("train", "--interactions", "I.csv", "--out", "M", *words, "--json")


def rank(*words: object) -> Done:
    return run("rank", "--model", "M", "--given", "G.csv", "--out", "R.csv", *words, "--json")


def test_what_is_written_is_open_to_its_owner_alone(taste: Files) -> None:
    with usual_umask():
        train("--features", "F.csv", "--snapshot", "S")
        rank()
    modes = {path: mode for path, mode in modes_below(taste.folder).items() if path[0] in "MSR"}
    assert {path for path, mode in modes.items() if mode == "0o700"} == {"M", "S"}
    assert {path for path, mode in modes.items() if mode == "0o600"} == modes.keys() - {"M", "S"}
    assert {"R.csv", "M/model.safetensors", "S/interactions.parquet"} <= modes.keys()


def test_a_trained_model_ranks_users_it_has_never_seen(taste: Files) -> None:
    document = train("--features", "F.csv").document
    assert {key: document[key] for key in ("users", "items", "features")} == {
        "users": 60,
        "items": 48,
        "features": 3,
    }
    assert document["interactions"] == len(rows_of(taste.folder / "I.csv"))
    assert document["seconds"] >= 0
    assert document["peak_mb"] > 0
    done = rank("--top", "100").document
    assert done["partial"] == ["The model does not know 1 of the 4 given items; they are ignored."]
    ranked = rows_of(taste.folder / "R.csv")
    first = [row for row in ranked if row["user"] == "new, one"]
    assert [int(row["rank"]) for row in first] == list(range(1, 47))
    assert len({row["item"] for row in first} | {"блюз 0", "блюз 3"}) == 48
    scores = [float(row["score"]) for row in first]
    assert scores == sorted(scores, reverse=True)
    assert [row["item"].split()[0] for row in first[:5]] == ["блюз"] * 5
    assert len([row for row in ranked if row["user"] == "7"]) == 47


def test_items_that_nobody_has_are_recommended_for_what_they_are(taste: Files) -> None:
    train("--features", "F.csv")
    rank("--top", "20")
    first = [row["item"] for row in rows_of(taste.folder / "R.csv") if row["user"] == "new, one"]
    assert "блюз 45" in first


def test_reasons_add_up_to_the_score(taste: Files) -> None:
    train("--features", "F.csv")
    rank("--reasons", "--top", "5")
    rows = rows_of(taste.folder / "R.csv")
    assert rows
    parts = [json.loads(row["because"]) for row in rows]
    for row, because in zip(rows, parts, strict=True):
        assert sum(part["share"] for part in because) == pytest.approx(float(row["score"]), rel=1e-4)
    named = {part["item"] for because in parts for part in because if "item" in part}
    assert named
    assert named <= {"блюз 0", "блюз 3", "ジャズ 1"}


def test_the_same_input_gives_the_same_bytes_whatever_the_order_of_rows(taste: Files) -> None:
    train()
    before = (taste.folder / "M" / "model.safetensors").read_bytes()
    header, *lines = (taste.folder / "I.csv").read_text(encoding="utf-8").splitlines()
    taste.write("I.csv", "\ufeff" + "\r\n".join([header, *reversed(lines)]))
    train()
    assert (taste.folder / "M" / "model.safetensors").read_bytes() == before
    train("--seed", "1")
    assert (taste.folder / "M" / "model.safetensors").read_bytes() != before


def test_packed_files_are_read(taste: Files) -> None:
    plain = train("--features", "F.csv").document["model"]
    for name in ("I.csv", "F.csv"):
        (taste.folder / f"{name}.gz").write_bytes(gzip.compress((taste.folder / name).read_bytes()))
    words = ("--interactions", "I.csv.gz", "--features", "F.csv.gz")
    assert run("train", *words, "--out", "P", "--json").document["model"] == plain


def test_repeated_rows_count_once_and_are_reported(taste: Files) -> None:
    before = train().document
    text = (taste.folder / "I.csv").read_text(encoding="utf-8")
    again = text.splitlines()[5]
    taste.write("I.csv", text + again + "\n" + again.rpartition(",")[0] + ",0.5\n")
    after = train().document
    assert after["model"] == before["model"]
    assert after["partial"] == ["I.csv: 2 rows repeat a user and an item; the largest weight of each counts."]


@pytest.mark.parametrize("weight", ["0", "-1", "nan", "NaN", "inf", "-Infinity", "1e999", "two", "1_0", "１"])
def test_a_weight_that_is_none_is_refused_with_its_line(taste: Files, weight: str) -> None:
    taste.write("I.csv", f"user,item,weight\na,b,1\na,c,{weight}\n")
    done = train()
    assert done.status == 2
    assert done.err.startswith("I.csv, line 3, column weight: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("I.csv", "user,item\na,\n", "I.csv, line 2, column item: it is empty."),
        ("I.csv", "user\na\n", "I.csv, line 1, column item: this column is missing."),
        ("I.csv", "user,item\n", "I.csv has no rows, so there is nothing to learn from."),
        ("I.csv", "", "I.csv, line 1, column user: this column is missing."),
        ("F.csv", "item,feature,value\na,b,-1\n", "F.csv, line 2, column value: “-1” is not a value"),
        ("F.csv", "item,feature,value\na,b,nan\n", "F.csv, line 2, column value: “nan” is not a value"),
        ("F.csv", "item,feature\na,\n", "F.csv, line 2, column feature: it is empty."),
    ],
)
def test_bad_files_are_named_with_line_and_column(taste: Files, name: str, text: str, sentence: str) -> None:
    taste.write(name, text)
    done = train("--features", "F.csv")
    assert done.status == 2
    assert done.err.startswith(sentence)
    assert done.out == ""


def test_files_that_cannot_be_read_or_written_are_bad_input(taste: Files) -> None:
    assert run("train", "--interactions", "none.csv", "--out", "M").status == 2
    (taste.folder / "cut.gz").write_bytes(gzip.compress(b"user,item\n" * 500)[:-9])
    done = run("train", "--interactions", "cut.gz", "--out", "M")
    assert (done.status, done.err) == (2, "cut.gz is damaged: it cannot be unpacked as gzip to its end.\n")
    assert run("train", "--interactions", "I.csv", "--out", "I.csv").status == 2
    assert rank().status == 2
    train()
    assert run("rank", "--model", "M", "--given", "G.csv", "--out", "no/R.csv").status == 2


def test_a_features_file_of_other_items_adds_them_alone(taste: Files) -> None:
    taste.write("F.csv", "item,feature\nx,rock\ny,rock\n")
    document = train("--features", "F.csv").document
    assert (document["items"], document["features"]) == (47, 1)


@pytest.mark.parametrize("users", [1, 2])
def test_the_smallest_files_have_a_model(taste: Files, users: int) -> None:
    taste.write("I.csv", "user,item\n" + "".join(f"{user},1\n" for user in range(users)))
    taste.write("G.csv", "user,item\n9,1\n")
    assert train().document["items"] == 1
    assert rank().document["rows"] == 0


def test_evaluate_measures_named_models_on_the_same_users(taste: Files) -> None:
    words = ("--features", "F.csv", "--test-users", "12", "--val-users", "6", "--models", "popularity,hybrid")
    done = run("evaluate", "--interactions", "I.csv", *words, "--json").document
    assert (done["users"], done["train_users"]) == (12, 42)
    popular, hybrid = done["models"]["popularity"], done["models"]["hybrid"]
    assert hybrid["ndcg@100"] > popular["ndcg@100"]
    assert {"recall@20_se", "recall@50", "ndcg@100_se", "seconds", "peak_mb"} <= set(hybrid)
    gap = done["differences"][0]
    assert gap["ndcg@100"] == pytest.approx(popular["ndcg@100"] - hybrid["ndcg@100"], abs=2e-6)
    few = run("evaluate", "--interactions", "I.csv", *words, "--train-users", "1", "--json").document
    assert few["train_users"] == 1


def test_what_held_out_users_say_of_items_does_not_count(taste: Files) -> None:
    order = np.random.default_rng(0).permutation(60)
    names = sorted(f"пользователь {user}" for user in range(60))
    held, others = names[order[0]], [names[place] for place in order[20:26]]
    said = [(name, "блюз 0", "stated by all") for name in others] + [(held, "ジャズ 1", "stated by all")]
    said += [(name, "ジャズ 4", "stated by all") for name in others] + [
        (held, "ジャズ 1", "stated by one")
    ] * 9
    taste.write("F.csv", "tagger,item,feature\n" + "\n".join(map(",".join, said)))
    words = ("--test-users", "12", "--val-users", "6", "--models", "content", "--json")
    done = run("evaluate", "--interactions", "I.csv", "--features", "F.csv", *words).document
    assert done["features"] == 1


def test_evaluate_says_what_it_cannot_do(taste: Files) -> None:
    call = ("evaluate", "--interactions", "I.csv")
    done = run(*call, "--models", "magic")
    assert done.status == 2
    assert done.err.startswith("--models names magic; there are popularity, ")
    done = run(*call, "--test-users", "60")
    assert done.status == 2
    assert "leave none to learn from" in done.err


def test_a_ranking_goes_where_a_link_leads_and_into_a_pipe(taste: Files) -> None:
    train("--features", "F.csv")
    taste.write("target.csv", "before")
    (taste.folder / "link.csv").symlink_to(taste.folder / "target.csv")
    whole = run("rank", "--model", "M", "--given", "G.csv", "--out", "link.csv", "--json").document["rows"]
    assert (taste.folder / "link.csv").is_symlink()
    assert len(rows_of(taste.folder / "target.csv")) == whole
    os.mkfifo(taste.folder / "pipe")
    with ThreadPoolExecutor() as beside:
        written = beside.submit((taste.folder / "pipe").read_text)
        run("rank", "--model", "M", "--given", "G.csv", "--out", "pipe", "--json")
        assert written.result(20) == (taste.folder / "target.csv").read_text()
    assert sorted(path.name for path in taste.folder.iterdir() if path.name.startswith(".")) == []


def test_features_of_which_none_counts_are_said(taste: Files) -> None:
    taste.write("few.csv", "tagger,item,feature\n1,блюз 0,slow\n2,блюз 3,slow\n")
    done = train("--features", "few.csv").document
    assert done["features"] == 0
    [said] = done["partial"]
    assert said.startswith("No feature counts")
    assert "5 taggers" in said
