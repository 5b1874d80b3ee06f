"""Makes every committed file that is made, or compares them: runs each `tools/generate_*.py`.

python -m tools.generate           # writes them
python -m tools.generate --check   # ends with 1 when a committed one differs from what would be written
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

TOOLS = Path(__file__).resolve().parent


def generators() -> list[str]:
    """The modules that make files, in the order of their names."""
    return [f"tools.{path.stem}" for path in sorted(TOOLS.glob("generate_*.py"))]


def main(arguments: Sequence[str]) -> int:
    """Run every generator, each in a process of its own; 1 where one of them ended with an error."""
    statuses = [
        subprocess.run([sys.executable, "-m", module, *arguments], cwd=TOOLS.parent, check=False).returncode
        for module in generators()
    ]
    return int(any(statuses))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
