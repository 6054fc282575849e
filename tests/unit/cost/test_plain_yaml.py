"""Reading one's own file never hurts."""

from pathlib import Path

import pytest

from simcoalesce.cost.plain_yaml import parsed, read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &a [1]\nb: *a", "aliases"),
        ("a: [", "line 1, column 5"),
        ("a: 1\na: 2", "duplicate key"),
        ("[" * 50_000, "more than 200 brackets"),
        ("- " * 1_000 + "a", "nested too deeply"),
        ("\0", "not YAML"),
        ("a: 2026-99-99", "month must be"),
        ("a: " + "9" * 6_000, "digits"),
    ],
)
def test_a_broken_text_is_refused_with_its_reason(text: str, message: str) -> None:
    """No traceback of the parser, no explosion."""
    with pytest.raises(ValueError, match=message):
        parsed(text, written="prices.yaml")


def test_an_hour_is_not_sixty_minutes_in_yaml() -> None:
    """YAML 1.2 reads 21:00 as a text."""
    assert parsed("at: 21:00", written="prices.yaml") == {"at": "21:00"}


@pytest.mark.parametrize(
    ("content", "message"), [(b"\xff\xfe\xfa", "UTF-8"), (b" " * 70_000, "64 KiB")]
)
def test_a_file_that_is_no_small_text_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    """Binary noise and huge files are told apart from price lists."""
    path = tmp_path / "prices.yaml"
    path.write_bytes(content)

    with pytest.raises(ValueError, match=message):
        read(path, written="prices.yaml")


def test_a_missing_file_is_named_as_it_was_written(tmp_path: Path) -> None:
    """The message also says where it was looked for."""
    path = tmp_path / "prices.yaml"

    with pytest.raises(ValueError, match=r'no file "prices.yaml" \(looked for /'):
        read(path, written="prices.yaml")


def test_an_unreadable_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the system refuses becomes one sentence."""
    path = tmp_path / "prices.yaml"
    path.write_text("title: mine")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(ValueError, match="Permission denied"):
        read(path, written="prices.yaml")
