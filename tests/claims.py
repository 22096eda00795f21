"""Reads tests from their source, and says which of their asserts could be skipped, or hide another.

An assert is certain where each run of its test reaches it and where it says something of at least one thing.
What a loop or a comprehension goes through has something in it when it is written out in the test or its
module, made from what has, drawn by hypothesis, or named by a certain assert of the same test.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_AS_LONG = {
    *("enumerate", "sorted", "reversed", "list", "tuple", "set", "frozenset", "dict", "zip", "product"),
    "pairwise",
}
_VIEWS = {"items", "values", "keys", "copy", "split", "splitlines"}
_EMPTY = {"[]", "{}", "()", "set()", "''", "0", "None", "False"}
_CHECKS = ("assert_", "expect", "check", "raises", "warns", "fail")
"""How the name begins of what fails by itself."""


@dataclass
class Module:
    """A file's tree, and what its names stand for."""

    name: str
    tree: ast.Module
    values: dict[str, ast.expr] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    enums: set[str] = field(default_factory=set)
    functions: dict[str, Function] = field(default_factory=dict)

    def has_something(self, name: str) -> bool:
        """Whether a name of the module stands for a collection that is written out, or for an enum."""
        if name in self.values:
            return Scope(self).has_something(self.values[name])
        if name in self.imported:
            origin, original = self.imported[name]
            module = _module_named(origin)
            return module is not None and module.has_something(original)
        return name in self.enums

    def gives_something(self, name: str) -> bool:
        """Whether a function of the module asserts that something is in what it returns, or writes it out."""
        if name in self.imported:
            origin, original = self.imported[name]
            module = _module_named(origin)
            return module is not None and module.gives_something(original)
        if name not in self.functions:
            return False
        function = self.functions[name]
        returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
        scope = WrittenTest(self, function).scope
        return bool(returned) and all(value is not None and scope.has_something(value) for value in returned)


def module_of(text: str, name: str = "") -> Module:
    """The module of a source text."""
    module = Module(name, ast.parse(text))
    for node in module.tree.body:
        match node:
            case ast.Assign(targets=targets, value=value):
                module.values |= {target.id: value for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value):
                module.values[target] = value
            case ast.ImportFrom(module=str(origin), names=aliases):
                module.imported |= {alias.asname or alias.name: (origin, alias.name) for alias in aliases}
            case ast.ClassDef(name=enum, bases=bases) if any("Enum" in ast.unparse(base) for base in bases):
                module.enums.add(enum)
            case ast.FunctionDef(name=function):
                module.functions[function] = node
    return module


@cache
def read_module(path: Path) -> Module:
    """The module of a file."""
    return module_of(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))


def _module_named(name: str) -> Module | None:
    for room in (ROOT, ROOT / "src"):
        folder = room.joinpath(*name.split("."))
        for path in (folder.with_suffix(".py"), folder / "__init__.py"):
            if path.is_file():
                return read_module(path)
    return None


