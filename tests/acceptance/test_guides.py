"""Whoever follows a guide sees what it says, on the emulator and with the real Terraform."""

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
from tests.acceptance.terraform import link_prepared
from tools.workbench import Workbench

pytestmark = pytest.mark.slow

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"


@dataclass
class Reader:
    """Somebody who follows a guide in a folder, on an emulator of their own; `said` is all that they see."""

    bench: Workbench
    folder: Path
    said: str = ""
    secrets: dict[str, str] = field(default_factory=lambda: dict(S3_SECRETS))

    def write(self, text: str, name: str = "main.tf") -> None:
        """Write a file of the configuration, with the provider's address where the text leaves it out."""
        given = "required_providers" in text or name != "main.tf"
        (self.folder / name).write_text(text if given else REQUIRED + text, encoding="utf-8")

    def terraform(self, *arguments: str, code: int = 0) -> None:
        """Run Terraform."""
        self.run(["terraform", *arguments], code)

    def run(self, command: list[str], code: int = 0) -> None:
        """Run a program, which must end with `code`."""
        self.bench.environment.update({f"TF_VAR_{name}": value for name, value in self.secrets.items()})
        done = self.bench.run(command, self.folder, check=False)
        assert done.returncode == code, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        self.said += done.stdout + done.stderr

    def apply(self, code: int = 0) -> None:
        """Apply, as somebody who answers yes."""
        self.terraform("apply", "-auto-approve", code=code)

    def ids(self) -> dict[str, str]:
        """The ids in the state, by address."""
        state = json.loads((self.folder / "terraform.tfstate").read_text(encoding="utf-8"))
        return {
            f"{each['type']}.{each['name']}": each["instances"][0]["attributes"]["id"]
            for each in state["resources"]
            if each["mode"] == "managed"
        }


def reader(bench: Workbench, prepared: Path, folder: Path, emulator: str = "flow-service.sqlite") -> Reader:
    """A reader with an empty folder in which `terraform init` was run."""
    folder.mkdir()
    link_prepared(prepared, folder)
    variables = {"AEP_ENDPOINT": f"emulator:{emulator}", "FLOWBRIDGE_POLL_INTERVAL": "0.01"}
    return Reader(Workbench(bench.folder, bench.repo, variables), folder)


def missing(page: str, said: str) -> list[str]:
    """The lines that a guide quotes and that were not seen; `...` stands for anything."""
    seen = " ".join(said.split())
    lines = [line for text in blocks(GUIDES / page, "text") for line in text.splitlines() if line.strip()]
    assert lines
    return [
        line
        for line in lines
        if not re.search(".*".join(map(re.escape, " ".join(line.split()).split("..."))), seen)
    ]


def test_the_guide_to_the_first_export(bench: Workbench, prepared: Path, tmp_path: Path) -> None:
    """Whoever follows it sees what it quotes, and ends at the missing credentials that it foretells."""
    page = GUIDES / "first-export.md"
    main, runs = blocks(page, "hcl")
    [clock] = re.findall(r"^flowbridge emulator clock .*$", page.read_text(encoding="utf-8"), re.M)
    person = reader(bench, prepared, tmp_path / "work")
    person.write(main)
    person.terraform("plan")
    person.apply()
    person.terraform("plan")
    person.write(runs, "runs.tf")
    person.run(shlex.split(clock))
    person.apply()
    person.terraform("destroy", "-auto-approve")

    assert missing(page.name, person.said) == []

    del person.bench.environment["AEP_ENDPOINT"]
    person.apply(code=1)
    assert "Error: Missing credentials" in person.said
    assert person.ids() == {}


