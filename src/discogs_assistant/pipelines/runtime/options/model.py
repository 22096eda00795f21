"""A model of options: its fields are the only definition of each of them.

The form, the command line, the API's schema, error sentences, the stored JSON and the docs are made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from typing import Any, ClassVar, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from discogs_assistant.errors import BadInputError, InvalidFieldsError
from discogs_assistant.model.ids import printable
from discogs_assistant.pipelines.runtime.options.types import Home, OptionType, yes_or_no

RUN_AGAIN = ("run_again", "run_anew")
"""Both names of the option that ignores a finished result; it belongs to the request, not to the run."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Words:
    """What a field of an options model has beside pydantic's own: see `option`."""

    aliases: tuple[str, ...]
    missing: str
    home: Literal["", "currency", "country"]


@dataclass(frozen=True, slots=True)
class OptionDefinition:
    """One option. `example` is empty where there is none, `default` is in plain JSON."""

    name: str
    label: str
    help: str
    example: str
    type: OptionType
    required: bool
    default: Any
    aliases: tuple[str, ...]
    missing: str
    home: Literal["", "currency", "country"]


def option(
    default: Any,
    label: str,
    help: str = "",
    example: str = "",
    *,
    aliases: tuple[str, ...] = (),
    missing: str = "",
    home: Literal["", "currency", "country"] = "",
) -> Any:
    """A field of an options model; `...` as default for an option that must be given.

    `label` names it on forms and in sentences, `help` is one or two sentences, `missing` says what to do
    where it must be given and is not, and `home` names what of the person is used where it is not given.
    """
    made = Field(default, title=label, description=help or None, examples=[example] if example else None)
    made.metadata.append(_Words(aliases, missing, home))
    return made


class OptionsModel(BaseModel):
    """The base of every options model."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)
    blank_is_given: ClassVar[bool] = False
    """Whether an empty text is a value: it is on the command line, and in a form it is an empty field."""

    @classmethod
    def definitions(cls) -> Mapping[str, OptionDefinition]:
        """Each option by its name."""
        return _definitions(cls)

    @classmethod
    def parse(
        cls,
        raw: Mapping[str, object],
        home: Home | None = None,
        *,
        named: Callable[[OptionDefinition], str] = lambda definition: f"“{definition.label}”",
    ) -> Self:
        """The options of a form, a JSON body, the command line or a stored run.

        `InvalidFieldsError` with a sentence for each wrong one, in which `named` names it. An option that is
        missing, null, blank or an empty list was not given. `run_again` is ignored (see `wants_again`).
        """
        home, known = home or Home(), cls.definitions()
        given, errors = _given(raw, known, cls.blank_is_given)
        lacking = set(cls.needed(given.keys())) - given.keys()
        errors |= {name: known[name].missing for name in lacking}
        own = {
            definition.name: getattr(home, definition.home)
            for definition in known.values()
            if definition.home
        }
        usual = {name: str(value) for name, value in own.items() if value is not None}
        names = {name: named(definition) for name, definition in known.items()}
        try:
            read = cls.model_validate(usual | given, context={"home": home, "names": names})
        except ValidationError as wrong:
            raise InvalidFieldsError(errors | _sentences(wrong, known, names)) from wrong
        except InvalidFieldsError as wrong:
            raise InvalidFieldsError(errors | wrong.fields) from wrong
        if errors:
            raise InvalidFieldsError(errors)
        return read

    @classmethod
    def needed(cls, given: Collection[str]) -> Collection[str]:
        """Options that must be given where others are not, beside those that always must."""
        return ()

    def canonical(self) -> dict[str, Any]:
        """Plain JSON that is equal for equal options, and that `parse` reads back."""
        return self.model_dump()

    @classmethod
    def request_schema(cls) -> dict[str, Any]:
        """The JSON schema of a request's body."""
        schema = cls.model_json_schema(mode="validation")
        again = {"type": "boolean", "description": "Ignore a finished result."}
        schema["properties"] |= {RUN_AGAIN[0]: again, RUN_AGAIN[1]: again | {"deprecated": True}}
        for definition in cls.definitions().values():
            described = schema["properties"][definition.name]
            if definition.default is None:
                described.pop("default", None)
            if definition.type.several and definition.example:
                described["examples"] = [definition.example.split(",")]
        return schema


def worded_as(model: type[OptionsModel], name: str, default: Any) -> Any:
    """A field with the words of another model's, for an option that is read in another way."""
    definition = model.definitions()[name]
    return option(
        default,
        definition.label,
        definition.help,
        definition.example,
        aliases=definition.aliases,
        missing=definition.missing,
    )


def wants_again(raw: Mapping[str, object]) -> bool:
    """Whether the request asks for a new run although a finished one would do."""
    try:
        return any(
            yes_or_no(raw[name], "“Run again”") for name in RUN_AGAIN if raw.get(name) not in (None, "")
        )
    except BadInputError as error:
        raise InvalidFieldsError({next(n for n in RUN_AGAIN if n in raw): str(error)}) from error


def same_named(kind: type[T], options: OptionsModel, **others: Any) -> T:
    """A dataclass whose fields are the options of the same names, and `others`."""
    names = {field.name for field in fields(kind)} & options.definitions().keys()  # type: ignore[arg-type]
    return kind(**{name: getattr(options, name) for name in names} | others)


@cache
def _definitions(model: type[OptionsModel]) -> Mapping[str, OptionDefinition]:
    found = {}
    for name, info in model.model_fields.items():
        words = next(part for part in info.metadata if isinstance(part, _Words))
        type_ = next(part for part in info.metadata if isinstance(part, OptionType))
        default = None if info.is_required() or info.default is None else type_.plain(info.default)
        found[name] = OptionDefinition(
            name,
            label=info.title or name,
            help=info.description or "",
            example=str((info.examples or [""])[0]),
            type=type_,
            required=info.is_required(),
            default=default,
            aliases=words.aliases,
            missing=words.missing,
            home=words.home,
        )
    return found


def _given(
    raw: Mapping[str, object], known: Mapping[str, OptionDefinition], blank_is_given: bool
) -> tuple[dict[str, object], dict[str, str]]:
    """The given options by their own names, and a sentence for each unknown one."""
    names = {alias: definition.name for definition in known.values() for alias in definition.aliases}
    values = {names.get(str(name), str(name)): value for name, value in raw.items() if name not in RUN_AGAIN}
    unknown = sorted(values.keys() - known.keys())[:20]
    passed_over = (lambda value: value is None or value == []) if blank_is_given else _blank
    given = {name: value for name, value in values.items() if name in known and not passed_over(value)}
    return given, {printable(name): _unknown(name, known) for name in unknown}


def _blank(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _unknown(name: str, known: Mapping[str, OptionDefinition]) -> str:
    close = get_close_matches(name[:100], known, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"The options are {', '.join(sorted(known))}."
    return f"There is no option “{printable(name)}”. {hint}"


def _sentences(
    wrong: ValidationError, known: Mapping[str, OptionDefinition], names: Mapping[str, str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for error in wrong.errors(include_url=False, include_input=False):
        name = str(error["loc"][0])
        lacking = known[name].missing or f"{names[name]} is needed."
        found.setdefault(name, error.get("ctx", {}).get("sentence", lacking))
    return found
