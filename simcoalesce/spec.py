"""What a scenario may say: frozen, closed models, and families of them.

A field that carries its unit in its name (``ttl_ns``, ``rate_per_s``) is written
without it in a scenario (``ttl: 60s``, ``rate: 100/s``): the value has the unit there.
"""

import ast
import re
from collections.abc import Iterator
from errno import ENAMETOOLONG
from functools import lru_cache
from inspect import cleandoc, getsource
from itertools import chain, pairwise
from pathlib import Path
from textwrap import dedent
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    Tag,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import with_info_plain_validator_function
from typing_extensions import override

from simcoalesce.confinement import check_named_file
from simcoalesce.discovery import members

_UNIT_SUFFIX: Final = re.compile(r"_(?:ns|s|per_s|ratio|bytes|usd|call)?$")


def written_name(field: str) -> str:
    """Return how a scenario writes a field: without its unit.

    Nor has it the underscore of a field whose name means something else in the code.

    >>> written_name("read_latency_ns"), written_name("rate_per_s")
    ('read_latency', 'rate')
    """
    return _UNIT_SUFFIX.sub("", field)


def default(written: str | dict[str, Any]) -> Any:
    """Return the default of a field, as a scenario would write it.

    The value is checked and converted like any other; typed Any, since its type is
    the text's and not the field's.
    """
    return Field(default=written)


class Spec(BaseModel):
    """A part of a scenario: validated when it is made, and never changed afterwards."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=written_name,
        validate_default=True,
    )

    family: ClassVar[str] = ""
    """In the base class of a family: the folder of its members, dotted. A field of
    that type takes any member, by its ``kind``."""

    @classmethod
    def is_family(cls) -> bool:
        """Whether it is the base class of a family, and no member."""
        return bool(vars(cls).get("family"))

    @classmethod
    def members(cls) -> dict[str, type[Self]]:
        """Return the members of the family by their kind.

        Raises:
            PluginError: If a member from outside cannot be used.
        """
        return members(cls, cls.family)

    @classmethod
    @override
    def __get_pydantic_core_schema__(
        cls, source: Any, of: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        if not cls.is_family():
            return of(source)
        # Members are asked for when a value comes: importing a scenario's models then
        # imports no members, and those that callers bring along are known.
        return with_info_plain_validator_function(cls._member)

    @classmethod
    def _member(cls, value: Any, info: ValidationInfo) -> Self:
        if isinstance(value, cls):
            return value
        validator = _union(tuple(cls.members().items())).validator
        member: Self = validator.validate_python(value, context=info.context)
        return member

    @classmethod
    @override
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, describe: GetJsonSchemaHandler, /
    ) -> JsonSchemaValue:
        """Describe each field by the text below it; a family, by its members."""
        if cls.is_family():
            return describe(_union(tuple(cls.members().items())).core_schema)
        # pydantic's own setting would have every command parse all of the sources.
        schema = describe(core)
        properties = describe.resolve_ref_schema(schema)["properties"]
        bases = (base for base in reversed(cls.__mro__) if issubclass(base, Spec))
        for field, text in chain.from_iterable(map(_texts_below_fields, bases)):
            if field in cls.model_fields:
                properties[written_name(field)]["description"] = text
        return schema

    def document(self) -> dict[str, Any]:
        """Return all of it, defaults included, as a scenario file would say it.

        Values with units are texts. `Scenario.parse` reads a whole scenario back to an
        equal one.
        """
        written: dict[str, Any] = _without_absent(
            self.model_dump(mode="json", by_alias=True)
        )
        return written


class NamedByFile(Spec):
    """A member of a family that no scenario writes: its kind is its file's name."""

    kind: ClassVar[str]

    @classmethod
    @override
    def __pydantic_init_subclass__(cls, **_options: Any) -> None:
        if "kind" not in vars(cls):
            cls.kind = cls.__module__.rpartition(".")[2]


def _texts_below_fields(spec: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Yield the fields that a class declares with a text below them, and the texts."""
    try:
        declared = ast.parse(dedent(getsource(spec))).body[0]
    except OSError:  # It was written at a prompt.
        return
    for statement, below in pairwise(ast.iter_child_nodes(declared)):
        match statement, below:
            case (
                ast.AnnAssign(target=ast.Name(field)),
                ast.Expr(ast.Constant(str(text))),
            ):
                yield field, cleandoc(text)


def _without_absent(value: Any) -> Any:
    """Drop what is absent; an absent limit is a text ("unlimited") and stays."""
    if isinstance(value, dict):
        return {k: _without_absent(v) for k, v in value.items() if v is not None}
    return [_without_absent(v) for v in value] if isinstance(value, list) else value


class InputFile(BaseModel):
    """A file that a scenario names: as written, and where it lies."""

    model_config = ConfigDict(frozen=True)

    written: str
    path: Path

    @override
    def __str__(self) -> str:
        return self.written


def located(value: object, info: ValidationInfo) -> object:
    """Resolve a path against the folder of the scenario that names it."""
    if isinstance(value, InputFile):
        return value
    if not isinstance(value, (str, Path)) or not str(value).strip():
        raise ValueError(f'"{value}" is not a file name')
    folder = (info.context or {}).get("folder", Path())
    path = Path(folder, value)
    check_named_file(value, path)
    try:
        exists, is_file = path.exists(), path.is_file()
    except OSError as error:
        named = "it" if error.errno == ENAMETOOLONG else f'"{value}"'
        raise ValueError(f"{named} cannot be a file: {error.strerror}") from None
    if not exists:
        raise ValueError(f'no file "{value}" beside the scenario (looked for {path})')
    if not is_file:
        raise ValueError(f'"{value}" is not a file')
    return InputFile(written=str(value), path=path)


NamedFile = Annotated[
    InputFile,
    BeforeValidator(located),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string"}),
]
"""A file, written relative to the scenario that names it."""


def _kind_of(value: Any) -> str | None:
    """Return the ``kind`` of a family member, given as a mapping or as a spec."""
    kind = (
        value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    )
    return kind if isinstance(kind, str) else None


@lru_cache(maxsize=64)
def _union(members: tuple[tuple[str, type[Spec]], ...]) -> TypeAdapter[Any]:
    """Return what validates the members of a family, each by its kind."""
    union: Any = None
    for kind, member in members:
        tagged: Any = Annotated[member, Tag(kind)]
        union = tagged if union is None else union | tagged
    return TypeAdapter(Annotated[union, Discriminator(_kind_of)])
