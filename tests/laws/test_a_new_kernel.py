"""A kernel that is written as the how-to says works, and equals its layer."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import simcoalesce

pytest.importorskip("llvmlite", reason="kernels are compiled with llvmlite")

PAGE = Path("docs/how_to/write_a_kernel.md")
_BLOCK = re.compile(r"```python\n# (\S+)\n(.*?)```", re.DOTALL)


def test_two_files_are_a_layer_with_a_kernel(tmp_path: Path) -> None:
    """In a copy of the package, where nothing else is edited."""
    package = Path(simcoalesce.__file__).parent
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, tmp_path / "simcoalesce", ignore=skipped)
    blocks = dict(_BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    assert len(blocks) == 3, "a layer, a kernel, and what compares them"
    for name, code in blocks.items():
        (tmp_path / name).write_text(code, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "compare.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == ["True", "True"], done.stderr
