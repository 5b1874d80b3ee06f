"""Writes every committed file that is generated, or compares them: runs one generator after the other.

python -m tools.generate           # writes them
python -m tools.generate --check   # ends with 1 when a committed one differs from what would be written
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from tools.generate.generated_files import ROOT

GENERATORS = (
    "tools.generate.protobuf",
    "tools.generate.constructs",
    "tools.generate.hcl_module",
    "tools.generate.reference",
    "tools.generate.page_sections",
    "tools.generate_coverage",
)


def main(arguments: Sequence[str]) -> int:
    """Run every generator, each in a process of its own; 1 where one of them ended with an error."""
    statuses = [
        subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=False).returncode
        for module in GENERATORS
    ]
    return int(any(statuses))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
