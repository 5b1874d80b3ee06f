"""Committed files that are generated: finding those that are out of date, and writing them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def out_of_date(generated: Mapping[Path, str], committed: Iterable[Path]) -> list[Path]:
    """The paths whose committed file differs from the generated text, is missing, or is no longer generated.

    All paths are relative to the project's root. `committed` are the paths of the existing files.
    """
    stale = {
        path
        for path, text in generated.items()
        if not (ROOT / path).is_file() or (ROOT / path).read_text(encoding="utf-8") != text
    }
    return sorted(stale | (set(committed) - generated.keys()))


def write_or_check(generated: Mapping[Path, str], committed: Iterable[Path], *, check: bool) -> int:
    """Write the files that are out of date and remove surplus ones, or print their names.

    Returns:
        The exit code: 1 where `check` is set and a file is out of date.
    """
    stale = out_of_date(generated, committed)
    if check:
        if stale:
            names = ", ".join(map(str, stale))
            print(f"not up to date: {names}; run: python -m tools.generate", file=sys.stderr)
        return int(bool(stale))
    for path in stale:
        if path in generated:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(generated[path], encoding="utf-8")
        else:
            (ROOT / path).unlink()
    return 0
