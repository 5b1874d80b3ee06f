"""What a stack declares: by its constructs while it is made, and by its JSON once it is complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from cdktf import (
    DefaultTokenResolver,
    StringConcat,
    TerraformElement,
    TerraformLocal,
    TerraformStack,
    TerraformVariable,
    Tokenization,
)
from constructs import Construct

from constructs_lib.secrets.declarations import UNDECLARED, Output
from constructs_lib.secrets.json_blocks import at, bodies

_OTHER_STACK = "cross-stack-reference-input-"
_E = TypeVar("_E", bound=TerraformElement)


def resolved(value: object, scope: Construct) -> Any:
    """Return a value with its tokens replaced by the expressions that Terraform reads."""
    return Tokenization.resolve(
        value, scope=scope, resolver=DefaultTokenResolver(StringConcat()), preparing=False
    )


class DeclaredSoFar:
    """The declarations of a stack whose constructs are still being made. More can follow."""

    def __init__(self, scope: Construct) -> None:
        self._scope = scope

    def variable(self, name: str) -> Mapping[str, object] | None:
        """The variable's block, or `None`."""
        variable = self._find(TerraformVariable, name)
        if variable is None:
            return None
        block: Mapping[str, object] = resolved(variable.to_terraform(), variable)["variable"][name]
        return block

    def local(self, name: str) -> object:
        """The local value's expression, or `UNDECLARED`."""
        local = self._find(TerraformLocal, name)
        return UNDECLARED if local is None else resolved(local.to_terraform(), local)["locals"][name]

    def for_each(self) -> object:
        """`None`: the resource is not made yet."""
        return None

    def output(self, _state: str, _name: str) -> Output | None:
        """`None`: CDKTF makes the outputs that other stacks read when the app is synthesised."""
        return None

    def _find(self, kind: type[_E], name: str) -> _E | None:
        stack = TerraformStack.of(self._scope)
        direct = stack.node.try_find_child(name)
        if isinstance(direct, kind) and direct.friendly_unique_id == name:
            return direct
        for each in stack.node.find_all():
            if isinstance(each, kind) and each.friendly_unique_id == name:
                return each
        return None


class Declared:
    """The declarations in the JSON of a stack, for one of its blocks."""

    def __init__(self, stack: TerraformStack, document: Mapping[str, Any], block: Mapping[str, Any]) -> None:
        self._stack = stack
        self._document = document
        self._block = block
        self._others: dict[str, Declared] = {}
        """The declarations of the other stacks, by the stack's id. All of these share one dictionary."""

    def variable(self, name: str) -> Mapping[str, object] | None:
        """The variable's block, or `None`."""
        found = at(self._document, "variable", name)
        return next((body for each in found for body in bodies(each)), None)

    def local(self, name: str) -> object:
        """The local value's expression, or `UNDECLARED`."""
        return next(at(self._document, "locals", name), UNDECLARED)

    def for_each(self) -> object:
        """The collection that the resource repeats over, or `None`."""
        return self._block.get("for_each")

    def output(self, state: str, name: str) -> Output | None:
        """The output of another stack of this app, by the name of the remote state that CDKTF gives it."""
        if not state.startswith(_OTHER_STACK):
            return None
        if (other := self._other(state.removeprefix(_OTHER_STACK))) is None:
            return None
        return Output(other, next(at(other._document, "output", name, "value"), None))

    def _other(self, stack_id: str) -> Declared | None:
        if stack_id not in self._others:
            for other in self._stack.node.root.node.find_all():
                if isinstance(other, TerraformStack) and other.node.id == stack_id:
                    declared = Declared(other, other.to_terraform(), {})
                    declared._others = self._others
                    self._others[stack_id] = declared
                    break
        return self._others.get(stack_id)
