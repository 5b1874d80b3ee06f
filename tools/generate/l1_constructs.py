"""The text of the L1 constructs, from the descriptions in `provider_shim/resources/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from provider_shim.resources import CATALOGUE, common
from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import Block
from provider_shim.schema.types import BOOL, NUMBER, STRING, List, Map, Set
from tools.generate.python_text import camel, docstring, header, wrapped

HEADER = header("provider_shim/resources/")
RAISES = (
    "\n\n        Raises:\n            ConstructError: Some arguments are wrong; it has all their problems."
)
ARGUMENTS = {
    STRING: "str",
    NUMBER: "float",
    BOOL: "bool | IResolvable",
    List(STRING): "Sequence[str]",
    Set(STRING): "Sequence[str]",
    Map(STRING): "Mapping[str, str]",
}
OUTPUTS = {
    STRING: ("str", "get_string_attribute"),
    NUMBER: ("float", "get_number_attribute"),
    BOOL: ("IResolvable", "get_boolean_attribute"),
    List(STRING): ("list[str]", "get_list_attribute"),
    Set(STRING): ("IResolvable", "interpolation_for_attribute"),
    Map(STRING): ("Mapping[str, str]", "get_string_map_attribute"),
}
META = {
    "count": ("int | TerraformCount", "How many instances to create."),
    "depends_on": (
        "Sequence[ITerraformDependable]",
        "What has to be created before, beyond what is referred to.",
    ),
    "for_each": ("ITerraformIterator", "Create an instance for each element of this iterator."),
    "lifecycle": ("TerraformResourceLifecycle", "Terraform's `lifecycle` block."),
    "provider": ("TerraformProvider", "The `AepProvider` to use, where the stack has several."),
}
PROVIDER_META = {
    "alias": ("str | None", "None", "Terraform's name for it, where the stack has several."),
    "source": (
        "str",
        "DEFAULT_ADDRESS",
        "The provider's source address, where your platform serves its own.",
    ),
    "version": (
        "str | None",
        "None",
        "The version constraint in `required_providers`; at least the installed version unless it is given.",
    ),
}
IMPORTS = """\
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from cdktf import (
    IResolvable,
    ITerraformDependable,
    ITerraformIterator,
    TerraformCount,
    TerraformProvider,
    TerraformResourceLifecycle,
)
from constructs import Construct

from constructs_lib.elements import AepDataSource, AepProviderBase, AepResource
from constructs_lib.generated.timeouts import Timeouts
from provider_shim.source_address import DEFAULT_ADDRESS
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of construct: what goes before its class's name, and the base class."""

    prefix: str
    base: str
    noun: str


RESOURCE = Kind("", "AepResource", "resource")
DATA_SOURCE = Kind("Data", "AepDataSource", "data source")
PROVIDER = Kind("", "AepProviderBase", "provider")


def struct_name(owner: str, attribute: Attribute) -> str:
    """The class of a nested attribute's objects; all resources share that of `timeouts`."""
    if attribute == common.TIMEOUTS:
        return "Timeouts"
    return owner + camel(attribute.name.removesuffix("s") if is_many(attribute) else attribute.name)


def is_many(attribute: Attribute) -> bool:
    """Whether a nested attribute holds several objects."""
    return attribute.nested is not None and attribute.nested.nesting in (Nesting.LIST, Nesting.SET)


def argument_type(owner: str, attribute: Attribute) -> str:
    """The Python type of an argument, without the `None` of an optional one."""
    if attribute.nested is None:
        return ARGUMENTS[attribute.type]
    name = struct_name(owner, attribute)
    return f"Sequence[{name}] | IResolvable" if is_many(attribute) else f"{name} | IResolvable"


def settable(attributes: Iterable[Attribute]) -> list[Attribute]:
    """Return the attributes that users may set, the required ones first."""
    given = [attribute for attribute in attributes if attribute.presence is not Presence.COMPUTED]
    return sorted(given, key=lambda attribute: not attribute.required)


def described(attribute: Attribute) -> str:
    """The attribute's description, with what an argument's reader has to know besides."""
    notes = ["Write-only: give it `SecretVariable(...).value`."] if attribute.write_only else []
    if attribute.sensitive and not attribute.write_only:
        notes = ["Give it `SecretVariable(...).value`."]
    if attribute.requires_replace:
        notes.append("A change replaces the object.")
    return " ".join([attribute.description, *notes])


def structs(owner: str, attributes: Iterable[Attribute]) -> Iterator[str]:
    """The value classes of the nested attributes that the user may give, the innermost first."""
    for attribute in settable(attributes):
        if attribute.nested is None or attribute == common.TIMEOUTS:
            continue
        name = struct_name(owner, attribute)
        yield from structs(name, attribute.nested.attributes)
        about = f"One element of `{attribute.name}`." if is_many(attribute) else attribute.description
        yield struct(name, about, attribute.nested)


