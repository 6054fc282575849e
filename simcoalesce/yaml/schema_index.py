"""Schema index: the models that a scenario is made of, and the keys of each."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simcoalesce.discovery import kind_of
from simcoalesce.spec import InputFile, Spec, written_name

Model: TypeAlias = type[BaseModel]


@cache
def fields_of(model: Model) -> dict[str, FieldInfo]:
    """Return the fields of a model by their names in a scenario."""
    return {written_name(name): field for name, field in model.model_fields.items()}


def models_in(annotation: Any) -> tuple[Model, ...]:
    """Return the models that an annotation is made of, e.g. the members of a union."""
    return tuple(dict.fromkeys(_models_in(annotation)))


def _models_in(annotation: Any) -> Iterator[Model]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if issubclass(annotation, Spec) and annotation.is_family():
            yield from annotation.members().values()
        else:
            yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def models_at(
    models: Iterable[Model], location: Sequence[str | int]
) -> tuple[Model, ...]:
    """Return the models that may stand at a location that pydantic reports.

    Args:
        models: The models at the start.
        location: Keys, indices, and the tags of unions that pydantic adds.
    """
    here = tuple(models)
    for step in location:
        here = _next(here, step)
    return here


def _next(models: tuple[Model, ...], step: str | int) -> tuple[Model, ...]:
    if isinstance(step, int):
        return models
    tagged = tuple(
        model for model in models if step in (kind_of(model), model.__name__)
    )
    if tagged and len(models) > 1:
        return tagged
    fields = [field for model in models if (field := fields_of(model).get(step))]
    if not fields:
        return models
    return tuple(dict.fromkeys(m for f in fields for m in models_in(f.annotation)))


def keys_of(models: Iterable[Model]) -> list[str]:
    """Return the keys that the models take, without repetition."""
    return list(dict.fromkeys(key for model in models for key in fields_of(model)))


def reachable(models: Iterable[Model]) -> tuple[Model, ...]:
    """Return models and all those that their fields are made of."""
    found: dict[Model, None] = {}
    waiting = list(models)
    while waiting:
        model = waiting.pop()
        if model not in found:
            found[model] = None
            for field in model.model_fields.values():
                waiting.extend(models_in(field.annotation))
    return tuple(found)


def file_keys(models: Iterable[Model]) -> frozenset[str]:
    """Return the keys, anywhere in these models, whose value is the name of a file."""
    return frozenset(
        key
        for model in reachable(models)
        for key, field in fields_of(model).items()
        if InputFile in models_in(field.annotation)
    )
