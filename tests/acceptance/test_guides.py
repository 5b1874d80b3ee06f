"""The guides' steps work and print the output that the guides quote, on the emulator with real Terraform."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.acceptance.configurations import REQUIRED, S3_SECRETS
from tests.acceptance.markdown_blocks import blocks
from tests.acceptance.terraform import reuse_init
from tests.preload.provider import preload_variables
from tools.workbench import Workbench

pytestmark = pytest.mark.slow

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"


@dataclass
class Reader:
    """A reader who follows a guide in a folder, on an emulator of their own.

    `output` is everything that the commands have printed.
    """

    bench: Workbench
    folder: Path
    output: str = ""
    secrets: dict[str, str] = field(default_factory=lambda: dict(S3_SECRETS))

    def write(self, text: str, name: str = "main.tf") -> None:
        """Write a file of the configuration, with the provider's address if the text has none."""
        complete = "required_providers" in text or name != "main.tf"
        (self.folder / name).write_text(text if complete else REQUIRED + text, encoding="utf-8")

    def terraform(self, *arguments: str, code: int = 0) -> None:
        """Run Terraform."""
        self.run(["terraform", *arguments], code)

    def run(self, command: list[str], code: int = 0) -> None:
        """Run a program, and assert its exit code."""
        self.bench.environment.update({f"TF_VAR_{name}": value for name, value in self.secrets.items()})
        done = self.bench.run(command, self.folder, check=False)
        assert done.returncode == code, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        self.output += done.stdout + done.stderr

    def apply(self, code: int = 0) -> None:
        """Apply without a prompt."""
        self.terraform("apply", "-auto-approve", code=code)

    def ids(self) -> dict[str, str]:
        """Return the ids of the managed objects in the state, by address."""
        state = json.loads((self.folder / "terraform.tfstate").read_text(encoding="utf-8"))
        return {
            f"{each['type']}.{each['name']}": each["instances"][0]["attributes"]["id"]
            for each in state["resources"]
            if each["mode"] == "managed"
        }


def new_reader(
    bench: Workbench, initialized: Path, folder: Path, emulator: str = "flow-service.sqlite"
) -> Reader:
    """Return a reader with a folder that contains only the result of `terraform init`."""
    folder.mkdir()
    reuse_init(initialized, folder)
    variables = {
        **preload_variables(bench.environment),
        "AEP_ENDPOINT": f"emulator:{emulator}",
        "FLOWBRIDGE_POLL_INTERVAL": "0.01",
    }
    return Reader(Workbench(bench.folder, bench.repo, variables), folder)


def unseen_quotes(page: str, output: str) -> list[str]:
    """Return the lines that a guide quotes and the output lacks; `...` matches any text."""
    seen = " ".join(output.split())
    lines = [line for text in blocks(GUIDES / page, "text") for line in text.splitlines() if line.strip()]
    assert lines
    return [
        line
        for line in lines
        if not re.search(".*".join(map(re.escape, " ".join(line.split()).split("..."))), seen)
    ]


def test_first_export_guide(bench: Workbench, initialized: Path, tmp_path: Path) -> None:
    """The steps print what the guide quotes, and without the emulator end with missing credentials."""
    page = GUIDES / "first-export.md"
    main, runs = blocks(page, "hcl")
    [clock] = re.findall(r"^flowbridge emulator clock .*$", page.read_text(encoding="utf-8"), re.M)
    reader = new_reader(bench, initialized, tmp_path / "work")
    reader.write(main)
    reader.terraform("plan")
    reader.apply()
    reader.terraform("plan")
    reader.write(runs, "runs.tf")
    reader.run(shlex.split(clock))
    reader.apply()
    reader.terraform("destroy", "-auto-approve")

    assert unseen_quotes(page.name, reader.output) == []

    del reader.bench.environment["AEP_ENDPOINT"]
    reader.apply(code=1)
    assert "Error: Missing credentials" in reader.output
    assert reader.ids() == {}


