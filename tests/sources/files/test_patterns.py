"""No pattern that text from outside meets takes time that grows with the square of the text.

Every pattern of `sources/` and `web/` is found in the program text, and tried with texts made of its own
pieces: each beginning of the pattern, followed by each of its parts thousands of times, and no end, which
makes patterns backtrack.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3] / "src" / "discogs_assistant"
FILES = sorted(path for room in ("sources", "web") for path in (ROOT / room).rglob("*.py"))
CALLS = {"compile", "search", "match", "fullmatch", "sub", "findall", "finditer", "split"}
ANCHORED = {"match", "fullmatch"}
SIZE = 40_000
FEW = 22
"""Repetitions at which time that doubles with each of them is a tenth of a second or more."""
NOTICED = 0.01
SLOW = 0.1
"""Seconds of CPU time. A linear pattern takes a few thousandths; what takes more is tried with four times the
text, and is slow where that takes seven times as long and a tenth of a second."""
MADE_OF_NAMES = {"dumps/cutting.py": 1, "market/page_rows.py": 1}
"""Patterns that are put together while the program runs, by file, and tried below by hand."""
SHORT = {"sources/dumps/files.py _NAME": 255}
"""Patterns that only short texts meet, with the most characters: this one meets names of files."""
_parser: Any = importlib.import_module("re._parser")


@dataclass(frozen=True)
class Found:
    """A pattern of the program, and how it is used: `search`, or from the text's start only."""

    place: str
    pattern: str | bytes
    flags: int
    anchored: bool
    size: int


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if named and isinstance(node.func.value, ast.Name) and node.func.value.id == "re":  # type: ignore[attr-defined]
            assert isinstance(node, ast.Call)
            assert isinstance(node.func, ast.Attribute)
            if node.func.attr in CALLS:
                yield node


def constant(node: ast.expr) -> str | bytes | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) else None


