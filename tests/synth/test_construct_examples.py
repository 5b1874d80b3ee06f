"""The CDKTF examples synthesise, and say in their READMEs what they need."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "cdktf"
CANARY = "AKIACANARYCANARYCANA"


def synthesized(example: str, folder: Path) -> dict[str, Any]:
    """The stack of an example, written by its own app as the `cdktf` command line starts it."""
    settings = json.loads((EXAMPLES / example / "cdktf.json").read_text())
    assert settings["app"] == "python main.py"
    environment = {
        **os.environ,
        "CDKTF_OUTDIR": str(folder),
        **{f"TF_VAR_{name}": CANARY for name in ("s3_access_key", "s3_role", "sftp_password")},
        "AEP_CLIENT_SECRET": CANARY,
    }
    subprocess.run(
        [sys.executable, "main.py"], cwd=EXAMPLES / example, env=environment, check=True, capture_output=True
    )
    [stack] = folder.glob("stacks/*/cdk.tf.json")
    assert CANARY not in stack.read_text()
    document: dict[str, Any] = json.loads(stack.read_text())
    return document


def told_variables(example: str) -> set[str]:
    """The variables that the example's README sets."""
    return set(re.findall(r"^export TF_VAR_(\w+)=", (EXAMPLES / example / "README.md").read_text(), re.M))


def test_all_destinations(tmp_path: Path) -> None:
    """Seven exports to six destinations with seven ways to log in; their flow ids are the outputs."""
    document = synthesized("all_destinations", tmp_path)
    made = document["resource"]
    blocks = ("amazon_s3", "azure_blob", "adls_gen2", "data_landing_zone", "google_cloud_storage", "sftp")

    assert {kind: len(each) for kind, each in made.items()} == {
        "aep_source_connection": 7,
        "aep_base_connection": 7,
        "aep_target_connection": 7,
        "aep_flow": 7,
    }
    assert sorted(
        (block, *sorted(base[block]))
        for base in made["aep_base_connection"].values()
        for block in blocks
        if block in base
    ) == [
        ("adls_gen2", "service_principal_id", "service_principal_key", "tenant", "url"),
        ("amazon_s3", "s3_access_key", "s3_secret_key"),
        ("azure_blob", "connection_string"),
        ("data_landing_zone",),
        ("google_cloud_storage", "access_key_id", "secret_access_key"),
        ("sftp", "domain", "password", "username"),
        ("sftp", "domain", "ssh_key", "username"),
    ]
    assert document["output"].keys() == {
        "s3_flow_id",
        "azure_blob_flow_id",
        "adls_gen2_flow_id",
        "data_landing_zone_flow_id",
        "google_cloud_storage_flow_id",
        "sftp_password_flow_id",
        "sftp_ssh_key_flow_id",
    }
    assert document["provider"] == {"aep": [{}]}


@pytest.mark.parametrize("example", ["all_destinations", "nightly_s3_export"])
def test_the_readme_names_the_variables(example: str, tmp_path: Path) -> None:
    """Each variable of the stack is ephemeral, has no default, and is set in the README."""
    variables = synthesized(example, tmp_path)["variable"]

    assert set(variables) == told_variables(example)
    assert all(each["ephemeral"] and "default" not in each for each in variables.values())


def test_nightly_s3_export(tmp_path: Path) -> None:
    """One export with one output."""
    document = synthesized("nightly_s3_export", tmp_path)

    assert {kind: len(each) for kind, each in document["resource"].items()} == {
        "aep_source_connection": 1,
        "aep_base_connection": 1,
        "aep_target_connection": 1,
        "aep_flow": 1,
    }
    assert list(document["output"]) == ["flow_id"]
