"""Committed files that are made: which are not up to date, and writing those."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def differing(made: Mapping[Path, str], committed: Iterable[Path]) -> list[Path]:
    """The paths whose committed file is not what is made now: old ones, missing ones, and surplus ones.

    All paths are relative to the project's root; `committed` are those that are there.
    """
    stale = {
        path
        for path, text in made.items()
        if not (ROOT / path).is_file() or (ROOT / path).read_text(encoding="utf-8") != text
    }
    return sorted(stale | (set(committed) - made.keys()))


def settle(made: Mapping[Path, str], stale: Iterable[Path], *, check: bool) -> int:
    """Write what is stale and remove what is surplus, or only name it; the exit code of the command."""
    stale = [*stale]
    if check:
        if stale:
            names = ", ".join(map(str, stale))
            print(f"not up to date: {names}; run: python -m tools.generate", file=sys.stderr)
        return int(bool(stale))
    for path in stale:
        if path in made:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(made[path], encoding="utf-8")
        else:
            (ROOT / path).unlink()
    return 0
