"""Links of the docs site: pages stay where GitHub shows them, in and above docs/.

What a page links to outside of docs/ (the README, scenarios, reports, code) becomes a
file of the site, and each link leads to its copy there.
"""

import re
from collections.abc import Iterator
from os.path import relpath
from pathlib import Path
from typing import Any, Final

from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

DOCS: Final = Path(__file__).parent
ROOT: Final = DOCS.parent
LINK: Final = re.compile(
    r"(?P<text>!?\[[^\]]*\])\((?P<target>[^)#\s:]+)(?P<at>#[^)]*)?\)"
)
FIRST: Final = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "reports/README.md")


def on_files(files: Files, config: Any) -> Files:
    """Add what pages link to outside of docs/, and what that links to."""
    waiting = [*(ROOT / name for name in FIRST), *DOCS.rglob("*.md")]
    seen = set[Path]()
    while waiting:
        path = waiting.pop()
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        if not path.is_relative_to(DOCS):
            uri = path.relative_to(ROOT).as_posix()
            files.append(File.generated(config, uri, abs_src_path=str(path)))
        if path.suffix == ".md":
            waiting += _linked(path)
    return files


def _linked(page: Path) -> Iterator[Path]:
    for found in LINK.finditer(page.read_text(encoding="utf-8")):
        yield (page.parent / found["target"]).resolve()


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Lead each link to the file of the site; what is a folder is no link there."""
    source = Path(str(page.file.abs_src_path))

    def led(found: re.Match[str]) -> str:
        target = (source.parent / found["target"]).resolve()
        if target.is_dir():
            return found["text"].strip("[]")
        uri = _uri(target)
        link = relpath(uri, Path(page.file.src_uri).parent)
        return f"{found['text']}({link}{found['at'] or ''})"

    return LINK.sub(led, markdown)


def _uri(path: Path) -> str:
    """Return where a file of the project is in the site."""
    above = DOCS if path.is_relative_to(DOCS) else ROOT
    return path.relative_to(above).as_posix()
