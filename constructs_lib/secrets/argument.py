"""The check of a secret argument when a construct is made."""

from __future__ import annotations

import re

from cdktf import DefaultTokenResolver, StringConcat, TerraformStack, TerraformVariable, Tokenization
from constructs import Construct

from constructs_lib.references import holds_reference

_VARIABLE = re.compile(r"\bvar\.([A-Za-z_][\w-]*)")
_LITERAL = "a secret can't be given as a literal: it would be written into the synthesised stack."
_HOW_TO = "Pass `SecretVariable(...).value`: an ephemeral Terraform variable, which nothing stores."


class SecretReference(str):
    """The text of a token that refers to an ephemeral variable. It holds no secret itself."""

    __slots__ = ()


def secret_problem(value: object, scope: Construct) -> str | None:
    """The problem of a secret argument's value, or `None`.

    A literal would be written into the synthesised stack. A variable that is not ephemeral would be stored
    in every plan file. A local value or an attribute of a resource is accepted: its origin is not visible
    here.
    """
    if isinstance(value, SecretReference):
        return None
    if isinstance(value, str | int | float | bool) and not holds_reference(str(value)):
        return f"{_LITERAL} {_HOW_TO}"
    for name in _VARIABLE.findall(_resolved(value, scope)):
        variable = _variable(name, scope)
        if variable is not None and not _is_ephemeral(variable):
            return (
                f"the variable `{name}` is not ephemeral: Terraform would store the secret in its plan "
                f"files. {_HOW_TO}"
            )
    return None


def _resolved(value: object, scope: Construct) -> str:
    """The value with its tokens replaced by the expressions that Terraform reads."""
    return str(
        Tokenization.resolve(
            value, scope=scope, resolver=DefaultTokenResolver(StringConcat()), preparing=False
        )
    )


def _variable(name: str, scope: Construct) -> TerraformVariable | None:
    stack = TerraformStack.of(scope)
    direct = stack.node.try_find_child(name)
    if isinstance(direct, TerraformVariable) and direct.friendly_unique_id == name:
        return direct
    for each in stack.node.find_all():
        if isinstance(each, TerraformVariable) and each.friendly_unique_id == name:
            return each
    return None


def _is_ephemeral(variable: TerraformVariable) -> bool:
    return bool((variable._raw_overrides or {}).get("ephemeral"))
