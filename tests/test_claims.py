"""The asserts of all tests: an empty loop skips none, and each holds one claim without a condition."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.claims import Module, WrittenTest, module_of, read_module, written_tests

FILES = sorted(Path(__file__).parent.rglob("*.py"))


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    """Every file of tests."""
    return [read_module(path) for path in FILES]


@pytest.fixture(scope="module")
def tests(modules: list[Module]) -> list[WrittenTest]:
    """Every test in them."""
    return [test for module in modules for test in written_tests(module)]


def asserts_of(module: Module) -> Iterator[ast.expr]:
    """What each assert of a module says, also those outside of tests."""
    return (node.test for node in ast.walk(module.tree) if isinstance(node, ast.Assert))


def conditions(said: ast.expr) -> bool:
    """Whether an assert says one thing or another, as a condition decides."""
    return any(isinstance(node, ast.IfExp) for node in ast.walk(said))


def joined_claims(said: ast.expr) -> bool:
    """Whether an assert says several things at once."""
    match said:
        case ast.BoolOp(op=ast.And()) | ast.UnaryOp(op=ast.Not(), operand=ast.BoolOp(op=ast.Or())):
            return True
    return False


def test_each_test_has_an_assert_that_each_run_of_it_reaches(tests: list[WrittenTest]) -> None:
    assert len(tests) > 1500
    assert [str(test) for test in tests if test.claims_nothing()] == []


def test_no_assert_is_skipped_by_a_loop_through_nothing(tests: list[WrittenTest]) -> None:
    assert len(tests) > 1500
    assert [place for test in tests for place in test.skipped()] == []


@pytest.mark.parametrize("found_in", [conditions, joined_claims])
def test_an_assert_is_one_claim_without_a_condition(
    modules: list[Module], found_in: Callable[[ast.expr], bool]
) -> None:
    asserts = [(module, said) for module in modules for said in asserts_of(module)]
    assert len(asserts) > 4000
    assert [f"{module.name}:{said.lineno}" for module, said in asserts if found_in(said)] == []


EMPTY = {
    "a loop": "for row in read():\n  assert row",
    "a loop in a loop": "for row in (1, 2):\n  for cell in read(row):\n    assert cell",
    "all": "assert all(row for row in read())",
    "none of any": "assert not any(row for row in read())",
    "a list of wrong ones": "assert [row for row in read() if row] == []",
    "a part": "assert {row for row in read()} <= {1, 2}",
    "a filter": "assert all(row for row in (1, 2) if row > shown)",
    "said of nothing": "rows = read()\nassert rows == []\nfor row in rows:\n  assert row",
    "said of something else": "rows = read()\nassert status == 200\nfor row in rows:\n  assert row",
    "at most": "rows = read()\nassert len(rows) <= 3\nfor row in rows:\n  assert row",
}
NEVER_REACHED = {
    "a loop until": "while read():\n  assert 1 < 2",
    "a condition": "if read():\n  assert 1 < 2",
    "an error": "try:\n  read()\nexcept ValueError as error:\n  assert error.args",
    "a function that is passed on": "def reader(row):\n  assert row\nread(reader)",
    "a loop": EMPTY["a loop"],
    "all": EMPTY["all"],
}
REACHED = {
    "plain": "assert read()",
    "written out": "for row in (1, 2):\n  assert row",
    "counted": "for row in range(3):\n  assert row",
    "made of what is written out": "rows = [str(n) for n in (1, 2)]\nfor row in sorted(rows):\n  assert row",
    "of the module": "for row in ROWS.values():\n  assert row",
    "said before": "rows = read()\nassert len(rows) == 3\nfor row in rows:\n  assert row",
    "said after": "rows = read()\nfor row in rows:\n  assert row\nassert [row.id for row in rows] == [1, 2]",
    "taken apart": "rows = read()\nfirst, *_ = rows\nassert all(row for row in rows)",
    "raised": "with pytest.raises(ValueError):\n  read()",
    "a function that is called": "def claim(row):\n  assert row\nclaim(1)",
    "a subset of something": "rows = read()\nassert rows\nassert {row for row in rows} <= {1}",
}


def written(body: str) -> WrittenTest:
    """The one test of a made-up module."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    (test,) = written_tests(module_of(f"ROWS = {{1: 2}}\ndef test_it():\n{lines}\n"))
    return test


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY)
def test_an_assert_that_an_empty_collection_skips_is_found(body: str) -> None:
    assert written(body).skipped() != []


@pytest.mark.parametrize("body", NEVER_REACHED.values(), ids=NEVER_REACHED)
def test_a_test_that_may_claim_nothing_is_found(body: str) -> None:
    assert written(body).claims_nothing()


@pytest.mark.parametrize("body", REACHED.values(), ids=REACHED)
def test_what_has_something_in_it_is_let_through(body: str) -> None:
    test = written(body)
    assert not test.claims_nothing()
    assert test.skipped() == []
