"""Resources that name no provider in a stack whose providers all have an alias.

Terraform then uses a default provider that no one has configured, and its sandbox is `prod`. Constructs can
be created in any order, so that this is checked when the stack is synthesised.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import jsii
from cdktf import TerraformElement, TerraformProvider, TerraformStack
from constructs import IValidation

from constructs_lib.construct_error import ConstructError, Problem


@jsii.implements(IValidation)
class ImpliedProviderCheck:
    """Validation of a provider with an alias, over its whole stack. CDKTF calls it when it synthesises.

    Args:
        provider: The provider.
        provider_class: The class of all providers of this distribution.
        element_class: The class of all their resources and data sources.
    """

    def __init__(
        self,
        provider: TerraformProvider,
        provider_class: type[TerraformProvider],
        element_class: type[Any],
    ) -> None:
        self._provider = provider
        self._provider_class, self._element_class = provider_class, element_class

    def validate(self) -> list[str]:
        """Return the text of a `ConstructError` for each resource and data source without a provider."""
        stack = TerraformStack.of(self._provider)
        found = [each for each in stack.node.find_all() if isinstance(each, TerraformElement)]
        own = [each for each in found if TerraformStack.of(each).node.addr == stack.node.addr]
        providers = [each for each in own if isinstance(each, self._provider_class)]
        aliases = [each.alias for each in providers if each.alias]
        if len(aliases) < len(providers) or providers[0] is not self._provider:
            return []  # there is a default provider, or the first of the providers reports the error
        return [
            str(ConstructError(each.node.path, [Problem("provider", _explanation(aliases))]))
            for each in own
            if isinstance(each, self._element_class) and not _names_provider(each)
        ]


def _names_provider(element: Any) -> bool:
    """Return True if a resource was given a provider, as an argument, later, or by an override."""
    if element.provider is not None:
        return True
    document = json.loads(json.dumps(element.to_terraform()))
    written = next(iter(document.values()))[element.terraform_resource_type]
    return all("provider" in each for each in written.values())


def _explanation(aliases: Sequence[str]) -> str:
    listed = ", ".join(f'"{alias}"' for alias in aliases)
    return (
        f"it is not given, and every AepProvider of the stack has an alias ({listed}). Terraform would use a "
        'default provider, which creates objects in the sandbox of AEP_SANDBOX_NAME or else in "prod". Give '
        "`provider`, or add an AepProvider without an alias."
    )
