"""Counts what style.md limits; `python -m tests.structure` prints it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

HOME = Path(__file__).parents[1]
SOURCES = HOME / "src"
PRODUCT = SOURCES / "discogs_assistant"
FILES = sorted(SOURCES.rglob("*.py"))
SMALL, LONG_FILE, LONG_FUNCTION = 40, 350, 50
"""Lines."""
UNTYPED = re.compile(r"\b(?:dict|Mapping)\[str, Any\]")
WORDS = re.compile(
    r"(?<![a-z])(?:told|put_away|handed_in|acquainted|supplied|stocked|unlearned|sinking|poser|milliard|leeway"
    r"|anew|postage)(?![a-z])",
    re.IGNORECASE,
)
READ = ("src", "tests", "docs", "bench", "README.md")
TEXTS = {".py", ".md", ".html", ".js", ".css", ".toml"}


def lines_of(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def files_by_folder() -> Counter[str]:
    """How many source files each folder holds, those of pages included."""
    kinds = {".py", ".html", ".css", ".js", ".svg"}
    return Counter(name_of(path.parent) for path in SOURCES.rglob("*") if path.suffix in kinds)


def name_of(path: Path) -> str:
    """A path below src/."""
    return str(path.relative_to(SOURCES))


def module_of(path: Path) -> str:
    """The dotted name of a source file."""
    parts = path.relative_to(SOURCES).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def importers() -> dict[str, set[str]]:
    """The source files that import or name each module; pipelines and commands are named in texts."""
    modules = {module_of(path) for path in FILES}
    found: dict[str, set[str]] = {module: set() for module in modules}
    for path in FILES:
        for name in _named(ast.parse(path.read_text(encoding="utf-8"))):
            if name in modules and name != module_of(path):
                found[name].add(name_of(path))
    return found


def _named(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value.partition(":")[0]


def crumbs() -> list[tuple[str, int, str]]:
    """Files with few lines that only one other file imports: name, lines, importer."""
    by_module = importers()
    small = [path for path in FILES if path.stem != "__init__" and lines_of(path) < SMALL]
    return [
        (name_of(path), lines_of(path), next(iter(found)))
        for path in small
        if len(found := by_module[module_of(path)]) == 1
    ]


def untyped(rooms: Iterable[str] = ("web", "pipelines", "engine")) -> Counter[str]:
    """How often the files of these rooms say `dict[str, Any]` or `Mapping[str, Any]`."""
    found: Counter[str] = Counter()
    for room in rooms:
        for path in (PRODUCT / room).rglob("*.py"):
            if count := len(UNTYPED.findall(path.read_text(encoding="utf-8"))):
                found[name_of(path)] += count
    return found


def long_functions() -> list[tuple[str, int]]:
    """Functions of more lines than one reads at a time."""
    return [
        (f"{name_of(path)}:{node.name}", length)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONG_FUNCTION
    ]


def long_files() -> list[tuple[str, int]]:
    """Files of more lines than one looks through."""
    return [(name_of(path), count) for path in FILES if (count := lines_of(path)) > LONG_FILE]


def unused_names() -> list[str]:
    """Public functions, classes and constants that nothing in src/ uses."""
    used = set().union(*(_used(ast.parse(path.read_text(encoding="utf-8"))) for path in FILES))
    for path in SOURCES.rglob("*"):
        if path.suffix in TEXTS - {".py"}:
            used.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return [
        f"{name_of(path)}:{name}"
        for path in FILES
        for name in _defined(ast.parse(path.read_text(encoding="utf-8")))
        if name not in used
    ]


def _used(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"\w+$", node.value)


def _defined(tree: ast.Module) -> Iterator[str]:
    """What a module defines for others; what a decorator registers is used by it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            plain = all(isinstance(by, ast.Name) or "dataclass" in ast.dump(by) for by in node.decorator_list)
            if plain and not node.name.startswith("_"):
                yield node.name
        elif isinstance(node, ast.Assign):
            yield from (to.id for to in node.targets if isinstance(to, ast.Name) and to.id.isupper())


def words() -> dict[str, Counter[str]]:
    """Which files say which of the words that style.md replaces."""
    found: dict[str, Counter[str]] = {}
    for path in _texts():
        for word in WORDS.findall(path.read_text(encoding="utf-8")):
            found.setdefault(word.lower(), Counter())[str(path.relative_to(HOME))] += 1
    return found


def _texts() -> Iterator[Path]:
    for place in READ:
        top = HOME / place
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.suffix in TEXTS and path != Path(__file__):
                yield path


def main() -> None:
    """Print all counts."""
    print("files a folder:")
    for folder, count in sorted(files_by_folder().items()):
        print(f"  {count:3}  {folder}")
    print(f"source files: {len(FILES)}, lines: {sum(map(lines_of, FILES)):,}")
    for title, found in (
        (f"files under {SMALL} lines with one importer", crumbs()),
        ("dict[str, Any] and Mapping[str, Any] in web, pipelines and engine", untyped().most_common()),
        (f"functions over {LONG_FUNCTION} lines", long_functions()),
        (f"files over {LONG_FILE} lines", long_files()),
        ("names that nothing uses", unused_names()),
    ):
        total = sum(row[1] for row in found if isinstance(row[1], int)) if "Any" in title else len(found)
        print(f"{title}: {total}")
        for row in found:
            print("  ", *(row if isinstance(row, tuple) else [row]))
    print("words that style.md replaces:")
    for word, files in sorted(words().items()):
        print(f"  {word}: {files.total()} in {', '.join(f'{name} {count}' for name, count in files.items())}")


if __name__ == "__main__":
    main()
