"""The check of a secret argument when a construct is made."""

from __future__ import annotations

from constructs import Construct

from constructs_lib.references import holds_reference
from constructs_lib.secrets.definitions import DeclaredSoFar, resolved
from constructs_lib.secrets.problems import LITERAL, problem_of
from constructs_lib.secrets.sources import Sources


class SecretReference(str):
    """The text of a token that refers to an ephemeral variable. It holds no secret itself."""

    __slots__ = ()


def secret_problem(attribute: str, value: object, scope: Construct) -> str | None:
    """The problem of the value of this secret attribute, or `None`.

    A literal would be written into the synthesised stack, also one inside an expression or a local value. A
    variable that is not ephemeral would be stored in every plan file. An attribute of a resource is accepted:
    its origin is not visible here.

    A `SecretVariable` is not examined here, because that takes CDKTF milliseconds. `StackCheck` examines all
    secrets again, when nothing can change any more.
    """
    if isinstance(value, SecretReference):
        return None
    if isinstance(value, str | bool) and not holds_reference(str(value)) and "{" not in str(value):
        return LITERAL
    sources = Sources(DeclaredSoFar(scope), attribute)
    sources.add(resolved(value, scope))
    return problem_of(sources)
