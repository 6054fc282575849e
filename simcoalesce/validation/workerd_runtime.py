"""workerd: the open runtime of Workers, started on loopback and stopped for sure."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from simcoalesce.validation.http import LOOPBACK
from simcoalesce.validation.subprocesses import (
    START_LIMIT_S,
    Subprocess,
    guarded_subprocess,
)
from simcoalesce.validation.target import CannotValidate
from simcoalesce.version import __version__

_MODULES: Final = ("entry", "answer", "coalescer", "flights", "layers", "path")
_COMPATIBILITY_DATE: Final = "2026-10-01"


@dataclass(frozen=True)
class Installation:
    """Where the runtime and the compiled worker are."""

    binary: Path
    modules: Mapping[str, str]


@dataclass(frozen=True)
class Setup:
    """What one run needs of the runtime.

    Attributes:
        steps: The path, for the worker's variable PATH.
        isolate_locations: The location of each isolate that is to be started.
        origin_port: Where the origin listens.
        kv_port: Where the KV store listens.
        has_object: Whether the path has a durable object.
        keeps_idle_objects: Whether objects outlive 10 s without a request.
    """

    steps: Sequence[Mapping[str, Any]]
    isolate_locations: Sequence[int]
    origin_port: int
    kv_port: int
    has_object: bool
    keeps_idle_objects: bool


def installation(testbed: Path) -> Installation:
    """Find the runtime and the worker.

    Raises:
        CannotValidate: If something is missing; the message says how to install it.
    """
    if not (testbed / "package.json").exists():
        raise CannotValidate(
            f"{testbed} is not the testbed: it is no part of an installed package. It"
            f" comes with the source of simcoalesce {__version__} (its repository, or"
            " its .tar.gz); say where it is: --testbed PATH/TO/testbed"
        )
    binaries = sorted(testbed.glob("node_modules/@cloudflare/workerd-*/bin/workerd"))
    built = testbed / "build"
    if not binaries or not all((built / f"{name}.js").exists() for name in _MODULES):
        node = "" if shutil.which("npm") else "first install Node 20 or later, then "
        raise CannotValidate(
            f"workerd is not installed; {node}run: npm ci --prefix {testbed}"
        )
    _check_fresh(testbed, built)
    modules = {name: (built / f"{name}.js").read_text("utf-8") for name in _MODULES}
    return Installation(binaries[0], modules)


def _check_fresh(testbed: Path, built: Path) -> None:
    for source in (testbed / "worker" / "src").glob("*.ts"):
        compiled = built / f"{source.stem}.js"
        if source.stat().st_mtime > compiled.stat().st_mtime + 1:
            raise CannotValidate(
                f"{source.name} is newer than what was built of it;"
                f" run: npm run build --prefix {testbed}"
            )


def version(installed: Installation) -> str:
    """Return the version of the runtime, from the package that holds it."""
    package = installed.binary.parents[1] / "package.json"
    return str(json.loads(package.read_text("utf-8"))["version"])


def config(setup: Setup, modules: Mapping[str, str]) -> str:
    """Return the runtime's configuration, in the text form of Cap'n Proto."""
    locations = sorted(set(setup.isolate_locations))
    origin = f'(address = "{LOOPBACK}:{setup.origin_port}", http = ())'
    services = [
        f'(name = "origin", external = {origin})',
        *(_kv_service(f"isolate/{number}", setup.kv_port) for number in locations),
        *(
            f'(name = "isolate-{number}", worker = .entryAt{location})'
            for number, location in enumerate(setup.isolate_locations)
        ),
    ]
    workers = [
        f"const entryAt{number} :Workerd.Worker = {_worker(setup, modules, number)};"
        for number in locations
    ]
    if setup.has_object:
        services.append(_kv_service("object/0", setup.kv_port))
        services.append('(name = "objects", worker = .objects)')
        objects = _worker(setup, modules, None)
        workers.append(f"const objects :Workerd.Worker = {objects};")
    sockets = [
        f'(name = "isolate-{number}", address = "{LOOPBACK}:0", http = (),'
        f' service = "isolate-{number}")'
        for number in range(len(setup.isolate_locations))
    ]
    whole = f"(services = {_list(services)}, sockets = {_list(sockets)})"
    return "\n".join(
        [
            'using Workerd = import "/workerd/workerd.capnp";',
            f"const config :Workerd.Config = {whole};",
            *workers,
        ]
    )


def _kv_service(scope: str, port: int) -> str:
    header = f'(name = "KV-Scope", value = "{scope}")'
    return (
        f'(name = "kv-{scope}", external = (address = "{LOOPBACK}:{port}",'
        f" http = (injectRequestHeaders = [{header}])))"
    )


def _worker(setup: Setup, modules: Mapping[str, str], location: int | None) -> str:
    """Return the worker of the isolates at a location, or of the objects."""
    scope = "object/0" if location is None else f"isolate/{location}"
    bindings = [
        f'(name = "KV", kvNamespace = "kv-{scope}")',
        '(name = "ORIGIN", text = "http://origin")',
        f'(name = "PATH", json = {_text(json.dumps(list(setup.steps)))})',
    ]
    if setup.has_object:
        bindings.append(
            '(name = "COALESCER", durableObjectNamespace ='
            ' (className = "Coalescer", serviceName = "objects"))'
        )
    parts = [
        "modules = "
        + _list(
            f'(name = "{name}", esModule = {_text(source)})'
            for name, source in modules.items()
        ),
        f'compatibilityDate = "{_COMPATIBILITY_DATE}"',
        f"bindings = {_list(bindings)}",
        'globalOutbound = "origin"',
    ]
    if location is None:
        kept = str(setup.keeps_idle_objects).lower()
        parts.append(
            'durableObjectNamespaces = [(className = "Coalescer",'
            f' uniqueKey = "coalescer", preventEviction = {kept})]'
        )
        parts.append("durableObjectStorage = (inMemory = void)")
    return f"({', '.join(parts)})"


def _list(entries: Any) -> str:
    return "[" + ",\n ".join(entries) + "]"


def _text(value: str) -> str:
    # The escapes of JSON are also those of Cap'n Proto, \uXXXX excepted.
    return json.dumps(value, ensure_ascii=False)


@asynccontextmanager
async def running(installed: Installation, setup: Setup) -> AsyncIterator[list[int]]:
    """Run the runtime, and stop it whatever happens; give the port of each isolate.

    Raises:
        CannotValidate: If it does not start; the message has what it said.
    """
    with TemporaryDirectory(prefix="simcoalesce-") as folder:
        file = Path(folder, "config.capnp")
        file.write_text(config(setup, installed.modules), encoding="utf-8")
        command = (installed.binary, "serve", file, "config", "--control-fd=3")
        async with guarded_subprocess("workerd", command, Path(folder)) as workerd:
            yield await _ports(workerd, len(setup.isolate_locations))


async def _ports(workerd: Subprocess, isolates: int) -> list[int]:
    ports: dict[str, int] = {}
    with suppress(TimeoutError):
        async with asyncio.timeout(START_LIMIT_S):
            while line := await workerd.line():
                event = json.loads(line)
                if event["event"] == "listen":
                    ports[event["socket"]] = event["port"]
                if len(ports) == isolates:
                    return [ports[f"isolate-{number}"] for number in range(isolates)]
    raise workerd.did_not_start()
