"""The sentences about secrets that a stack would write down. They never contain a value."""

from __future__ import annotations

from constructs_lib.secrets.sources import Sources

_HOW_TO = "Pass `SecretVariable(...).value`: an ephemeral Terraform variable, which nothing stores."
LITERAL = "a secret can't be given as a literal: it would be written into the synthesised stack. " + _HOW_TO


def problem_of(sources: Sources) -> str | None:
    """Return the problem of a secret with these sources, or `None`."""
    if sources.plain_variables:
        name = sources.plain_variables[0]
        return (
            f"the variable `{name}` is not ephemeral: Terraform would store the secret in its plan files. "
            + _HOW_TO
        )
    if sources.defaults:
        name = sources.defaults[0]
        return (
            f"the variable `{name}` has a default, which would be written into the synthesised stack. "
            f"Remove it, and set the variable by the environment variable `TF_VAR_{name}`."
        )
    if sources.literal or (sources.found and not sources.refers):
        return LITERAL
    if sources.has_secret_part:
        return (
            "the expression contains a literal that can be a part of the secret: it would be written into "
            f"the synthesised stack. {_HOW_TO} Separators of up to four letters or digits "
            "and eight symbols are allowed."
        )
    return None


def undeclared_problem(sources: Sources) -> str | None:
    """Return the problem of a secret from a local value that its stack does not declare, or `None`."""
    if sources.undeclared:
        return f"the local value `{sources.undeclared[0]}` is not declared in this stack."
    return None
