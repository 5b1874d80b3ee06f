"""Helpers for the tests of your own stacks: the synthesised Terraform JSON as plain Python values.

Nothing is written to disk. CDKTF needs Node, as it does for `cdktf synth`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cdktf import TerraformStack, Testing


def synthesize(build: Callable[[TerraformStack], object], *, stack: str = "stack") -> dict[str, Any]:
    """The Terraform JSON of a stack that `build` fills, as a dictionary.

    Args:
        build: A function that gets an empty stack and adds constructs to it.
        stack: The name of the stack.

    Returns:
        The Terraform JSON.

    Raises:
        ConstructError: A construct's arguments are wrong.
        RuntimeError: The complete stack is wrong, such as one with a secret in an override.

    For example:

        def build(stack):
            DatasetExport(stack, "orders", ...)

        assert synthesize(build)["resource"]["aep_flow"]["orders_flow_..."]["enabled"] is False
    """
    made = TerraformStack(Testing.app(), stack)
    build(made)
    document: dict[str, Any] = json.loads(Testing.synth(made, True))  # true: with CDKTF's own validations
    return document


def resources(document: dict[str, Any], type_name: str) -> list[dict[str, Any]]:
    """All the resources of a type in a synthesised stack, in the order of their Terraform names.

    The Terraform names end in a hash of the construct's path, so tests rarely use them.

    Args:
        document: The Terraform JSON of the stack, from `synthesize`.
        type_name: The type of the resources, such as `aep_flow`.

    Returns:
        The arguments of each resource; an empty list where the stack has no such resource.
    """
    found: dict[str, dict[str, Any]] = document.get("resource", {}).get(type_name, {})
    return [found[name] for name in sorted(found)]
