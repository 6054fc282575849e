"""Write the reports of the shipped scenarios, or of those that are named."""

import sys

from reports.pages import FOLDER, SCENARIOS, index, write


def main(names: list[str]) -> None:
    """Write the reports of some scenarios, of all if none is named."""
    for name in names or SCENARIOS:
        write(name)
    (FOLDER / "README.md").write_text(index(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
