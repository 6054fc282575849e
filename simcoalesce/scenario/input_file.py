"""The files that a scenario names: where they lie, and what they hold."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from os.path import relpath
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from simcoalesce.model.layer import AnyLayer
from simcoalesce.scenario.schema_index import file_keys, models_in
from simcoalesce.scenario.yaml_node import Node, Row, Scalar, Table, TableEntry
from simcoalesce.spec import InputFile
from simcoalesce.traffic.traffic import Traffic

_PRICE_LIST: Final = "price_list"
_YAML: Final = (".yaml", ".yml")


def is_own_price_list(name: str) -> bool:
    """Whether a price list is a file of the user's, not one of the package's."""
    return name.endswith(_YAML)


@cache
def _keys() -> frozenset[str]:
    return file_keys((Traffic, *models_in(AnyLayer)))


def rebased(table: Table, old: Path, new: Path) -> Table:
    """Return a table whose files, named relative to one folder, are so to another."""
    if old == new:
        return table
    entries = {
        key: TableEntry(entry.key, _rebased_value(key, entry.value, old, new))
        for key, entry in table.entries.items()
    }
    return Table(entries, table.place)


def _rebased_value(key: str, node: Node, old: Path, new: Path) -> Node:
    if isinstance(node, Table):
        return rebased(node, old, new)
    if isinstance(node, Row):
        items = tuple(_rebased_value(key, item, old, new) for item in node.items)
        return Row(items, node.place)
    name = node.value
    is_list = key == _PRICE_LIST and isinstance(name, str) and is_own_price_list(name)
    if (
        not isinstance(name, str)
        or Path(name).is_absolute()
        or not (is_list or key in _keys())
    ):
        return node
    return Scalar(relpath(old / name, new), node.place)


def input_files(part: Any) -> Iterator[InputFile]:
    """Yield the files that a spec names, in the order of its fields."""
    if isinstance(part, InputFile):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from input_files(getattr(part, name))
    elif isinstance(part, (tuple, list)):
        for item in part:
            yield from input_files(item)
    elif isinstance(part, dict):
        for item in part.values():
            yield from input_files(item)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Raises:
        ValueError: If it cannot be read.
    """
    hashed = sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                hashed.update(block)
    except OSError as error:
        raise ValueError(f"cannot read {path.name}: {error.strerror}") from None
    return hashed.hexdigest()