def test_rotating_credentials_guide(bench: Workbench, initialized: Path, tmp_path: Path) -> None:
    """The steps print what the guide quotes."""
    without_version, _trust_policy, with_version = blocks(GUIDES / "rotating-credentials.md", "hcl")
    reader = new_reader(bench, initialized, tmp_path / "work")
    reader.write(without_version)
    reader.apply()
    reader.secrets["s3_secret_key"] = "another/secret+another/secret+another+12"
    reader.terraform("plan", "-detailed-exitcode", code=2)
    reader.apply()
    reader.write(with_version)
    reader.apply()
    reader.secrets["s3_secret_key"] = "a/third/secret+a/third/secret+a/third+12"
    reader.terraform("plan", "-detailed-exitcode")
    reader.write(re.sub(r"(credentials_version = )1", r"\g<1>2", with_version))
    reader.apply()
    keys = re.compile(r"amazon_s3 = \{.*?\}", re.S)
    role = 'amazon_s3 = { s3_role = "arn:aws:iam::111122223333:role/aep-export" }'
    reader.write(keys.sub(role, with_version.replace("= 1", "= 2")))
    reader.terraform("plan", "-detailed-exitcode")  # the number is the same
    reader.write(keys.sub("amazon_s3 = {}", without_version))
    reader.apply()  # takes the number out of the state
    reader.terraform("plan", "-detailed-exitcode")
    reader.write(keys.sub(role, without_version))
    reader.terraform("plan", "-detailed-exitcode", code=2)

    assert unseen_quotes("rotating-credentials.md", reader.output) == []


def test_changing_datasets_guide(bench: Workbench, initialized: Path, tmp_path: Path) -> None:
    """The steps keep the flow. Without `create_before_destroy` the apply fails and changes nothing."""
    main, datasets = blocks(GUIDES / "changing-datasets.md", "hcl")
    other = re.sub(r"^  datasets = .*\n", datasets, main, flags=re.M)
    bare = re.sub(r"\n  lifecycle \{.*?\n  \}\n", "", main, flags=re.S)
    assert len({main, other, bare}) == 3
    reader = new_reader(bench, initialized, tmp_path / "work")
    reader.write(main)
    reader.apply()
    before = reader.ids()
    reader.write(other)
    reader.apply()
    after = reader.ids()
    reader.write(bare)
    reader.apply(code=1)
    stopped = reader.ids()
    reader.write(main)
    reader.apply()

    assert unseen_quotes("changing-datasets.md", reader.output) == []
    assert {name for name in before if before[name] != after[name]} == {"aep_source_connection.orders"}
    assert stopped == after
    assert reader.ids()["aep_flow.orders"] == before["aep_flow.orders"]


def test_importing_guide(bench: Workbench, initialized: Path, tmp_path: Path) -> None:
    """Both ways to import change nothing but send the secrets."""
    [main, _] = blocks(GUIDES / "first-export.md", "hcl")
    imports, secrets = blocks(GUIDES / "importing.md", "hcl")
    emulator = str(tmp_path / "shared.sqlite")
    creator = new_reader(bench, initialized, tmp_path / "creator", emulator)
    creator.write(main)
    creator.apply()
    created = creator.ids()
    imports = re.sub(
        r'to = (\S+)(\n\s*id = )".*"',
        lambda found: f'to = {found[1]}{found[2]}"{created[found[1]]}"',
        imports,
    )
    assert all(identifier in imports for identifier in created.values())
    assert secrets in main

    reader = new_reader(bench, initialized, tmp_path / "generated", emulator)
    reader.write(main[: main.index("resource ")])
    reader.write(imports, "imports.tf")
    reader.terraform("plan", "-generate-config-out=generated.tf")
    reader.output += (reader.folder / "generated.tf").read_text(encoding="utf-8")
    reader.apply()
    reader.terraform("plan", "-detailed-exitcode")
    (reader.folder / "imports.tf").unlink()
    (reader.folder / "generated.tf").unlink()
    without_output = main[: main.index("output ")]
    reader.write(without_output.replace(secrets, "  amazon_s3 = {}\n"))
    reader.terraform("plan", "-detailed-exitcode")
    reader.write(without_output)
    reader.terraform("plan", "-detailed-exitcode", code=2)

    writer = new_reader(bench, initialized, tmp_path / "written", emulator)
    shutil.copy(creator.folder / "main.tf", writer.folder)
    writer.write(imports, "imports.tf")
    writer.apply()
    writer.terraform("plan", "-detailed-exitcode")

    assert unseen_quotes("importing.md", reader.output + writer.output) == []
    assert writer.ids() == created
