"""Writes the protobuf stubs of `provider_shim/protocol/messages/` from the `.proto` files beside them.

    python -m tools.generate.protobuf           # writes them
    python -m tools.generate.protobuf --check   # ends with 1 when the committed ones differ

Needs `grpcio-tools` (the compiler) and `grpclib` (the plugin for the services), both of the `dev` extra.
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
SUFFIXES = ("_pb2.py", "_pb2.pyi", "_grpc.py")


def generate(target: Path) -> None:
    """Write all the stubs under a folder that is used as the project's root."""
    # The compiler looks for the plugin by path only, and it lies beside the interpreter.
    plugin = Path(sys.executable).parent / "protoc-gen-grpclib_python"
    # Named from the project's root, the files import one another by their full module names.
    arguments = [
        "protoc",
        f"--proto_path={ROOT}",
        f"--proto_path={resources.files('grpc_tools') / '_proto'}",
        f"--plugin=protoc-gen-grpclib_python={plugin}",
        f"--python_out={target}",
        f"--pyi_out={target}",
        f"--grpclib_python_out={target}",
        *(str(FOLDER / f"{name}.proto") for name in NAMES),
    ]
    if status := protoc.main(arguments):
        raise RuntimeError(f"protoc ended with status {status}")


def stubs() -> Iterator[Path]:
    """The generated files, relative to the project's root."""
    for name in NAMES:
        for suffix in SUFFIXES:
            yield FOLDER / f"{name}{suffix}"


def differing() -> list[Path]:
    """The committed stubs that differ from what the compiler generates from the `.proto` files."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        generate(fresh)
        return [
            stub
            for stub in stubs()
            if not (ROOT / stub).is_file() or (ROOT / stub).read_bytes() != (fresh / stub).read_bytes()
        ]


def main(arguments: Sequence[str]) -> int:
    """Write the stubs, or compare them."""
    if "--check" not in arguments:
        generate(ROOT)
        return 0
    if stale := differing():
        names = ", ".join(str(stub) for stub in stale)
        print(f"not up to date: {names}; run: python -m tools.generate", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