def test_the_guide_to_rotation(bench: Workbench, prepared: Path, tmp_path: Path) -> None:
    """Whoever follows it sees what it quotes."""
    noticed, numbered = blocks(GUIDES / "rotating-credentials.md", "hcl")
    person = reader(bench, prepared, tmp_path / "work")
    person.write(noticed)
    person.apply()
    person.secrets["s3_secret_key"] = "another/secret+another/secret+another+12"
    person.terraform("plan", "-detailed-exitcode", code=2)
    person.apply()
    person.write(numbered)
    person.apply()
    person.secrets["s3_secret_key"] = "a/third/secret+a/third/secret+a/third+12"
    person.terraform("plan", "-detailed-exitcode")
    person.write(re.sub(r"(credentials_version = )1", r"\g<1>2", numbered))
    person.apply()
    keys = re.compile(r"amazon_s3 = \{.*?\}", re.S)
    role = 'amazon_s3 = { s3_role = "arn:aws:iam::111122223333:role/aep-export" }'
    person.write(keys.sub(role, numbered.replace("= 1", "= 2")))
    person.terraform("plan", "-detailed-exitcode")  # the number is the same
    person.write(keys.sub("amazon_s3 = {}", noticed))
    person.apply()  # takes the number out of the state
    person.terraform("plan", "-detailed-exitcode")
    person.write(keys.sub(role, noticed))
    person.terraform("plan", "-detailed-exitcode", code=2)

    assert missing("rotating-credentials.md", person.said) == []


def test_the_guide_to_other_datasets(bench: Workbench, prepared: Path, tmp_path: Path) -> None:
    """Whoever follows it keeps the flow; without the line nothing is changed, and the line mends it."""
    main, datasets = blocks(GUIDES / "changing-datasets.md", "hcl")
    other = re.sub(r"^  datasets = .*\n", datasets, main, flags=re.M)
    bare = re.sub(r"\n  lifecycle \{.*?\n  \}\n", "", main, flags=re.S)
    assert len({main, other, bare}) == 3
    person = reader(bench, prepared, tmp_path / "work")
    person.write(main)
    person.apply()
    before = person.ids()
    person.write(other)
    person.apply()
    after = person.ids()
    person.write(bare)
    person.apply(code=1)
    stopped = person.ids()
    person.write(main)
    person.apply()

    assert missing("changing-datasets.md", person.said) == []
    assert {name for name in before if before[name] != after[name]} == {"aep_source_connection.orders"}
    assert stopped == after
    assert person.ids()["aep_flow.orders"] == before["aep_flow.orders"]


def test_the_guide_to_importing(bench: Workbench, prepared: Path, tmp_path: Path) -> None:
    """Whoever follows it, in either way, changes nothing but that the secrets are sent."""
    [main, _] = blocks(GUIDES / "first-export.md", "hcl")
    imports, secrets = blocks(GUIDES / "importing.md", "hcl")
    emulator = str(tmp_path / "shared.sqlite")
    maker = reader(bench, prepared, tmp_path / "maker", emulator)
    maker.write(main)
    maker.apply()
    made = maker.ids()
    imports = re.sub(
        r'to = (\S+)(\n\s*id = )".*"', lambda found: f'to = {found[1]}{found[2]}"{made[found[1]]}"', imports
    )
    assert all(identifier in imports for identifier in made.values())
    assert secrets in main

    person = reader(bench, prepared, tmp_path / "generated", emulator)
    person.write(main[: main.index("resource ")])
    person.write(imports, "imports.tf")
    person.terraform("plan", "-generate-config-out=generated.tf")
    person.said += (person.folder / "generated.tf").read_text(encoding="utf-8")
    person.apply()
    person.terraform("plan", "-detailed-exitcode")
    (person.folder / "imports.tf").unlink()
    (person.folder / "generated.tf").unlink()
    without_output = main[: main.index("output ")]
    person.write(without_output.replace(secrets, "  amazon_s3 = {}\n"))
    person.terraform("plan", "-detailed-exitcode")
    person.write(without_output)
    person.terraform("plan", "-detailed-exitcode", code=2)

    writer = reader(bench, prepared, tmp_path / "written", emulator)
    shutil.copy(maker.folder / "main.tf", writer.folder)
    writer.write(imports, "imports.tf")
    writer.apply()
    writer.terraform("plan", "-detailed-exitcode")

    assert missing("importing.md", person.said + writer.said) == []
    assert writer.ids() == made
