"""The files that a scenario names: where they lie, and what they hold."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from os.path import relpath
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from simcoalesce.model.layer import Layer
from simcoalesce.regular_file import opened
from simcoalesce.spec import InputFile
from simcoalesce.traffic.traffic import Traffic
from simcoalesce.unpacked import plain_name
from simcoalesce.yaml.node import MappingNode, Scalar, rewritten
from simcoalesce.yaml.schema_index import file_keys, models_in

T = TypeVar("T")

_PRICE_LIST: Final = "price_list"
_YAML: Final = (".yaml", ".yml")


def is_own_price_list(name: str) -> bool:
    """Whether a price list is a file of the user's, not one of the package's."""
    return plain_name(name).endswith(_YAML)


def rebased(table: MappingNode, old: Path, new: Path) -> MappingNode:
    """Return a table whose files, named relative to one folder, are so to another."""
    if old == new:
        return table
    keys = file_keys((Traffic, *models_in(Layer)))

    def moved(name: Scalar, key: str) -> Scalar:
        if not isinstance(name, str) or name == "-" or Path(name).is_absolute():
            return name
        is_file = key in keys or (key == _PRICE_LIST and is_own_price_list(name))
        return relpath(old / name, new) if is_file else name

    return rewritten(table, value_of=moved)


def parts_of(whole: Any, kind: type[T]) -> Iterator[T]:
    """Yield the parts of a spec that are of a type, in the order of its fields."""
    if isinstance(whole, kind):
        yield whole
    parts: Iterable[Any] = ()
    if isinstance(whole, BaseModel):
        parts = (getattr(whole, name) for name in type(whole).model_fields)
    elif isinstance(whole, (tuple, list)):
        parts = whole
    elif isinstance(whole, dict):
        parts = whole.values()
    for part in parts:
        yield from parts_of(part, kind)


def input_files(whole: Any) -> Iterator[InputFile]:
    """Yield the files that a spec names, in the order of its fields."""
    return parts_of(whole, InputFile)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Raises:
        ValueError: If it cannot be read.
    """
    hashed = sha256()
    try:
        with opened(path) as file:
            while block := file.read(1 << 20):
                hashed.update(block)
    except OSError as error:
        raise ValueError(f"cannot read {path.name}: {error.strerror}") from None
    return hashed.hexdigest()
