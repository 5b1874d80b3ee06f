"""Generate the protobuf modules of `provider_shim/protocol/messages/` from the `.proto` files beside them.

    python -m tools.generate.protobuf           # writes them
    python -m tools.generate.protobuf --check   # exits with 1 when the committed ones differ

Needs the compiler of `grpcio-tools`, in the `dev` extra.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from grpc_tools import protoc  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path("provider_shim/protocol/messages")
NAMES = ("tfplugin6", "plugin", "health")
SUFFIXES = ("_pb2.py", "_pb2.pyi")


def generate(target: Path) -> None:
    """Write all modules to a folder that takes the place of the project's root.

    Raises:
        RuntimeError: The compiler failed; its messages are on stderr.
    """
    # Named from the project's root, the files import one another by their full module names.
    arguments = [
        "protoc",
        f"--proto_path={ROOT}",
        f"--proto_path={resources.files('grpc_tools') / '_proto'}",
        f"--python_out={target}",
        f"--pyi_out={target}",
        *(str(FOLDER / f"{name}.proto") for name in NAMES),
    ]
    if status := protoc.main(arguments):
        raise RuntimeError(f"protoc ended with status {status}")


def generated_files() -> Iterator[Path]:
    """The paths of the generated files, relative to the project's root."""
    for name in NAMES:
        for suffix in SUFFIXES:
            yield FOLDER / f"{name}{suffix}"


def outdated_files() -> list[Path]:
    """The committed files that differ from what the compiler generates now."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        generate(fresh)
        return [
            path
            for path in generated_files()
            if not (ROOT / path).is_file() or (ROOT / path).read_bytes() != (fresh / path).read_bytes()
        ]


def main(arguments: Sequence[str]) -> int:
    """Write the files, or compare them with `--check`."""
    if "--check" not in arguments:
        generate(ROOT)
        return 0
    if outdated := outdated_files():
        names = ", ".join(map(str, outdated))
        print(f"not up to date: {names}; run: python -m tools.generate", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
