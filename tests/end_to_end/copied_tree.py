"""A copy of the project with a virtual environment of its own, for tests that change the project."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]


class CopiedTree:
    """The project's files in another folder, with programs that use the copy and not the checkout."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _tracked_files():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPO / name, folder / name)
        (folder / "node_modules").symlink_to(REPO / "node_modules")
        self.python = folder / ".venv" / "bin" / "python"
        self._make_environment()

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a command in the copy, and return its exit code and output."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**kept, "PATH": f"{self.python.parent}{os.pathsep}{kept['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )

    def _make_environment(self) -> None:
        """Make `.venv`, where the copy's packages come before the installed ones."""
        home = self.folder / ".venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
        (packages,) = home.glob("lib/python*/site-packages")
        # Not by `site.addsitedir`: the checkout is installed there as an editable package.
        installed = "\n".join(site.getsitepackages())
        (packages / "copy.pth").write_text(f"{self.folder}\n{installed}\n", encoding="utf-8")
        for program in Path(sys.executable).parent.iterdir():
            if not (self.python.parent / program.name).exists():
                self._copy_program(program)

    def _copy_program(self, program: Path) -> None:
        """Make a program run by the copy's Python where it is a script, and link it where it is not."""
        copied = self.python.parent / program.name
        content = program.read_bytes()
        shebang, _, rest = content.partition(b"\n")
        if shebang.startswith(b"#!") and b"python" in shebang:
            copied.write_bytes(b"#!" + str(self.python).encode() + b"\n" + rest)
            copied.chmod(0o755)
        else:
            copied.symlink_to(program)


def _tracked_files() -> list[str]:
    """The files that a commit of the checkout would have, by their paths from its root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (name for name in listed.split("\0") if name)
    return [name for name in paths if (REPO / name).is_file() and not (REPO / name).is_symlink()]
