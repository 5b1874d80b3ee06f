"""Writes the reference pages of `docs/` from the descriptions, in the layout of Terraform's registry.

    python -m tools.generate.reference           # writes them
    python -m tools.generate.reference --check   # ends with 1 when the committed ones differ

The examples on the pages are files: `examples/resources/<type>/resource.tf` and so on. A new kind of page is
one function and one line in `KINDS`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute
from provider_shim.schema.block import (
    Action,
    Block,
    Catalogue,
    DataSource,
    EphemeralResource,
    Function,
    ListResource,
    Resource,
    Trigger,
)
from provider_shim.schema.types import List
from tools.generate import generated_files
from tools.generate.generated_files import ROOT
from tools.generate.reference_prose import ACTION, AUTHENTICATION, NETWORK, QUERY
from tools.generate.reference_schema import schema, type_name

DOCS = Path("docs")
EXAMPLES = Path("examples")
INDEX = DOCS / "index.md"
GUIDES = DOCS / "guides"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: its folder below `docs/`, its title, what there is of it, and what makes one page."""

    folder: str
    title: str
    of: Callable[[Catalogue], Mapping[str, Any]]
    page: Callable[[Any], str]


def text_of(path: Path) -> str:
    """The text of a file of the project; without the white space at its end."""
    return (ROOT / path).read_text(encoding="utf-8").rstrip()


def code(language: str, path: Path) -> str:
    """A file as a block of code."""
    return f"```{language}\n{text_of(path)}\n```"


def front_matter(title: str, description: str) -> str:
    """What the registry reads of a page."""
    return f'---\npage_title: "{title}"\nsubcategory: ""\ndescription: |-\n  {description}\n---'


def first_sentence(text: str) -> str:
    """What a list of pages shows."""
    head, end, _ = text.partition(". ")
    return head + ("." if end else "")


def joined(*parts: str) -> str:
    """A page out of its parts."""
    return "\n\n".join(parts) + "\n"


def _page(block: Block, noun: str, example: Path, *more: str) -> str:
    return joined(
        front_matter(f"{block.type_name} {noun} - aep", first_sentence(block.description)),
        f"# {block.type_name} ({noun})",
        block.description,
        "## Example Usage",
        code("hcl", example),
        schema(block),
        *more,
    )


def resource_page(resource: Resource) -> str:
    """The page of a managed resource."""
    if isinstance(resource, Trigger):
        return trigger_page(resource)
    folder = EXAMPLES / "resources" / resource.type_name
    importing = [
        "## Import",
        f"An existing {resource.title} is imported by its id. In the configuration:",
        code("hcl", folder / "import.tf"),
        "On the command line:",
        code("shell", folder / "import.sh"),
        *_identity(resource),
        "The guide [Importing what was made in the web page](../guides/importing.md) describes what an "
        "import can't read, and what the first plan shows.",
    ]
    return _page(resource, "Resource", folder / "resource.tf", *importing)


def _identity(resource: Resource) -> list[str]:
    lines = [
        f"- `{each.name}` ({type_name(each.type)}{'' if each.required else ', Optional'}) {each.description}"
        for each in resource.identity
    ]
    if not lines:
        return []
    return ["With Terraform 1.12 or newer, `identity` can take the place of `id`. It has:", "\n".join(lines)]


def trigger_page(trigger: Trigger) -> str:
    """The page of a resource without an object behind it, which can't be imported."""
    return _page(trigger, "Resource", EXAMPLES / "resources" / trigger.type_name / "resource.tf")


def data_source_page(source: DataSource) -> str:
    """The page of a data source."""
    return _page(source, "Data Source", EXAMPLES / "data-sources" / source.type_name / "data-source.tf")


def ephemeral_resource_page(ephemeral: EphemeralResource) -> str:
    """The page of an ephemeral resource."""
    folder = EXAMPLES / "ephemeral-resources" / ephemeral.type_name
    return _page(ephemeral, "Ephemeral Resource", folder / "ephemeral-resource.tf")


def list_resource_page(listed: ListResource) -> str:
    """The page of what `terraform query` finds."""
    folder = EXAMPLES / "list-resources" / listed.type_name
    return _page(listed, "List Resource", folder / "list-resource.tfquery.hcl", QUERY)


def action_page(action: Action) -> str:
    """The page of an action."""
    return _page(action, "Action", EXAMPLES / "actions" / action.type_name / "action.tf", ACTION)


