"""JSON Patch (RFC 6902) as Flow Service accepts it: add, replace and remove on allowed paths.

``replace`` replaces the whole value, and a path to replace or remove must exist. The name of the operation
may have any case, as Adobe's two OpenAPI files differ.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any, Final

from flow_emulator.behaviour.switches import STRICT, Behaviour, in_case
from flow_emulator.errors import EmptyBodyError, EmulatedError, PatchError, PatchOperationError

Pointer = tuple[str, ...]
Allow = Callable[[Pointer], EmulatedError | None]

_OPERATIONS: Final = ("add", "replace", "remove")


def apply(
    document: dict[str, Any], operations: object, allow: Allow, behaviour: Behaviour = STRICT
) -> dict[str, Any]:
    """Return a changed copy of ``document``.

    ``allow`` is called with each path, and returns an error for a path that must not change, or None.
    """
    if not operations:
        raise EmptyBodyError("A PATCH needs an array of operations.")
    if isinstance(operations, dict) and behaviour.patch_body == "object":
        operations = [operations]
    if not isinstance(operations, list):
        raise PatchError("The body of a PATCH must be an array of operations.")
    changed = copy.deepcopy(document)
    for operation in operations:
        name, pointer = _read(operation, behaviour)
        error = allow(pointer)
        if error is not None:
            raise error
        _apply_one(changed, name, pointer, operation.get("value"))
    return changed


def allow_paths(
    allowed: Sequence[Pointer], refused: Callable[[Pointer], EmulatedError | None] = lambda _pointer: None
) -> Allow:
    """Return a function that allows exactly these paths; ``*`` matches any one name.

    ``refused`` may return a specific error for a path; for other paths the error is PatchError.
    """

    def decide(pointer: Pointer) -> EmulatedError | None:
        own = refused(pointer)
        if own is not None or any(_fits(pointer, pattern) for pattern in allowed):
            return own
        return PatchError(f"The path /{'/'.join(pointer)} cannot be patched.")

    return decide


def _fits(pointer: Pointer, pattern: Pointer) -> bool:
    return len(pointer) == len(pattern) and all(
        want in ("*", name) for name, want in zip(pointer, pattern, strict=True)
    )


def _read(operation: object, behaviour: Behaviour) -> tuple[str, Pointer]:
    if not isinstance(operation, dict):
        raise PatchError("Each operation of a PATCH must be an object.")
    name, path = operation.get("op"), operation.get("path")
    if not isinstance(name, str):
        raise PatchError("An operation of the PATCH has no op.")
    if name.lower() not in _OPERATIONS:
        raise PatchOperationError(f"op must be one of {', '.join(_OPERATIONS)}.")
    if not in_case(name, behaviour.patch_op_case):
        raise PatchOperationError(f"op must be in {behaviour.patch_op_case} case.")
    if not isinstance(path, str) or not path.startswith("/"):
        raise PatchError("An operation of the PATCH has no path that begins with a slash.")
    if "value" not in operation and (name.lower() != "remove" or behaviour.remove_needs_value):
        raise PatchError(f"The operation on {path} has no value.")
    return name.lower(), tuple(part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/"))


def _apply_one(document: dict[str, Any], name: str, pointer: Pointer, value: object) -> None:
    parent: object = document
    for part in pointer[:-1]:
        parent = parent.get(part) if isinstance(parent, dict) else None
    if not isinstance(parent, dict):
        raise PatchError(f"/{'/'.join(pointer[:-1])} does not exist.")
    if name != "add" and pointer[-1] not in parent:
        raise PatchError(f"/{'/'.join(pointer)} does not exist.")
    if name == "remove":
        del parent[pointer[-1]]
    else:
        parent[pointer[-1]] = copy.deepcopy(value)
