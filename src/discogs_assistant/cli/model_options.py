"""Commands whose options are made from a model of options, and only when they are needed."""

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
        """The placeholder's are of no use."""

    def invoke(self, ctx: Any) -> Any:
        """Carry it out."""
        return self._made.invoke(ctx)


def _nothing() -> None:
    """Stands in for a function until its parameters are known."""


def _with_options(
    function: Callable[..., None], model: type[OptionsModel], required: Collection[str]
) -> Callable[..., None]:
    made = {option.name: _parameter(option, required) for option in model.definitions().values()}

    def command(**given: Any) -> None:
        own = {name: given.pop(name) for name in made}
        function(
            **given, **{OPTIONS: {name: value for name, value in own.items() if value not in (None, [])}}
        )

    signature = inspect.signature(function, eval_str=True)
    parameters = list(_in_order(signature, made))
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def _in_order(
    signature: inspect.Signature, made: Mapping[str, inspect.Parameter]
) -> Iterator[inspect.Parameter]:
    """The function's parameters with the model's in their place, the required ones first."""
    needed = sorted(made.values(), key=lambda parameter: parameter.default is not inspect.Parameter.empty)
    for own in signature.parameters.values():
        for parameter in needed if own.name == OPTIONS else (own,):
            yield parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)


def _parameter(option: OptionDefinition, required: Collection[str]) -> inspect.Parameter:
    must = option.required or option.name in required
    flag = "--" + option.name.replace("_", "-")
    type_: Any
    if option.type.control == "yes_no":
        type_, flag = bool, f"{flag}/--no-{option.name.replace('_', '-')}" if option.default else flag
    elif option.type.repeated:
        type_ = list[str]
    else:
        type_ = int if option.type.control == "whole" else str
    default = inspect.Parameter.empty if must else option.default
    if not must and (option.type.several or option.home):
        default = None
    annotation = type_ if must or type_ is bool else type_ | None
    annotation = Annotated[annotation, typer.Option(flag, help=_help(option))]
    return inspect.Parameter(
        option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def _help(option: OptionDefinition) -> str:
    how = (
        "" if not option.type.several else " Repeat it." if option.type.repeated else " Separate with commas."
    )
    example = f", such as {option.example}" if option.example else ""
    return f"{option.label}{example}. {option.help}{how}".strip()