def struct(name: str, about: str, nested: Nested) -> str:
    """One frozen value class."""
    text = f"@dataclass(frozen=True, slots=True, kw_only=True)\nclass {name}:\n"
    text += docstring(about, 4)
    for each in settable(nested.attributes):
        kind = argument_type(name, each) + ("" if each.required else " | None")
        if each.sensitive:  # a literal secret must not be shown, although it is rejected
            default = " = field(repr=False)" if each.required else " = field(default=None, repr=False)"
        else:
            default = "" if each.required else " = None"
        text += f"\n    {each.name}: {kind}{default}\n"
        text += docstring(described(each), 4)
    return text


def constructor(name: str, block: Block, kind: Kind) -> str:
    """The constructor, with one typed keyword argument for each attribute."""
    lines = [
        "    def __init__(",
        "        self,",
        "        scope: Construct,",
        "        id_: str,",
        "        *,",
    ]
    documented = [
        ("scope", "The construct that this one is in."),
        ("id_", "The id of the construct in its scope."),
    ]
    for each in settable(block.attributes):
        kind_of = argument_type(name, each) + ("" if each.required else " | None = None")
        shadowing = "  # noqa: A002 - Terraform's name" if each.name == "id" else ""
        lines.append(f"        {each.name}: {kind_of},{shadowing}")
        documented.append((each.name, described(each)))
    lines += _meta_arguments(kind)
    documented += [(each, row[-1]) for each, row in _meta(kind).items()]
    arguments = "\n".join(wrapped(f"{each}: {text}", 12, 4) for each, text in documented)
    lines.append("    ) -> None:")
    body = docstring(f"Create the {kind.noun}.", 8, f"\n\n        Args:\n{arguments}{RAISES}")
    given = ", ".join(f'"{each.name}": {each.name}' for each in settable(block.attributes))
    passed = ", ".join(f"{each}={each}" for each in _meta(kind))
    return "\n".join(lines) + f"\n{body}        super().__init__(scope, id_, {{{given}}}, {passed})\n"


def _meta(kind: Kind) -> Mapping[str, tuple[str, ...]]:
    return PROVIDER_META if kind is PROVIDER else META


def _meta_arguments(kind: Kind) -> list[str]:
    if kind is PROVIDER:
        return [f"        {each}: {type_} = {value}," for each, (type_, value, _) in PROVIDER_META.items()]
    return [f"        {each}: {type_} | None = None," for each, (type_, _) in META.items()]


def output(attribute: Attribute) -> str:
    """The property that refers to an attribute of the finished object.

    That of an argument has the first sentence of its description only: the constructor has the rest.
    """
    kind, getter = OUTPUTS[attribute.type]
    if attribute.nested is not None:
        kind, getter = "IResolvable", "interpolation_for_attribute"
    text = f"    @property\n    def {attribute.name}(self) -> {kind}:\n"
    about = attribute.description
    if attribute.presence is not Presence.COMPUTED:
        about = f"{about.split('. ')[0].removesuffix('.')}."
    text += docstring(about, 8)
    return text + f'        return self.{getter}("{attribute.name}")\n'


def module(name: str, block: Block, kind: Kind) -> str:
    """The text of one module, before ruff gives it its form."""
    parts = [
        HEADER + docstring(f"The {kind.noun} `{block.type_name}` as a CDKTF construct.", 0),
        IMPORTS,
        *structs(name, block.attributes),
        f"class {name}({kind.base}):\n"
        + docstring(block.description, 4)
        + f'\n    TF_RESOURCE_TYPE: ClassVar[str] = "{block.type_name}"\n\n'
        + constructor(name, block, kind),
    ]
    text = "\n\n".join(parts)
    if kind is not PROVIDER:  # a provider has nothing to refer to
        text += "\n" + "\n".join(output(each) for each in block.attributes)
    return text


def timeouts_module() -> str:
    """The value class that all resources share."""
    head = HEADER + docstring("How long to wait for Flow Service.", 0)
    nested = common.TIMEOUTS.nested
    if nested is None:
        raise ValueError("`timeouts` is not a nested attribute")
    imports = "from __future__ import annotations\n\nfrom dataclasses import dataclass\n"
    return "\n\n".join([head, imports, struct("Timeouts", common.TIMEOUTS.description, nested)])


def modules() -> dict[str, str]:
    """The text of each module, by its name."""
    texts = {"timeouts": timeouts_module(), "provider": module("AepProvider", CATALOGUE.provider, PROVIDER)}
    for kind, blocks in ((RESOURCE, CATALOGUE.resources), (DATA_SOURCE, CATALOGUE.data_sources)):
        for block in blocks.values():
            name = block.type_name.removeprefix("aep_")
            # A resource and a data source may have one name.
            file = f"data_{name}" if kind is DATA_SOURCE else name
            texts[file] = module(kind.prefix + camel(name), block, kind)
    return texts
