"""Writes `constructs_lib/generated/`, from `provider_shim/resources/` and `provider_shim/destinations/`.

    python -m tools.generate.constructs           # writes the modules
    python -m tools.generate.constructs --check   # ends with 1 when the committed ones differ

Needs `ruff` (of the `dev` extra), which formats the files.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.generate import generated_files, l1_constructs, l2_constructs
from tools.generate.generated_files import ROOT
from tools.generate.python_text import formatted, header

FOLDER = Path("constructs_lib/generated")
PACKAGE = '"""The generated constructs, and the value classes of their arguments."""\n'


def package(texts: Mapping[str, str]) -> str:
    """The text of `__init__.py`, which exports every class of the modules."""
    classes = {name: re.findall(r"^class (\w+)", text, re.MULTILINE) for name, text in texts.items()}
    imports = "".join(
        f"from constructs_lib.generated.{name} import ({', '.join(found)})\n"
        for name, found in sorted(classes.items())
    )
    exported = sorted(each for found in classes.values() for each in found)
    names = "".join(f'    "{each}",\n' for each in exported)
    return f"{header('the modules beside it')}{PACKAGE}\n{imports}\n__all__ = [\n{names}]\n"


def generate() -> dict[Path, str]:
    """All the modules, by their paths from the project's root."""
    texts = {**l1_constructs.modules(), **l2_constructs.modules()}
    texts["__init__"] = package(texts)
    return {FOLDER / f"{name}.py": formatted(text, FOLDER / f"{name}.py") for name, text in texts.items()}


def main(arguments: Sequence[str]) -> int:
    """Write the modules, or compare them."""
    committed = (path.relative_to(ROOT) for path in (ROOT / FOLDER).glob("*.py"))
    return generated_files.write_or_check(generate(), committed, check="--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
