"""simcoalesce serve: what it says before it serves."""

import socket
from pathlib import Path

import pytest

from simcoalesce.cli import serve
from tests.cli.command_line import SALE, command


def test_without_its_packages_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are an extra: who never serves needs no server."""
    monkeypatch.setattr(serve, "_NEEDED", ("starlette", "no_such_package"))

    ran = command("serve")

    assert ran.code == 2
    assert "pip install 'simcoalesce[serve]'" in ran.err


def test_a_wrong_scenario_is_told_as_by_run(tmp_path: Path) -> None:
    """With its position, and exit code 3; nothing is served."""
    sale = tmp_path / "sale.yaml"
    sale.write_text(SALE.replace("80ms", "80"))

    ran = command("serve", sale)

    assert ran.code == 3
    assert "has no unit; write e.g. 80ms" in ran.err


def test_a_scenario_is_never_trusted(tmp_path: Path) -> None:
    """A page is read as by --untrusted, without that option."""
    sale = tmp_path / "sale.yaml"
    sale.write_text(SALE.replace("latency: 120ms", "latency: {empirical: /etc/hosts}"))

    ran = command("serve", sale)

    assert ran.code == 3
    assert "is not below the folder" in ran.err


def test_standard_input_is_read_once_and_a_page_reads_anew() -> None:
    """So a page needs a file."""
    ran = command("serve", "-", stdin=SALE.encode())

    assert ran.code == 2
    assert "serve reads a file" in ran.err


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    """And not silently another one."""
    sale = tmp_path / "sale.yaml"
    sale.write_text(SALE)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        ran = command("serve", sale, "--port", port)

    assert ran.code == 2
    assert "Address already in use" in ran.err


def test_the_address_of_a_variant_holds_its_state() -> None:
    """As the page itself writes it."""
    written = serve._state("per-key", ["path=[kv.read, origin]"])

    assert written == "#variant=per-key&s=path%3D%5Bkv.read%2C+origin%5D"
    assert serve._state(None, []) == ""
