"""Log spec: what a scenario says of a log, whatever it is read for."""

from glob import glob
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PrivateAttr,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticKnownError

from simcoalesce.confinement import check_named_file, confining_folder
from simcoalesce.logs.instants import TimeFormat, TimeZone
from simcoalesce.logs.key_rule import KeyRule, KeyTemplate, Query, QueryRule
from simcoalesce.logs.layout import FieldWords, unit_of
from simcoalesce.logs.log_format import (
    STANDARD_FIELDS,
    JsonFormat,
    LogFormat,
    TableFormat,
    log_formats,
    text_parser,
)
from simcoalesce.logs.moments import Moment
from simcoalesce.logs.nginx_format import is_nginx_format, nginx_pattern
from simcoalesce.logs.numbers import NS_PER
from simcoalesce.logs.sources import standard_input
from simcoalesce.logs.where import Where
from simcoalesce.logs.window import Sample
from simcoalesce.spec import InputFile, Spec, located
from simcoalesce.units import Ratio

_GLOB: Final = frozenset("*?[")
_BASES: Final[dict[str, type[LogFormat]]] = {
    "fields": JsonFormat,
    "columns": TableFormat,
}
"""The formats that a word is for."""


def _located_files(written: Any, info: ValidationInfo) -> tuple[InputFile, ...]:
    names = written if isinstance(written, (list, tuple)) else [written]
    if not names:
        raise ValueError("the list names no file; write e.g. [a.log, b.log]")
    return tuple(file for name in names for file in _located_one(name, info))


def _located_one(name: Any, info: ValidationInfo) -> list[InputFile]:
    folder = Path((info.context or {}).get("folder", ""))
    if name == "-" and confining_folder() is None:
        return [standard_input()]
    check_named_file(name, Path(folder, str(name)))
    if isinstance(name, str) and _GLOB & set(name) and not Path(folder, name).exists():
        every = sorted(glob(name, root_dir=folder, recursive=True))  # noqa: PTH207 - absolute ones too
        found = [one for one in every if Path(folder, one).is_file()]
        for one in found:
            check_named_file(one, folder / one)
        if found:
            return [InputFile(written=one, path=folder / one) for one in found]
    file = located(name, info)
    return [file] if isinstance(file, InputFile) else []


def _written_files(files: tuple[InputFile, ...]) -> str | list[str]:
    names = [str(file) for file in files]
    return names[0] if len(names) == 1 else names


LogFiles = Annotated[
    tuple[InputFile, ...],
    BeforeValidator(_located_files),
    PlainSerializer(_written_files),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ],
            "examples": ["access.log.gz", ["access.log.1", "access.log"], "*.log"],
        }
    ),
]
"""Files: one, a list, a glob, or ``-`` for standard input."""


def _known_kind(kind: Any) -> str:
    kinds = _KindSchema.kinds()
    if isinstance(kind, str) and is_nginx_format(kind):
        nginx_pattern(kind)
        return kind
    if kind not in kinds:
        listed = ", ".join(f"'{one}'" for one in kinds)
        raise PydanticKnownError("literal_error", {"expected": listed})
    return str(kind)


class _KindSchema:
    @staticmethod
    def kinds() -> list[str]:
        return ["auto", *sorted(one.kind for one in log_formats())]

    @classmethod
    def __get_pydantic_json_schema__(cls, *_: object) -> dict[str, Any]:
        nginx = {"type": "string", "pattern": "[$]"}
        return {"anyOf": [{"enum": cls.kinds(), "type": "string"}, nginx]}


LogFormatKind = Annotated[str, BeforeValidator(_known_kind), _KindSchema]
"""The kind of a log format, ``auto``, or a ``log_format`` of nginx."""


class DurationField(Spec):
    """Where a log says how long a request took."""

    field: Annotated[str, Field(min_length=1)]
    """A path of JSON, a column, or a group of the pattern."""
    unit: Literal["s", "ms", "us", "ns"] | None = None
    """By default that at the end of its name (``took_ms``), else seconds."""

    @property
    def unit_ns(self) -> int:
        """Its unit in nanoseconds."""
        return NS_PER[self.unit or unit_of(self.field) or "s"]


def _duration_field(written: Any) -> Any:
    return {"field": written} if isinstance(written, (str, int)) else written


OptionalDurationField = Annotated[
    DurationField | None, BeforeValidator(_duration_field)
]
"""Where a log says how long a request took: a name, or a name and a unit."""


def _field_names(written: Any) -> Any:
    if not isinstance(written, dict):
        return written
    unknown = [name for name in written if name not in STANDARD_FIELDS]
    if unknown:
        listed = ", ".join(STANDARD_FIELDS)
        raise ValueError(f'there is no field "{unknown[0]}"; fields are {listed}')
    return {name: str(of) for name, of in written.items()}