@dataclass
class Scope:
    """What is known to have something in it within a test: the values of its names, and what asserts name."""

    module: Module
    local: dict[str, ast.expr] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)

    def has_something(self, node: ast.expr) -> bool:
        """Whether going through the expression yields at least one thing."""
        if ast.unparse(node) in self.named:
            return True
        match node:
            case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
                return any(not isinstance(e, ast.Starred) or self.has_something(e.value) for e in elements)
            case ast.Dict(keys=written) | ast.Constant(value=str() | bytes() as written):
                return bool(written)
            case ast.Name(id=name):
                value = self.local.get(name)
                return self.has_something(value) if value else self.module.has_something(name)
            case ast.BinOp(left=left, op=ast.Add() | ast.BitOr(), right=right):
                return self.has_something(left) or self.has_something(right)
            case ast.BinOp(left=left, op=ast.Mult()):
                return self.has_something(left)
            case ast.Subscript(value=value, slice=ast.Slice(lower=None)):
                return self.has_something(value)
            case ast.Call():
                return self._call_has_something(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                return self._comprehends_something(node)
        return False

    def _comprehends_something(self, node: Comprehension) -> bool:
        targets = set[str]()
        for loop in node.generators:
            if loop.ifs or not (targets & _names_in(loop.iter) or self.has_something(loop.iter)):
                return False
            targets |= _names_in(loop.target)
        return True

    def _call_has_something(self, node: ast.Call) -> bool:
        match node.func:
            case ast.Name(id="range"):
                return self._range_has_something(node.args)
            case ast.Name(id="zip") if node.keywords:
                return any(self.has_something(argument) for argument in node.args)
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in _AS_LONG and node.args:
                return all(self.has_something(argument) for argument in node.args)
            case ast.Attribute(attr=name, value=value) if name in _VIEWS:
                return self.has_something(value)
            case ast.Attribute(attr="sample"):
                return isinstance(node.args[1], ast.Constant)
            case ast.Name(id=name):
                return self.module.gives_something(name)
        return False

    def _range_has_something(self, arguments: list[ast.expr]) -> bool:
        for argument in arguments:
            match argument:
                case ast.Call(func=ast.Name(id="len"), args=[collection]):
                    return self.has_something(collection)
                case ast.Name(id=name) | ast.BinOp(left=ast.Name(id=name)):
                    return name.isupper()
        return all(isinstance(argument, ast.Constant) for argument in arguments) and bool(
            range(*map(ast.literal_eval, arguments))
        )

    def says_something(self, claim: ast.expr) -> bool:
        """Whether the claim goes through no collection, or through one that has something in it."""
        match claim:
            case ast.Call(func=ast.Name(id="all"), args=[argument]):
                return self.has_something(argument)
            case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Name(id="any"), args=[argument])):
                return self._goes_through_something(argument)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._goes_through_something(operand)
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[other]) if ast.unparse(other) in _EMPTY:
                return self._goes_through_something(left)
            case ast.Compare(left=left, ops=[ast.LtE()]) if isinstance(left, Comprehension):
                return self.has_something(left)
        return True

    def _goes_through_something(self, node: ast.expr) -> bool:
        return not isinstance(node, Comprehension) or self.has_something(node.generators[0].iter)

    def note(self, claim: ast.expr) -> None:
        """Remember what a certain claim names: it would fail where that has nothing in it."""
        if not _holds_for_nothing(claim):
            named = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)
            self.named |= {ast.unparse(node) for node in ast.walk(claim) if isinstance(node, named)}


def _names_in(node: ast.expr) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def _holds_for_nothing(claim: ast.expr) -> bool:
    match claim:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(left=left, ops=[operator], comparators=[other]):
            at_most = isinstance(operator, ast.Lt | ast.LtE) and not isinstance(left, ast.Constant)
            return at_most or isinstance(operator, ast.NotIn | ast.Is) or ast.unparse(other) in _EMPTY
    return False


@dataclass(frozen=True)
class Claim:
    """An assert, or what fails by itself, and what around it could skip it."""

    node: ast.stmt
    loops: tuple[ast.For | ast.AsyncFor | ast.While, ...] = ()
    conditional: bool = False

    @property
    def said(self) -> ast.expr | None:
        """What the assert says."""
        return self.node.test if isinstance(self.node, ast.Assert) else None


def claims_below(statements: Iterable[ast.stmt], outer: Claim) -> Iterator[Claim]:
    """Every claim below the statements; `outer` says what skips all of them."""
    for statement in statements:
        here = replace(outer, node=statement)
        conditional = replace(here, conditional=True)
        if isinstance(statement, ast.Assert) or _fails_by_itself(statement):
            yield here
        match statement:
            case ast.For() | ast.AsyncFor() | ast.While():
                yield from claims_below(statement.body, replace(here, loops=(*outer.loops, statement)))
            case ast.If(body=body, orelse=orelse):
                yield from claims_below([*body, *orelse], conditional)
            case ast.Match(cases=cases):
                yield from claims_below([node for case in cases for node in case.body], conditional)
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                yield from claims_below([*body, *orelse, *finalbody], here)
                yield from claims_below([node for handler in handlers for node in handler.body], conditional)
            case ast.With(body=body) | ast.AsyncWith(body=body):
                yield from claims_below(body, here)


