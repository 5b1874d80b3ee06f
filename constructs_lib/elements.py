"""The base classes of the generated constructs: of a resource, a data source and the provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version as installed_version
from typing import Any, ClassVar, cast

import jsii
from cdktf import (
    IImportableConfig,
    ImportableResource,
    ITerraformDependable,
    ITerraformIterator,
    TerraformCount,
    TerraformDataSource,
    TerraformProvider,
    TerraformProviderGeneratorMetadata,
    TerraformResource,
    TerraformResourceLifecycle,
    TerraformStack,
)
from constructs import Construct, IValidation

from constructs_lib.checks import check_arguments, path_of
from constructs_lib.construct_error import ConstructError, Problem
from constructs_lib.references import plain
from constructs_lib.secrets.stack_check import check_secrets_of, secret_paths
from provider_shim.resources import CATALOGUE
from provider_shim.schema.block import Block


def _attributes(arguments: Mapping[str, object]) -> dict[str, Any]:
    return {name: plain(value) for name, value in arguments.items() if value is not None}


def _for_hcl(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes for `cdktf synth --hcl`, with the type of each text: it guesses types, and takes some
    texts for lists or numbers.
    """
    return {
        name: {"value": value, "isBlock": False, "type": "simple", "storageClassType": "string"}
        if isinstance(value, str)
        else value
        for name, value in attributes.items()
    }


@jsii.implements(IImportableConfig)
class _ImportConfig:
    """An object to be imported, for CDKTF, which only reads it, although the interface has setters."""

    def __init__(self, type_name: str, import_id: str, provider: TerraformProvider | None) -> None:
        self._type_name, self._import_id, self._provider = type_name, import_id, provider

    @property
    def terraform_resource_type(self) -> str:
        return self._type_name

    @property
    def import_id(self) -> str:
        return self._import_id

    @property
    def provider(self) -> TerraformProvider | None:
        return self._provider


class _Written:
    """Writes the arguments of a construct into the stack.

    It precedes CDKTF's class among the bases: jsii looks for overriding methods on the classes before that.
    """

    _arguments: dict[str, Any]

    def _synthesize_attributes(self) -> Mapping[str, Any]:
        return self._arguments

    def _synthesize_hcl_attributes(self) -> Mapping[str, Any]:
        return _for_hcl(self._arguments)


class _Element(_Written):
    """The constructor of every resource and data source. It checks the arguments first."""

    TF_RESOURCE_TYPE: ClassVar[str]
    _DESCRIPTIONS: ClassVar[Mapping[str, Block]]

    def __init__(
        self,
        scope: Construct,
        id_: str,
        arguments: Mapping[str, object],
        *,
        count: int | TerraformCount | None,
        depends_on: Sequence[ITerraformDependable] | None,
        for_each: ITerraformIterator | None,
        lifecycle: TerraformResourceLifecycle | None,
        provider: TerraformProvider | None,
    ) -> None:
        description = self._DESCRIPTIONS[self.TF_RESOURCE_TYPE]
        check_arguments(description, arguments, scope, id_)
        super().__init__(  # type: ignore[call-arg] # of CDKTF's class, which is the other base
            scope,
            id_,
            terraform_resource_type=self.TF_RESOURCE_TYPE,
            count=count,
            depends_on=depends_on,
            for_each=for_each,
            lifecycle=lifecycle,
            provider=provider,
        )
        self._arguments = _attributes(arguments)
        if any(secret_paths(description.attributes)):
            check_secrets_of(scope)


class AepResource(_Element, TerraformResource):
    """The base of every managed resource. Use one of the classes named after the resources."""

    _DESCRIPTIONS = CATALOGUE.resources

    def _gives(self, name: str) -> bool:
        """Whether this argument was given."""
        return name in self._arguments

    @classmethod
    def generate_config_for_import(
        cls,
        scope: Construct,
        import_to_id: str,
        import_from_id: str,
        provider: TerraformProvider | None = None,
    ) -> ImportableResource:
        """Adopt an existing object, and let `terraform plan -generate-config-out` write its configuration.

        `import_to_id` is the id of the new construct, `import_from_id` the object's id in Flow Service.
        A construct that is written already adopts one with `import_from`.
        """
        config = _ImportConfig(cls.TF_RESOURCE_TYPE, import_from_id, provider)
        return ImportableResource(scope, import_to_id, cast(IImportableConfig, config))