def patterns() -> list[Found]:
    texts = {path: path.read_text(encoding="utf-8") for path in FILES}
    whole = "\n".join(texts.values())
    found = []
    for path, text in texts.items():
        tree = ast.parse(text)
        names = {
            id(node.value): node.targets[0].id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for call in calls(tree):
            pattern = constant(call.args[0])
            if pattern is None:
                continue
            assert isinstance(call.func, ast.Attribute)
            name = names.get(id(call))
            used = set(re.findall(rf"\b{name}\.(\w+)\(", whole)) if name else {call.func.attr}
            flags = re.IGNORECASE if "IGNORECASE" in ast.unparse(call) or "re.I" in ast.unparse(call) else 0
            place = f"{path.relative_to(ROOT)}:{call.lineno}"
            key = f"{path.relative_to(ROOT)} {name}"
            found.append(Found(place, pattern, flags, bool(used) and used <= ANCHORED, SHORT.get(key, SIZE)))
    return found


def pieces(nodes: Any) -> list[str]:
    """A text for each part of a parsed pattern: words, what is repeated, the rest after it, parts within."""
    nodes, rests = list(nodes), list[str]()
    runs: list[list[Any]] = [[]]
    for place, node in enumerate(nodes):
        if str(node[0]) in {"LITERAL", "AT"}:
            runs[-1].append(node)
        else:
            runs.append([])
            rests.append(text_of(nodes[place + 1 :]))
    alone = [text_of([node]) for node in nodes if str(node[0]) not in {"LITERAL", "AT"}]
    within = [sample for node in nodes for sample in inner_pieces(node)]
    return [text_of(run) for run in runs] + rests + alone + within


def inner_pieces(node: Any) -> list[str]:
    return [sample for inner in inner_sequences(node) for sample in pieces(inner)]


def inner_sequences(node: Any) -> list[Any]:
    operation, argument = str(node[0]), node[1]
    if operation == "SUBPATTERN":
        return [argument[3]]
    if operation == "ATOMIC_GROUP":
        return [argument]
    if operation == "BRANCH":
        return list(argument[1])
    if "REPEAT" in operation:
        return [argument[2]]
    return []


def text_of(nodes: Any) -> str:
    """A short text that the nodes match."""
    return "".join(text_of_one(node) for node in nodes)


def text_of_one(node: Any) -> str:
    operation, argument = str(node[0]), node[1]
    if operation == "LITERAL":
        return chr(argument)
    if operation in {"NOT_LITERAL", "ANY"}:
        return "y" if argument == ord("x") else "x"
    if operation == "IN":
        return text_of_class(argument)
    if operation == "AT":
        return " " if "BOUNDARY" in str(argument) else ""
    if "REPEAT" in operation:
        return str(text_of(argument[2])) * max(1, int(argument[0]))
    return "".join(text_of(inner) for inner in inner_sequences(node)[:1])


def text_of_class(parts: Any) -> str:
    if str(parts[0][0]) == "NEGATE":
        taken = {argument for operation, argument in parts[1:] if str(operation) == "LITERAL"}
        return next(char for char in "x 1-" if ord(char) not in taken)
    operation, argument = str(parts[0][0]), parts[0][1]
    if operation == "RANGE":
        return chr(int(argument[0]))
    if operation == "CATEGORY":
        kinds = {"DIGIT": "1", "SPACE": " ", "WORD": "x"}
        return next(char for kind, char in kinds.items() if str(argument).endswith(kind))
    return chr(argument)


def hostile_texts(pattern: str) -> Iterator[tuple[str, str]]:
    """Beginnings of what the pattern matches, each with one of its parts, which is to be repeated."""
    nodes = list(_parser.parse(pattern))
    beginnings = {"", *(text_of(nodes[:end]) for end in range(1, len(nodes)))}
    whole = text_of(nodes)
    for part in sorted({*pieces(nodes), whole, whole[:-1]} - {""}):
        for repeated in (part, part + " "):
            for beginning in sorted(beginnings):
                yield beginning, repeated


def slow_text(pattern: str | bytes, flags: int = 0, anchored: bool = False, size: int = SIZE) -> str:
    """The beginning of a text at which the pattern is slow; empty where there is none."""
    compiled = re.compile(pattern, flags)
    use: Callable[[Any], object] = compiled.fullmatch if anchored else compiled.findall

    def seconds(beginning: str, repeated: str, times: int) -> float:
        text = beginning + repeated * times + "\x01"
        tried: str | bytes = text if isinstance(pattern, str) else text.encode("latin-1", "replace")
        began = time.thread_time()
        use(tried)
        return time.thread_time() - began

    for beginning, repeated in hostile_texts(
        pattern if isinstance(pattern, str) else pattern.decode("latin-1")
    ):
        times = max(1, size // len(repeated))
        if seconds(beginning, repeated, min(FEW, times)) > SLOW:
            return beginning + repeated
        once = min(seconds(beginning, repeated, times) for _ in range(2))
        if once > 3 * SLOW:
            return beginning + repeated
        if once > NOTICED and size == SIZE and seconds(beginning, repeated, 4 * times) > max(SLOW, 7 * once):
            return beginning + repeated
    return ""


@pytest.mark.parametrize("found", patterns(), ids=lambda found: found.place)
def test_no_pattern_is_slow_at_texts_of_its_own_pieces(found: Found) -> None:
    assert slow_text(found.pattern, found.flags, found.anchored, found.size) == ""


@pytest.mark.parametrize(
    "pattern",
    [
        r"<tr\b[^<>]*\bshortcut_navigable\b[^<>]*>",
        r"\bpagination_total\b[^<>]*>([^<]{0,200})<",
        r"(a+)+b",
    ],
)
def test_the_patterns_that_were_slow_are_recognised(pattern: str) -> None:
    assert slow_text(pattern)


def test_each_pattern_that_is_not_tried_is_known() -> None:
    made = {
        str(path.relative_to(ROOT / path.relative_to(ROOT).parts[0])): sum(
            constant(call.args[0]) is None for call in calls(ast.parse(path.read_text(encoding="utf-8")))
        )
        for path in FILES
    }
    assert {name: number for name, number in made.items() if number} == MADE_OF_NAMES


@pytest.mark.parametrize(
    "pattern",
    [r"/sell/release/(\d{1,12})\b", r"/seller/([^/?#]+)/", r"<(?:!--|!\[CDATA\[|!|\?|/?artists(?=[\s/>]))"],
)
def test_no_pattern_that_is_put_together_is_slow(pattern: str) -> None:
    assert slow_text(pattern) == ""
