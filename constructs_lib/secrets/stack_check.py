"""The check of all secrets of a stack when it is synthesised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import jsii
from cdktf import TerraformStack
from constructs import Construct, IValidation

from constructs_lib.construct_error import ConstructError, Problem
from constructs_lib.secrets.definitions import Declared
from constructs_lib.secrets.json_blocks import at, bodies, members
from constructs_lib.secrets.problems import problem_of, undeclared_problem
from constructs_lib.secrets.sources import Sources
from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute

_CHECKED = "_flowbridge_checks_secrets"


def check_secrets_of(scope: Construct) -> None:
    """Let CDKTF check the secrets of this construct's stack, once, when it synthesises the stack.

    Later changes are seen by that: `add_override` of a resource, a variable, a local value or the stack.
    """
    stack = TerraformStack.of(scope)
    if not hasattr(stack, _CHECKED):
        setattr(stack, _CHECKED, True)
        stack.node.add_validation(cast(IValidation, StackCheck(stack)))


def secret_paths(attributes: tuple[Attribute, ...]) -> Iterator[tuple[str, ...]]:
    """Give the path of each secret attribute."""
    for attribute in attributes:
        if attribute.sensitive:
            yield (attribute.name,)
        elif attribute.nested:
            for inside in secret_paths(attribute.nested.attributes):
                yield (attribute.name, *inside)


@jsii.implements(IValidation)
class StackCheck:
    """Validation of a stack: neither its JSON nor a plan file may hold a secret argument."""

    def __init__(self, stack: TerraformStack) -> None:
        self._stack = stack

    def validate(self) -> list[str]:
        """Return the text of a `ConstructError` for each construct with such a secret."""
        document = self._stack.to_terraform()
        return [
            str(ConstructError(construct, problems))
            for construct, attributes, block in _blocks(document, self._stack.node.path)
            if (problems := list(_problems(attributes, block, Declared(self._stack, document, block))))
        ]


def _blocks(
    document: Mapping[str, Any], stack: str
) -> Iterator[tuple[str, tuple[Attribute, ...], Mapping[str, Any]]]:
    """Each block of the provider and of its resources, with the construct's path and its description."""
    for provider in (body for each in at(document, "provider", "aep") for body in bodies(each)):
        alias = provider.get("alias")
        name = f"{stack}/provider.aep" + (f".{alias}" if alias else "")
        yield name, CATALOGUE.provider.attributes, provider
    for type_name, description in CATALOGUE.resources.items():
        for resources in at(document, "resource", type_name):
            for name, value in members(resources):
                for block in bodies(value):
                    path = next(at(block, "//", "metadata", "path"), None)
                    yield path or f"{stack}/{type_name}.{name}", description.attributes, block


def _problems(
    attributes: tuple[Attribute, ...], block: Mapping[str, Any], declared: Declared
) -> Iterator[Problem]:
    for place in secret_paths(attributes):
        value = block.get(place[0])
        if not _is_given(value, place[1:]):
            continue
        sources = Sources(declared, place[-1])
        sources.add(value, place[1:])
        if problem := undeclared_problem(sources) or problem_of(sources):
            yield Problem(".".join(place), problem)


def _is_given(value: object, steps: tuple[str, ...]) -> bool:
    if isinstance(value, Mapping) and steps:
        return _is_given(value.get(steps[0]), steps[1:])
    if isinstance(value, list) and steps:
        return any(_is_given(each, steps) for each in value)
    return value is not None