def function_page(function: Function) -> str:
    """The page of a function; its example is in the description."""
    signature = ", ".join(f"{each.name} {type_name(each.type).lower()}" for each in function.parameters)
    arguments = [
        f"1. `{each.name}` ({type_name(each.type)}{', Nullable' * each.allow_null}) {each.description}"
        for each in function.parameters
    ]
    return joined(
        front_matter(f"{function.name} function - aep", f"{function.summary}."),
        f"# function: {function.name}",
        function.description,
        "## Example Usage",
        f'```hcl\noutput "{function.name}" {{\n  value = {function.example}\n}}\n```',
        "## Signature",
        f"```text\n{function.name}({signature}) {type_name(function.returns).lower()}\n```",
        "## Arguments",
        "\n".join(arguments),
    )


KINDS = (
    Kind("resources", "Resources", lambda catalogue: catalogue.resources, resource_page),
    Kind("data-sources", "Data sources", lambda catalogue: catalogue.data_sources, data_source_page),
    Kind(
        "ephemeral-resources",
        "Ephemeral resources",
        lambda catalogue: catalogue.ephemeral_resources,
        ephemeral_resource_page,
    ),
    Kind("list-resources", "List resources", lambda catalogue: catalogue.list_resources, list_resource_page),
    Kind("actions", "Actions", lambda catalogue: catalogue.actions, action_page),
    Kind("functions", "Functions", lambda catalogue: catalogue.functions, function_page),
)


def index_page(catalogue: Catalogue) -> str:
    """The page of the provider: settings, authentication, and the way to all other pages."""
    provider = catalogue.provider
    return joined(
        front_matter("aep Provider", first_sentence(provider.description)),
        "# aep Provider",
        provider.description,
        "## Example Usage",
        code("hcl", EXAMPLES / "provider" / "provider.tf"),
        "## Authentication",
        AUTHENTICATION,
        "## Network",
        NETWORK,
        "## Schema",
        "Every setting is optional as an argument, because the environment can give it. Where both give one, "
        "the argument counts.",
        _settings(provider.attributes),
        "## Pages",
        *_contents(catalogue),
        "### Guides",
        "\n".join(
            f"- [{heading(path)}](guides/{path.name})" for path in sorted((ROOT / GUIDES).glob("*.md"))
        ),
    )


def _settings(attributes: Sequence[Attribute]) -> str:
    rows = [
        f"| `{each.name}` | `{each.environment}` | {_setting_type(each)} | {_cell(each)} |"
        for each in sorted(attributes, key=lambda each: each.name)
    ]
    return "\n".join(["| Argument | Environment | Type | Meaning |", "|---|---|---|---|", *rows])


def _setting_type(attribute: Attribute) -> str:
    kind = type_name(attribute.type)
    if isinstance(attribute.type, List):
        kind += "; separated by commas in the environment"
    return kind + (", Sensitive" if attribute.sensitive else "")


def _cell(attribute: Attribute) -> str:
    """The description without its last sentence, which repeats the second column."""
    meaning, _, _ = attribute.description.partition(" Environment: ")
    return meaning.replace("|", "\\|")


def _contents(catalogue: Catalogue) -> list[str]:
    parts = []
    for kind in KINDS:
        links = [f"- [{name}]({kind.folder}/{_stem(name)}.md)" for name in kind.of(catalogue)]
        parts += [f"### {kind.title}", "\n".join(links)] if links else []
    return parts


def heading(path: Path) -> str:
    """The first heading of a page."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("# ") for line in lines if line.startswith("# "))


def _stem(name: str) -> str:
    return name.removeprefix("aep_")


def generate(catalogue: Catalogue = CATALOGUE) -> dict[Path, str]:
    """All pages, by their paths from the project's root."""
    generated = {INDEX: index_page(catalogue)}
    for kind in KINDS:
        for name, described in kind.of(catalogue).items():
            generated[DOCS / kind.folder / f"{_stem(name)}.md"] = kind.page(described)
    return generated


def committed_pages() -> set[Path]:
    """The paths of the existing pages."""
    folders = [ROOT / DOCS / kind.folder for kind in KINDS]
    return {path.relative_to(ROOT) for folder in folders for path in folder.glob("*.md")}


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or compare them."""
    try:
        generated = generate()
    except FileNotFoundError as missing:
        print(f"the page has no example yet: write {missing.filename}", file=sys.stderr)
        return 1
    return generated_files.write_or_check(generated, committed_pages(), check="--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
