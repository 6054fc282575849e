"""Only bounded, printable UTF-8 is read as YAML."""

from pathlib import Path

import pytest

from simcoalesce.yaml.source_text import LARGEST_BYTES, decoded, file_text, is_file
from simcoalesce.yaml.validation_error import InvalidScenario, ValidationError


def _error(content: bytes | str) -> ValidationError:
    with pytest.raises(InvalidScenario) as caught:
        decoded(content, "sale.yaml")
    return caught.value.errors[0]


def test_a_byte_that_is_not_utf8_is_shown_at_its_position() -> None:
    """The position counts characters, not bytes."""
    error = _error("a: 1\né: ".encode() + b"\xff")

    assert (error.line, error.column) == (2, 4)


def test_control_characters_are_refused_at_their_position() -> None:
    """Binary noise is no scenario."""
    error = _error(b"a: 1\nb: \x00")

    assert (error.line, error.column) == (2, 4)
    assert "U+0000" in error.message


def test_a_text_of_more_than_a_mebibyte_is_refused() -> None:
    """Recorded traffic belongs into a file of its own, and the message says so."""
    assert "kind: replay" in _error(b"#" * (LARGEST_BYTES + 1)).message


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    """Some editors write one."""
    assert decoded(b"\xef\xbb\xbfa: 1", "sale.yaml") == "a: 1"


def test_a_file_that_never_ends_is_refused_without_being_read() -> None:
    """A device is no file."""
    with pytest.raises(InvalidScenario, match="a pipe or a device, not a file"):
        file_text(Path("/dev/zero"), "/dev/zero")


def test_a_missing_file_is_missed_with_a_suggestion(tmp_path: Path) -> None:
    """Scenarios beside it are what was probably meant."""
    (tmp_path / "flash-sale.yaml").touch()

    with pytest.raises(InvalidScenario, match=r'did you mean "flash-sale\.yaml"'):
        file_text(tmp_path / "flash-sal.yaml", "flash-sal.yaml")


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    """The reason is the system's."""
    with pytest.raises(InvalidScenario, match="it cannot be read"):
        file_text(tmp_path, str(tmp_path))


def test_a_name_that_no_system_allows_is_no_file() -> None:
    """It is not an error either."""
    assert not is_file(Path("x" * 5_000))