class AepDataSource(_Element, TerraformDataSource):
    """The base of every data source. Use one of the classes whose names begin with `Data`."""

    _DESCRIPTIONS = CATALOGUE.data_sources


class AepProviderBase(_Written, TerraformProvider):
    """The base of `AepProvider`."""

    TF_RESOURCE_TYPE: ClassVar[str] = "aep"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        arguments: Mapping[str, object],
        *,
        alias: str | None,
        source: str,
        version: str | None,
    ) -> None:
        check_arguments(CATALOGUE.provider, arguments, scope, id_)
        self._alias = alias  # CDKTF's own property is empty: each provider has to define it
        constraint = _at_least_installed(scope, id_) if version is None else version
        super().__init__(
            scope,
            id_,
            terraform_resource_type=self.TF_RESOURCE_TYPE,
            terraform_generator_metadata=TerraformProviderGeneratorMetadata(
                provider_name=self.TF_RESOURCE_TYPE,
                provider_version=constraint,  # what cdktf writes into `required_providers`
                provider_version_constraint=constraint,
            ),
            terraform_provider_source=source,
        )
        self._arguments = _attributes(arguments)
        check_secrets_of(scope)
        if alias:
            self.node.add_validation(cast(IValidation, _ImpliedProviderCheck(self)))

    @property
    def alias(self) -> str | None:
        """Terraform's name for it, where the stack has several."""
        return self._alias

    @alias.setter
    def alias(self, value: str | None) -> None:
        self._alias = value


def _at_least_installed(scope: Construct, id_: str) -> str:
    """A constraint for the provider of this distribution's version, or of a later one."""
    installed = installed_version("aep-flowbridge")
    if not installed.replace(".", "").isdecimal():
        why = f"the installed version, {installed}, is a pre-release: name the provider's version yourself."
        raise ConstructError(path_of(scope, id_), [Problem("version", why)])
    return f">= {installed}"


@jsii.implements(IValidation)
class _ImpliedProviderCheck:
    """Validation of a provider with an alias: no resource may need a default provider if there is none.

    Terraform makes one for a resource that names no provider, and its sandbox is `prod`. Constructs can be
    created in any order, so that CDKTF calls this when it synthesises the stack.
    """

    def __init__(self, provider: AepProviderBase) -> None:
        self._provider = provider

    def validate(self) -> list[str]:
        """Return the text of a `ConstructError` for each resource and data source without a provider."""
        stack = TerraformStack.of(self._provider)
        found = [each for each in stack.node.find_all() if isinstance(each, AepProviderBase | _Element)]
        own = [each for each in found if TerraformStack.of(each).node.addr == stack.node.addr]
        providers = [each for each in own if isinstance(each, AepProviderBase)]
        aliases = [each.alias for each in providers if each.alias]
        if len(aliases) < len(providers) or providers[0] is not self._provider:
            return []  # there is a default provider, or the first of the providers reports the error
        return [
            str(ConstructError(each.node.path, [Problem("provider", _forgotten_alias(aliases))]))
            for each in own
            if isinstance(each, _Element) and not _names_provider(each)
        ]


def _names_provider(element: Any) -> bool:
    """Return True if a resource was given a provider, as an argument, later, or by an override."""
    if element.provider is not None:
        return True
    (written,) = element.to_terraform().values()
    return all("provider" in each for each in written[element.terraform_resource_type].values())


def _forgotten_alias(aliases: Sequence[str]) -> str:
    listed = ", ".join(f'"{alias}"' for alias in aliases)
    return (
        f"it is not given, and every AepProvider of the stack has an alias ({listed}). Terraform would use a "
        'default provider, which creates objects in the sandbox of AEP_SANDBOX_NAME or else in "prod". Give '
        "`provider`, or add an AepProvider without an alias."
    )