def _fails_by_itself(statement: ast.stmt) -> bool:
    match statement:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            parts: list[ast.AST] = [*items]
        case ast.Expr() | ast.Assign() | ast.Return():
            parts = [statement]
        case _:
            return False
    calls = (node for part in parts for node in ast.walk(part) if isinstance(node, ast.Call))
    return any(ast.unparse(call.func).rpartition(".")[2].startswith(_CHECKS) for call in calls)


@dataclass
class WrittenTest:
    """A test function, its claims, and what is known of the collections in it."""

    module: Module
    function: Function
    scope: Scope = field(init=False)
    claims: list[Claim] = field(init=False)

    def __post_init__(self) -> None:
        self.claims = list(claims_below(_reached(self.function), Claim(self.function)))
        self.scope = Scope(self.module, _assigned_once(self.function), _drawn(self.function))
        for node in ast.walk(self.function):
            match node:
                case ast.Assign(targets=[ast.Tuple() | ast.List()], value=value):
                    self.scope.named.add(ast.unparse(value))
                case ast.Expr(value=ast.Call(func=ast.Name(id="assume"), args=[condition])):
                    self.scope.note(condition)
        for claim in self.claims:
            if claim.said is not None and self.is_certain(claim):
                self.scope.note(claim.said)

    def __str__(self) -> str:
        return f"{self.module.name}:{self.function.lineno} {self.function.name}"

    def is_certain(self, claim: Claim) -> bool:
        """Whether each run of the test reaches the claim, and it says something."""
        waits = any(isinstance(loop, ast.While) and not _endless(loop) for loop in claim.loops)
        return not (claim.conditional or waits) and self.is_of_something(claim)

    def is_of_something(self, claim: Claim) -> bool:
        """Whether the loops around the claim and those in it have something to go through."""
        loops = (loop for loop in claim.loops if not isinstance(loop, ast.While))
        looped = all(self.scope.has_something(loop.iter) for loop in loops)
        return looped and (claim.said is None or self.scope.says_something(claim.said))

    def skipped(self) -> list[str]:
        """Where asserts stand that a collection without anything in it skips."""
        if _is_drawn(self.function):
            return []  # Of many examples not all are empty.
        skipped = [claim for claim in self.claims if claim.said and not self.is_of_something(claim)]
        return [f"{self.module.name}:{claim.node.lineno}" for claim in skipped]

    def claims_nothing(self) -> bool:
        """Whether it has asserts, and none that each run reaches."""
        asserts = any(isinstance(node, ast.Assert) for node in ast.walk(self.function))
        return asserts and not any(map(self.is_certain, self.claims))


def _endless(loop: ast.While) -> bool:
    return isinstance(loop.test, ast.Constant)


def _is_drawn(function: Function) -> bool:
    calls = (node.func for node in function.decorator_list if isinstance(node, ast.Call))
    return any(isinstance(call, ast.Name) and call.id == "given" for call in calls)


def _reached(function: Function) -> list[ast.stmt]:
    """The statements of a test and of the functions in it that it calls itself."""
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    called = {call.id for call in calls if isinstance(call, ast.Name)}
    inner = [node for node in function.body if isinstance(node, Function) and node.name in called]
    return [*function.body, *(statement for node in inner for statement in node.body)]


def _assigned_once(function: Function) -> dict[str, ast.expr]:
    values: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                values.setdefault(name, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                values.setdefault(name, []).append(value)
    return {name: found[0] for name, found in values.items() if len(found) == 1}


def _drawn(function: Function) -> set[str]:
    """The parameters whose values the decorators write out or draw."""
    names = set[str]()
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(attr="parametrize"), args=[parameters, *_]):
                words = ast.literal_eval(parameters)
                names |= {*words.replace(",", " ").split()} if isinstance(words, str) else {*words}
    if _is_drawn(function):
        names |= {argument.arg for argument in function.args.args}
    return names


def written_tests(module: Module) -> Iterator[WrittenTest]:
    """Each test of a module."""
    for node in ast.walk(module.tree):
        if isinstance(node, Function) and node.name.startswith("test_"):
            yield WrittenTest(module, node)
