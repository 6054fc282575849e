"""The application: what it answers, to whom, and what it refuses."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from simcoalesce.report.html.inlined import SHARED
from simcoalesce.serve.app import create_app
from simcoalesce.serve.guard import HEADERS

OWN = "http://127.0.0.1:8000"
JSON = {"content-type": "application/json"}


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """Return a client of a server on port 8000; no worker is started."""
    return TestClient(create_app(tmp_path / "sale.yaml", port=8000), base_url=OWN)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example:8000"},
        {"host": "127.0.0.1"},
        {"host": "127.0.0.1:8001"},
        {"origin": "http://evil.example"},
        {"origin": "https://127.0.0.1:8000"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"},
    ],
)
@pytest.mark.parametrize("path", ["/static/page.js", "/events?page=12345678"])
def test_pages_of_others_are_refused(
    client: TestClient, headers: dict[str, str], path: str
) -> None:
    """Another Host is DNS rebinding; another Origin is a page of somebody else's."""
    assert client.get(path, headers=headers).status_code == 403


@pytest.mark.parametrize("origin", [OWN, None])
def test_own_pages_are_served(client: TestClient, origin: str | None) -> None:
    """By either name of this machine."""
    headers = {"origin": origin} if origin else {"host": "localhost:8000"}

    assert client.get("/static/page.js", headers=headers).status_code == 200


def test_the_usual_port_is_left_out_by_browsers(tmp_path: Path) -> None:
    """And is no other server's."""
    app = create_app(tmp_path / "sale.yaml", port=80)
    client = TestClient(app, base_url="http://127.0.0.1")

    assert client.get("/static/page.js").status_code == 200


@pytest.mark.parametrize("path", ["/static/page.css", "/nothing", "/ask"])
def test_every_answer_says_what_a_page_may_do(client: TestClient, path: str) -> None:
    """No script, style or frame but the server's own, not even in an error."""
    answered = client.get(path).headers

    assert {name: answered[name] for name in HEADERS} == dict(HEADERS)
    policy = answered["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "name",
    [
        "index.html",
        "page.js",
        "controls.js",
        *(one.name for one in SHARED.glob("*.js")),
    ],
)
def test_nothing_is_written_into_the_page(name: str) -> None:
    """No script or style in HTML, and no text becomes HTML."""
    own = Path(create_app.__code__.co_filename).parent / "static"
    folder = own if (own / name).exists() else SHARED
    text = (folder / name).read_text(encoding="utf-8")

    assert not any(
        one in text for one in ("innerHTML", "eval(", " style=", " onclick=")
    )
    assert "<script>" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/shared/../page.py",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
        "/app.py",
    ],
)
def test_no_other_file_is_served(client: TestClient, path: str) -> None:
    """Only what lies in the folder of static files."""
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ([], "a change, a why or an explain"),
        ({"what": "run"}, "a change, a why or an explain"),
        ({"what": "change", "number": "1", "page": "12345678"}, "has the number"),
        ({"what": "change", "number": True, "page": "12345678"}, "has the number"),
        ({"what": "change", "number": 1}, "has the number"),
    ],
)
def test_a_question_that_is_none_is_refused(
    client: TestClient, asked: Any, message: str
) -> None:
    """And the server goes on."""
    answer = client.post("/ask", json=asked)

    assert answer.status_code == 400
    assert message in answer.json()["message"]


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 60_000, b" " * 70_000])
def test_a_body_is_json_of_a_bounded_size(client: TestClient, body: bytes) -> None:
    """64 KiB, and no depth breaks it."""
    assert client.post("/ask", content=body, headers=JSON).status_code == 400


def test_a_form_asks_nothing(client: TestClient) -> None:
    """A page of somebody else's may send a form without asking first."""
    sent = client.post("/ask", content=b"{}", headers={"content-type": "text/plain"})

    assert sent.status_code == 400


def test_a_question_of_a_page_that_is_not_open_is_refused(client: TestClient) -> None:
    """The page opens again by itself, and asks anew."""
    asked = {"what": "change", "number": 1, "page": "12345678"}

    assert client.post("/ask", json=asked).status_code == 409


def test_a_page_has_a_name(client: TestClient) -> None:
    """One that it makes itself, of digits and letters."""
    assert client.get("/events?page=../x").status_code == 400
