"""Reference pages: all entries as Markdown, which reads well where it is kept."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from simcoalesce.reference.key_entries import TOP, KeyTable, key_tables, sections
from simcoalesce.reference.layer_entries import layer_entries
from simcoalesce.reference.metric_entries import metric_entries
from simcoalesce.reference.reference_entry import ReferenceEntry

_MADE: Final = "<!-- Made by `simcoalesce docs --write docs/reference`. -->"
_TABLE_NAME: Final = re.compile(r"`([\w.]+)`")
_LAYERS_PAGE: Final = "layers.md"
_KEYS_PAGE: Final = "keys.md"

_VALUES: Final = (
    "Values have their units: durations `80ms`, `1m30s` (ns, us, ms, s, m, h, d); rates"
    " `100/s`, `300/min`; counts `800`, `10k`, `1.2M`; shares `5%` or `0.05`; sizes"
    " `64KiB`. A *duration or distribution* is a duration, or one of the tables"
    " `distribution.…`, such as `{median: 80ms, p99: 400ms}`. `simcoalesce docs key"
    " NAME` shows one key; `simcoalesce show FILE` the value of each, and where it is"
    " from."
)


def reference_pages(
    commands: Sequence[ReferenceEntry], exits: Sequence[ReferenceEntry]
) -> dict[str, str]:
    """Return every page of the reference by its file's name."""
    pages = {
        _KEYS_PAGE: _keys_page(),
        _LAYERS_PAGE: _layers_page(),
        "metrics.md": _metrics_page(),
        "commands.md": _entries_page("Commands", commands),
        "exit_codes.md": _exits_page(exits),
    }
    return {"README.md": _index(pages), **pages}


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", _MADE, *filter(None, parts)]) + "\n"


def _index(pages: Iterable[str]) -> str:
    about = {
        _KEYS_PAGE: "every key of a scenario but those of layers",
        _LAYERS_PAGE: "every layer: what it does, its picture, its keys",
        "metrics.md": "every metric: its unit, and how it is counted",
        "commands.md": "every command with its options",
        "exit_codes.md": "what a script is told",
    }
    lines = [f"- [{_title(name)}]({name}): {about[name]}" for name in pages]
    return _page(
        "Reference",
        "All of it is made from the code. Offline, `simcoalesce docs` shows the same:"
        " `simcoalesce docs metric origin_hits`.",
        "\n".join(lines),
    )


def _title(name: str) -> str:
    return name.removesuffix(".md").replace("_", " ").capitalize()


def _keys_page() -> str:
    tables = [table for table in key_tables() if not _is_of_layers(table)]
    return _page("Keys", _VALUES, *(_key_table(table, _KEYS_PAGE) for table in tables))


def _is_of_layers(table: KeyTable) -> bool:
    return table.name.partition(".")[0] in sections()


def _key_table(table: KeyTable, page: str) -> str:
    heading = "The file" if table.name == TOP else table.name
    return "\n\n".join([f"## {heading}", table.text, keys_markdown(table.keys, page)])


def keys_markdown(keys: Iterable[ReferenceEntry], page: str) -> str:
    """Return keys as a table, with links to the tables that they take."""
    rows = [
        (
            f"`{key.name.rpartition('.')[2]}`",
            _linked(key.facts["takes"], page),
            key.facts.get("default", ""),
            f"`{key.example}`",
            " ".join(key.text.split()),
        )
        for key in keys
    ]
    return _markdown_table(("key", "takes", "default", "example", "what it is"), rows)


def _markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(_escaped, line))} |" for line in lines)


def _escaped(text: str) -> str:
    return text.replace("|", r"\|")


def _linked(text: str, page: str) -> str:
    """Return a text in which the names of tables are links to them."""
    pages = {
        table.name: _LAYERS_PAGE if _is_of_layers(table) else _KEYS_PAGE
        for table in key_tables()
        if table.name != TOP
    }

    def link(found: re.Match[str]) -> str:
        name = found[1]
        if name == "distribution":
            return f"[distribution]({_at(_KEYS_PAGE, page)}#distributionlognormal)"
        if name == "layer":
            return f"[layer]({_LAYERS_PAGE})"
        if name not in pages:
            return found[0]
        return f"[{name}]({_at(pages[name], page)}#{name.replace('.', '')})"

    return _TABLE_NAME.sub(link, text)


def _at(page: str, of: str) -> str:
    return "" if page == of else page


def _layers_page() -> str:
    shared = [table for table in key_tables() if _is_of_layers(table)]
    below = [table for table in shared if "." in table.name]
    return _page(
        "Layers",
        "The steps that a `path:` is made of. Keys stand in a section of the scenario"
        " (`kv: {ttl: 60s}`), or in the path (`path: [{kv.write: {ttl: 60s}},"
        " origin]`).",
        *(entry_markdown(one) for one in layer_entries()),
        *(_key_table(table, _LAYERS_PAGE) for table in below),
    )


def _metrics_page() -> str:
    return _entries_page(
        "Metrics",
        list(metric_entries()),
        "Numbers of a run, in the order of results. What conditions can say of them:"
        " [conditions](../conditions.md).",
    )


def _entries_page(
    title: str, entries: Sequence[ReferenceEntry], first: str = ""
) -> str:
    return _page(title, first, *(entry_markdown(one) for one in entries))


def _exits_page(exits: Iterable[ReferenceEntry]) -> str:
    rows = [(one.name, " ".join(one.text.split())) for one in exits]
    return _page(
        "Exit codes",
        "A contract with scripts and CI.",
        _markdown_table(("code", "means"), rows),
    )


def entry_markdown(entry: ReferenceEntry) -> str:
    """Return an entry as a section of its page."""
    return "\n\n".join(_parts(entry))


def _parts(entry: ReferenceEntry) -> Iterator[str]:
    yield f"## {entry.name}"
    yield entry.text
    if entry.picture:
        yield f"```mermaid\n{entry.picture}\n```"
    if entry.facts:
        yield _facts(entry.facts)
    if entry.example:
        language = "sh" if entry.subject == "command" else "yaml"
        yield f"```{language}\n{entry.example}\n```"
    if entry.keys and entry.subject == "command":
        rows = [(f"`{key.name}`", " ".join(key.text.split())) for key in entry.keys]
        yield _markdown_table(("option", "what it does"), rows)
    elif entry.keys:
        yield keys_markdown(entry.keys, _LAYERS_PAGE)


def _facts(facts: Mapping[str, str]) -> str:
    return "\n".join(f"- {name}: {text}" for name, text in facts.items())
