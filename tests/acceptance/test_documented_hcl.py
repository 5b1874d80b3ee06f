"""The HCL in the documentation works: every snippet and every example file."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from provider_shim.resources import CATALOGUE
from tests.acceptance.configurations import REQUIRED, S3_SECRETS
from tests.acceptance.markdown_blocks import blocks
from tests.acceptance.terraform import Terraform
from tools.workbench import Workbench

pytestmark = pytest.mark.slow

REPO = Path(__file__).resolve().parents[2]
EXAMPLES = REPO / "examples"
RESOURCES = ("source_connection", "base_connection", "target_connection", "flow")
PAGES = [REPO / "README.md", *sorted((REPO / "docs").rglob("*.md"))]


SNIPPETS = {
    f"{page.relative_to(REPO)} {number}": text
    for page in PAGES
    for number, text in enumerate(blocks(page, "hcl"), 1)
}
COMPLETE_SNIPPETS = {name: text for name, text in SNIPPETS.items() if 'provider "aep"' in text}


def test_there_are_snippets() -> None:
    """README, reference and guides have snippets, and some of them are complete configurations."""
    assert {name.partition(" ")[0] for name in COMPLETE_SNIPPETS} >= {
        "README.md",
        "docs/index.md",
        "docs/guides/first-export.md",
        "docs/guides/rotating-credentials.md",
        "docs/guides/changing-datasets.md",
    }
    assert len(SNIPPETS) > len(COMPLETE_SNIPPETS)


@pytest.mark.parametrize("name", SNIPPETS)
def test_every_snippet_is_hcl(name: str, bench: Workbench) -> None:
    """Terraform can parse each snippet."""
    formatted = subprocess.run(
        ["terraform", "fmt", "-"],
        input=SNIPPETS[name],
        env=bench.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert formatted.returncode == 0, formatted.stderr


@pytest.mark.parametrize("name", COMPLETE_SNIPPETS)
def test_every_complete_configuration_is_valid(name: str, terraform: Terraform) -> None:
    """Each snippet with a provider block is a valid configuration."""
    text = COMPLETE_SNIPPETS[name]
    terraform.write(text if "required_providers" in text else REQUIRED + text)

    assert terraform.validate() == []


def test_all_hcl_is_formatted(bench: Workbench) -> None:
    """`terraform fmt` changes nothing in the examples and modules."""
    for folder in (EXAMPLES, REPO / "modules"):
        bench.run(["terraform", "fmt", "-check", "-diff", "-recursive", str(folder)], REPO)


EXPORT = [
    EXAMPLES / "provider" / "provider.tf",
    *(EXAMPLES / "resources" / f"aep_{name}" / "resource.tf" for name in RESOURCES),
]
DATA_SOURCES = sorted(EXAMPLES.glob("data-sources/*/data-source.tf"))
OTHERS = [
    *sorted(EXAMPLES.glob("resources/*_trigger/resource.tf")),
    *sorted(EXAMPLES.glob("ephemeral-resources/*/*.tf")),
    *sorted(EXAMPLES.glob("resources/*/import.tf")),
]
FUNCTIONS = "\n".join(
    f'output "function_{name}" {{\n  value = {function.example}\n}}\n'
    for name, function in CATALOGUE.functions.items()
)
SECRETS = {**S3_SECRETS, "sftp_password": "secret of the partner's server"}


def _write_beside_the_export(terraform: Terraform, *files: Path) -> None:
    """Write example files beside those of the resources, which together are one export.

    Where a file declares a resource of the export itself, the export's own declaration is left out.
    """
    for file in files:
        terraform.write(file.read_text(encoding="utf-8"), f"{file.parent.name}-{file.name}")
    declared = _declared(*files)
    for file in EXPORT:
        if not declared & _declared(file):
            terraform.write(file.read_text(encoding="utf-8"), f"export-{file.parent.name}.tf")


def _declared(*files: Path) -> set[str]:
    texts = [file.read_text(encoding="utf-8") for file in files]
    return {found for text in texts for found in re.findall(r'^resource ("\w+" "\w+")', text, re.M)}


@pytest.mark.parametrize("file", [*DATA_SOURCES, *OTHERS], ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_example_of_the_reference_is_valid(file: Path, terraform: Terraform) -> None:
    """Each example file is valid together with those of the resources.

    Actions and list resources require Terraform 1.14; `test_every_snippet_is_hcl` parses their snippets.
    """
    _write_beside_the_export(terraform, file)

    assert terraform.validate() == []


def test_the_examples_of_the_functions_are_valid(terraform: Terraform) -> None:
    """The calls on the functions' pages are valid together with the export that they refer to."""
    _write_beside_the_export(terraform)
    terraform.write(FUNCTIONS, "functions.tf")

    assert FUNCTIONS
    assert terraform.validate() == []


def test_the_examples_of_the_reference_can_be_applied(terraform: Terraform) -> None:
    """The examples of resources, data sources and functions can be applied, and the next plan is empty."""
    terraform.variables(**SECRETS)
    _write_beside_the_export(terraform)
    terraform.apply()
    _write_beside_the_export(terraform, *(file for file in DATA_SOURCES if not _declared(file)))
    terraform.write(FUNCTIONS, "functions.tf")
    terraform.apply()

    terraform.assert_empty_plan()
    outputs = terraform.outputs()
    assert outputs["s3_authentication_methods"] == ["Access Key", "Assumed Role"]
    assert outputs["failed_runs"] == []
    assert outputs["orders_dataset_ids"] == ["64b7e8acdd522e6190ac9567"]


@pytest.mark.parametrize("resource", CATALOGUE.resources)
def test_import_commands_match_the_import_blocks(resource: str) -> None:
    """The `terraform import` command and the `import` block have the same address and id."""
    folder = EXAMPLES / "resources" / resource
    if not (folder / "import.tf").exists():
        assert "\n## Import\n" not in (REPO / f"docs/resources/{resource[4:]}.md").read_text(encoding="utf-8")
        return
    block = re.search(r'to = (\S+)\n\s*id = "(\S+)"', (folder / "import.tf").read_text(encoding="utf-8"))

    assert block is not None
    command = (folder / "import.sh").read_text(encoding="utf-8")
    assert shlex.split(command) == ["terraform", "import", block[1], block[2]]
