"""Writes the parts of README and other pages that list destinations or constructs, between two markers.

    python -m tools.generate.page_sections           # writes them
    python -m tools.generate.page_sections --check   # ends with 1 when the committed ones differ

A part begins with `<!-- generated: <name> -->` and ends with `<!-- end -->`. It may be a whole table, or a
part of a line.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from provider_shim.destinations import DESTINATIONS
from provider_shim.resources import CATALOGUE
from tools.example_values import EXAMPLE_EXPORTS, ExampleExport, example_secrets
from tools.generate import generated_files
from tools.generate.generated_files import ROOT
from tools.generate.python_text import camel

EXAMPLES = Path("examples")
EXPECTED_REQUESTS = Path("tests/acceptance/expected_requests")
ALL_DESTINATIONS = EXAMPLES / "cdktf" / "all_destinations"


def destination_table() -> str:
    """The README's table: one row for each destination and authentication method."""
    rows = [
        (
            _title(each),
            f"`{each.destination.name}`",
            _construct(each),
            ", ".join(f"[{path.name}]({path})" for path in _examples(each)),
            _expected_requests(each),
        )
        for each in EXAMPLE_EXPORTS
    ]
    head = ("Destination", "Block", "Construct", "Examples", "Requests compared with the tutorial's")
    return table(head, rows)


def destination_names() -> str:
    """The names of the destinations, as a part of a line."""
    return ", ".join(f"`{each.name}`" for each in DESTINATIONS)


def destination_constructors() -> str:
    """The constructors of `Destination`, as a part of a line."""
    return ", ".join(f"`Destination.{each.name}`" for each in DESTINATIONS)


def credentials_constructors() -> str:
    """The constructors of the credentials' classes, as a part of a line."""
    return ", ".join(
        f"`{each.credentials_class}.{method.name}`" for each in DESTINATIONS for method in each.methods
    )


def class_table() -> str:
    """The construct of each resource and data source."""
    resources = [(f"`{name}`", f"`{_class_of(name)}`") for name in CATALOGUE.resources]
    sources = [(f"`data.{name}`", f"`Data{_class_of(name)}`") for name in CATALOGUE.data_sources]
    return table(("Terraform", "Class"), [('`provider "aep"`', "`AepProvider`"), *resources, *sources])


def secret_exports() -> str:
    """The shell's commands that set the secrets of the example with all destinations."""
    secrets = example_secrets(ROOT / ALL_DESTINATIONS / "main.py")
    lines = "".join(f'export TF_VAR_{name}="{value}"\n' for name, value in secrets.items())
    return f"\n```sh\n{lines}```\n"


SECTIONS: Mapping[Path, Mapping[str, Callable[[], str]]] = {
    Path("README.md"): {"destinations": destination_table},
    Path("docs/constructs.md"): {
        "destinations": destination_constructors,
        "credentials": credentials_constructors,
        "classes": class_table,
    },
    Path("modules/dataset_export/README.md"): {"destinations": destination_names},
    ALL_DESTINATIONS / "README.md": {"secrets": secret_exports},
}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table, with a line break on both sides."""
    lines = [f"| {' | '.join(row)} |\n" for row in (head, *rows)]
    return f"\n{lines[0]}{'|---' * len(head)}|\n{''.join(lines[1:])}"


def filled(text: str, sections: Mapping[str, Callable[[], str]]) -> str:
    """A page with its sections as they should be now.

    Raises:
        ValueError: The page has no marker for a section.
    """
    for name, section in sections.items():
        begin, end = f"<!-- generated: {name} -->", "<!-- end -->"
        if text.count(begin) != 1 or end not in text.partition(begin)[2]:
            raise ValueError(f"The page must have the marker {begin} once, with {end} behind it")
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = before + begin + section() + end + after
    return text


def generate() -> dict[Path, str]:
    """The pages, by their paths from the project's root."""
    return {
        page: filled((ROOT / page).read_text(encoding="utf-8"), sections)
        for page, sections in SECTIONS.items()
    }


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or compare them."""
    return generated_files.write_or_check(generate(), (), check="--check" in arguments)


def _title(example: ExampleExport) -> str:
    destination, method = example.destination, example.method
    if method is None or len(destination.methods) == 1:
        return destination.title
    if destination.title in method.spec_name:
        return method.spec_name
    return f"{destination.title}, {method.spec_name}"


def _construct(example: ExampleExport) -> str:
    constructor = f"`Destination.{example.destination.name}`"
    if example.method is None:
        return constructor
    return f"{constructor}, `{example.destination.credentials_class}.{example.method.name}`"


def _examples(example: ExampleExport) -> list[Path]:
    """The folders of the examples that use this destination with this method."""
    return [
        file.parent.relative_to(ROOT)
        for file in sorted((ROOT / EXAMPLES).glob("*/*/main.*"))
        if all(re.search(word, file.read_text(encoding="utf-8")) for word in _words(example, file.suffix))
    ]


def _words(example: ExampleExport, suffix: str) -> list[str]:
    """Patterns of what the main file of an example contains."""
    destination, method = example.destination, example.method
    if suffix == ".py":
        words = [rf"\bDestination\.{destination.name}\("]
        return words if method is None else [*words, rf"\b{destination.credentials_class}\.{method.name}\("]
    return [
        rf"\b{destination.name}\s*=",
        *(rf"\b{each}\s*=" for each in (() if method is None else method.attributes)),
    ]


def _expected_requests(example: ExampleExport) -> str:
    path = EXPECTED_REQUESTS / f"{example.name}.json"
    return f"[{path.name}]({path})" if (ROOT / path).exists() else "–"


def _class_of(type_name: str) -> str:
    return camel(type_name.removeprefix("aep_"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
