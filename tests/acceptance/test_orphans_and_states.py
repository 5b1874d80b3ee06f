"""What Terraform has lost is reported by `flowbridge orphans`, and can be taken over or deleted."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from tests.acceptance.configurations import EXPORT
from tests.acceptance.fake_flow_service import COLLECTIONS, FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow


def flowbridge(terraform: Terraform, *arguments: str, code: int) -> str:
    """Run `flowbridge` in Terraform's folder, and return what it prints."""
    done = subprocess.run(
        ["flowbridge", *arguments],
        cwd=terraform.folder,
        env=terraform.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, f"it ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


def test_what_terraform_lost_is_reported_then_imported_or_deleted(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """After the state of an export is lost, all four objects are reported. The printed import blocks take
    them over, and nothing is created a second time. Objects that are removed from the state are reported too;
    they can be deleted once no other object uses them, and the objects in the state are kept.
    """
    terraform.write(EXPORT)
    terraform.apply()
    created = {address: attributes["id"] for address, attributes in terraform.state().items()}
    (terraform.folder / "terraform.tfstate").unlink()

    printed = flowbridge(terraform, "orphans", "--no-state", code=1)
    blocks = re.findall(r"^  import \{.*?^  \}\n", printed, re.M | re.S)
    imports = dict(re.findall(r"to = (\S+)\.<name>\n    id = \"(.+)\"", "".join(blocks)))
    assert {f"{kind}.this": identifier for kind, identifier in imports.items()} == created
    terraform.write("".join(blocks).replace("<name>", "this"), "imports.tf")
    with flow_service.recording() as requests:
        terraform.apply()
    assert [each for each in requests if each.method == "POST" and "flowservice" in each.path] == []
    assert "No orphans: all 4 objects" in flowbridge(terraform, "orphans", code=0)

    terraform.run("state", "rm", "aep_flow.this", "aep_target_connection.this", expected=(0,))
    flow, target = json.loads(flowbridge(terraform, "orphans", "--json", code=1))["orphans"]
    assert [flow["id"], target["id"]] == [imports["aep_flow"], imports["aep_target_connection"]]
    assert [each["id"] for each in target["used_by"]] == [flow["id"]]
    flowbridge(terraform, "delete", "--yes", target["id"], code=1)  # the flow uses it
    flowbridge(terraform, "delete", "--yes", flow["id"], code=0)
    flowbridge(terraform, "delete", "--yes", target["id"], code=0)
    left = [each["id"] for name in COLLECTIONS for each in flow_service.entities(name)]
    assert left == [imports["aep_source_connection"], imports["aep_base_connection"]]
