"""Commands whose options are made from a model of options, and only when they are looked at."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand
from typer.main import get_command

from discogs_assistant.cli.output import AsJson

if TYPE_CHECKING:
    from discogs_assistant.pipelines.runtime.options.model import OptionDefinition, OptionsModel
    from discogs_assistant.pipelines.runtime.registry import Registry, RunDefinition

User = Annotated[str, typer.Argument(help="The Discogs user name.")]
RunAgain = Annotated[
    bool, typer.Option("--run-again", "--run-anew", help="Ignore a finished result of the same request.")
]
Show = Callable[[Any], None]
"""Prints a document for people."""
OPTIONS = "options"
"""The parameter of a command's function that takes what was given of a model's options."""


def add_command(
    app: typer.Typer,
    name: str,
    function: Callable[..., None],
    model: str,
    required: Collection[str] = (),
) -> None:
    """A command with the function's parameters, and a model's in place of its parameter `options`.

    `model` is named as `module:name`; the options that are `required` must be given here, though the model
    has a default for them.
    """

    class Late(_LateCommand):
        def make(self) -> TyperCommand:
            single = typer.Typer(add_completion=False)
            made = _with_options(function, resolve_name(model), required)
            single.command(name, help=function.__doc__)(made)
            command = get_command(single)
            assert isinstance(command, TyperCommand)
            return command

    app.command(name, cls=Late, help=function.__doc__)(_nothing)


def add_run_command(
    app: typer.Typer, kinds: Registry, kind: RunDefinition, show: Show, required: Collection[str] = ()
) -> None:
    """The command that starts a run of one of the kinds and prints its document."""
    assert kind.command is not None, "only kinds with a command have one"

    def start(options: Mapping[str, Any], run_again: bool, as_json: bool, user: str = "") -> None:
        from discogs_assistant.cli.output import print_document, say_partial
        from discogs_assistant.cli.runs import run_to_result

        asked = {**options, "run_again": run_again}
        document = run_to_result(kind.kind, user, asked, kind.document_type, kinds)
        if as_json:
            return print_document(document)
        say_partial(document.partial)
        show(document)

    def of_user(
        user: User, options: Mapping[str, Any], run_again: RunAgain = False, as_json: AsJson = False
    ) -> None:
        start(options, run_again, as_json, user)

    def of_nobody(options: Mapping[str, Any], run_again: RunAgain = False, as_json: AsJson = False) -> None:
        start(options, run_again, as_json)

    function = of_user if kind.of_user else of_nobody
    function.__doc__ = kind.question
    add_command(app, kind.command, function, kind.options, required)


class _LateCommand(TyperCommand):
    """A command that is made when its parameters are first looked at, or when it runs."""

    def make(self) -> TyperCommand:
        """The command itself."""
        raise NotImplementedError

    @cached_property
    def _made(self) -> TyperCommand:
        return self.make()

    @property
    def params(self) -> list[Any]:
        """The parameters of the command itself."""
        return self._made.params

    @params.setter
    def params(self, value: list[Any]) -> None:
        """Those of the placeholder are of no use."""

    def invoke(self, ctx: Any) -> Any:
        """Carry it out."""
        return self._made.invoke(ctx)


def _nothing() -> None:
    """Stands in for a function until its parameters are known."""


def _with_options(
    function: Callable[..., None], model: type[OptionsModel], required: Collection[str]
) -> Callable[..., None]:
    made = {one.name: _parameter(one, required) for one in model.definitions().values()}

    def command(**given: Any) -> None:
        own = {name: given.pop(name) for name in made}
        function(
            **given, **{OPTIONS: {name: value for name, value in own.items() if value not in (None, [])}}
        )

    signature = inspect.signature(function, eval_str=True)
    parameters = [one for one in _in_order(signature, made)]
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


def _in_order(
    signature: inspect.Signature, made: Mapping[str, inspect.Parameter]
) -> Iterator[inspect.Parameter]:
    """Those of the function with the model's in their place, the required ones first."""
    needed = sorted(made.values(), key=lambda one: one.default is not inspect.Parameter.empty)
    for one in signature.parameters.values():
        for parameter in needed if one.name == OPTIONS else (one,):
            yield parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)


def _parameter(one: OptionDefinition, required: Collection[str]) -> inspect.Parameter:
    must = one.required or one.name in required
    flag = "--" + one.name.replace("_", "-")
    type_: Any
    if one.type.control == "yes_no":
        type_, flag = bool, f"{flag}/--no-{one.name.replace('_', '-')}" if one.default else flag
    elif one.type.repeated:
        type_ = list[str]
    else:
        type_ = int if one.type.control == "whole" else str
    default = inspect.Parameter.empty if must else one.default
    if not must and (one.type.several or one.home):
        default = None
    annotation = type_ if must or type_ is bool else type_ | None
    annotation = Annotated[annotation, typer.Option(flag, help=_help(one))]
    return inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _help(one: OptionDefinition) -> str:
    how = "" if not one.type.several else " Repeat it." if one.type.repeated else " Separate with commas."
    example = f", such as {one.example}" if one.example else ""
    return f"{one.label}{example}. {one.help}{how}".strip()
