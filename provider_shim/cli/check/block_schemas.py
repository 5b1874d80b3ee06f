"""The blocks of the provider in a configuration, and the keys that Terraform itself allows in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from provider_shim.cli.check import model
from provider_shim.cli.check.modules import Module
from provider_shim.resources import CATALOGUE
from provider_shim.schema.block import Block

_COMMON = frozenset(("count", "depends_on", "for_each", "provider"))


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type of blocks with two labels.

    Attributes:
        keyword: Its name in a configuration.
        prefix: Start of the address in messages.
        schemas: The provider's schemas by the first label.
        meta: The arguments and blocks that Terraform itself defines.
        in_config: The provider's arguments are in a nested block `config`.
    """

    keyword: str
    prefix: str
    schemas: Mapping[str, Block]
    meta: frozenset[str] = _COMMON
    in_config: bool = False


_KINDS = (
    _Kind("resource", "", CATALOGUE.resources, _COMMON | {"connection", "lifecycle", "provisioner"}),
    _Kind("data", "data.", CATALOGUE.data_sources, _COMMON | {"lifecycle"}),
    _Kind("ephemeral", "ephemeral.", CATALOGUE.ephemeral_resources, _COMMON | {"lifecycle"}),
    _Kind("action", "action.", CATALOGUE.actions, _COMMON | {"lifecycle"}, in_config=True),
    _Kind("list", "list.", CATALOGUE.list_resources, _COMMON | {"include_resource", "limit"}, in_config=True),
)
_PROVIDER_META = frozenset(("alias", "for_each", "version"))  # `for_each` is of OpenTofu
_PREFIX = f"{CATALOGUE.provider.type_name}_"


@dataclass(frozen=True, slots=True)
class FoundBlock:
    """A block of the provider.

    Attributes:
        address: Terraform's address, such as `data.aep_dataset.orders`.
        place: Place of its head.
        body: Its body.
        schema: The schema of its type; None if the provider has no such type.
        meta: Keys that Terraform allows beside the schema's attributes.
        in_config: The schema's attributes are in the nested block `config`.
    """

    address: str
    place: model.Place
    body: model.Mapping
    schema: Block | None
    meta: frozenset[str]
    in_config: bool = False


def blocks_of(module: Module) -> Iterator[FoundBlock]:
    """Yield the blocks of this provider in a module: those whose type starts with `aep_`, and `provider`."""
    names = _provider_names(module)
    for (name,), place, body in module.blocks("provider", 1):
        if name in names:
            yield FoundBlock(f"provider.{name}", place, body, CATALOGUE.provider, _PROVIDER_META)
    for kind in _KINDS:
        for (type_name, name), place, body in module.blocks(kind.keyword, 2):
            if type_name.startswith(_PREFIX):
                address = f"{kind.prefix}{type_name}.{name}"
                schema = kind.schemas.get(type_name)
                yield FoundBlock(address, place, body, schema, kind.meta, kind.in_config)


def _provider_names(module: Module) -> set[str]:
    """Return the names of the provider in a module: `aep`, and those that `required_providers` gives it."""
    own = CATALOGUE.provider.type_name
    names = {own}
    for _, _, terraform in module.blocks("terraform", 0):
        for required in terraform.values("required_providers"):
            for (name,), _, settings in _providers(required):
                for source in settings.values("source"):
                    if isinstance(source, model.Scalar) and source.text.rpartition("/")[2] == own:
                        names.add(name)
    return names


def _providers(required: model.Value) -> Iterator[tuple[tuple[str], model.Place, model.Mapping]]:
    bodies = required.items if isinstance(required, model.Sequence) else (required,)
    for body in bodies:
        for entry in body.entries if isinstance(body, model.Mapping) else ():
            if isinstance(entry.value, model.Mapping):
                yield (entry.key or "",), entry.place, entry.value