FieldNames = Annotated[
    dict[str, Annotated[str, Field(min_length=1)]],
    BeforeValidator(_field_names),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                name: {"type": ["string", "integer"]} for name in STANDARD_FIELDS
            },
            "additionalProperties": False,
        }
    ),
]
"""Where standard fields are, by their names."""


class LogSpec(Spec):
    """A log: one text file or several, and how they are to be read."""

    file: LogFiles
    """The log, relative to the scenario: a file, a list, a glob, or ``-`` for standard
    input; plain, or compressed by gzip, zstd, bzip2 or xz."""
    format: LogFormatKind = "auto"
    """What the file is; by default its first lines tell. A ``log_format`` of nginx may
    be written as it stands in nginx.conf."""
    fields: FieldNames = Field(default_factory=dict)
    """Where the fields of JSON are: ``{time: ts, uri: request.uri}``; ``a.b`` is field
    b of the object a. A field that is named must be in each line."""
    columns: FieldNames = Field(default_factory=dict)
    """In which column of a table the fields are: names, or numbers from 1 on."""
    pattern: str | None = None
    """A regular expression whose named groups are the fields: ``(?P<time>\\S+)``."""
    delimiter: Annotated[str, Field(max_length=1)] | None = None
    """What is between the cells of a table; a blank: any number of blanks."""
    header: bool | None = None
    """Whether a table's first line names its columns; by default it does, unless
    `columns` are numbers."""
    time_format: TimeFormat = "auto"
    """How times are written: ``iso``, ``clf``, ``epoch_s``, ``epoch_ms``, ``epoch_us``,
    ``epoch_ns`` or a pattern of strptime; ``auto`` tells by their form and size."""
    timezone: TimeZone = "UTC"
    """Of times that name no offset: ``Europe/Berlin`` or ``+02:00``."""
    time_is: Literal["start", "end"] | None = None
    """Whether a time is the ``start`` or the ``end`` of its request; by default as its
    format has it. Starts are reckoned where a log says how long requests took."""
    duration: OptionalDurationField = None
    """Where a log says how long a request took: ``took_ms``, or ``{field: took, unit:
    ms}``."""
    key: KeyTemplate = "url"
    """What of a URL is the key: ``url`` (host and URI, as far as logged), ``path``, a
    list ``[host, path]`` or a template ``{host}{path}``."""
    query: Query = QueryRule()
    """What becomes of query strings, where they are a part of the key: ``keep``,
    ``sort``, ``drop``, or ``{ignore: [utm_*]}``."""
    where: Where = ()
    """Which requests count, by what their fields say: ``{method: GET, status: [200,
    3xx, "<400"]}``; ``!404`` is all but that. The others are counted, and left out."""
    from_ns: Moment | None = None
    """From when on they count: an instant on the wall clock, which the run then begins
    at, or a duration after the first one."""
    until_ns: Moment | None = None
    """Until when they count: an instant, or a duration after the first one."""
    sample: Sample = None
    """A share of them: ``10%`` of the keys with all their requests, or ``{ratio: 10%,
    by: request}``. The same ones are taken every time."""
    bad_lines_ratio: Ratio = Field("1%", validate_default=True)
    """More lines than this that do not parse are an error."""

    _formats: tuple[type[LogFormat], ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _know_formats(self) -> Self:
        # Formats from outside may be known now, and not when the log is read.
        every = () if is_nginx_format(self.format) else log_formats()
        self._formats = tuple(f for f in every if self.format in {"auto", f.kind})
        return self

    @property
    def formats(self) -> tuple[type[LogFormat], ...]:
        """What the file may be, in the order in which it is tried; of one, it is."""
        for word, base in _BASES.items():
            if getattr(self, word) and self.format == "auto":
                return tuple(f for f in self._formats if issubclass(f, base))
        return self._formats

    @model_validator(mode="after")
    def _speaks_of_one_form(self) -> Self:
        if self.pattern and confining_folder() is not None:
            raise ValueError(
                "a pattern of somebody who is not trusted (--untrusted) may take hours"
                " for one line; name a format, fields or columns"
            )
        if self.pattern:
            text_parser(self.pattern, "")
        said = [word for word in ("pattern", *_BASES) if getattr(self, word)]
        if len(said) > 1:
            raise ValueError(
                f"{said[0]} is for one form of files and {said[1]} for another; a log"
                " has one: fields for JSON, columns for tables, pattern for the rest"
            )
        for word, base in _BASES.items():
            if getattr(self, word) and not any(
                issubclass(f, base) for f in self._formats
            ):
                names = " or ".join(
                    f.kind for f in log_formats() if issubclass(f, base)
                )
                raise ValueError(f"{word}: is for format: {names}")
        return self

    @property
    def key_rule(self) -> KeyRule:
        """Of what a key is made."""
        return KeyRule(self.key, self.query)

    @property
    def field_words(self) -> FieldWords:
        """What the user says of the fields."""
        return FieldWords(
            fields=self.fields,
            columns=self.columns,
            delimiter=self.delimiter or "",
            header=self.header,
        )
