"""The CDKTF examples synthesise, and their READMEs name the variables that they need."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from provider_shim.cli.check.configuration import check_configuration
from provider_shim.destinations import BY_NAME, DESTINATIONS

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


def documented_variables(example: str) -> set[str]:
    """The variables that the example's README sets."""
    return set(re.findall(r"^export TF_VAR_(\w+)=", (EXAMPLES / example / "README.md").read_text(), re.M))


def test_all_destinations(tmp_path: Path) -> None:
    """Every destination has an export with the attributes of one method; its id is an output."""
    document = synthesized("all_destinations", tmp_path)
    made = document["resource"]
    names = [name.removesuffix("_flow_id") for name in document["output"]]
    used = [
        (destination.name, {*base[destination.name]})
        for base in made["aep_base_connection"].values()
        for destination in DESTINATIONS
        if destination.name in base
    ]

    assert {kind: len(each) for kind, each in made.items()} == dict.fromkeys(
        ("aep_source_connection", "aep_base_connection", "aep_target_connection", "aep_flow"), len(names)
    )
    assert sorted({name for name, _ in used}) == sorted(each.name for each in DESTINATIONS)
    for name, given in used:
        destination = BY_NAME[name]
        methods = [destination.fields_of(each) for each in destination.methods] or [()]
        assert given in [{each.name for each in fields if not each.optional} for fields in methods]
    assert sorted(each["name"] for each in made["aep_flow"].values()) == sorted(
        f"orders_{name}" for name in names
    )
    assert document["provider"] == {"aep": [{}]}


@pytest.mark.parametrize("example", ["all_destinations", "nightly_s3_export"])
def test_the_readme_names_the_variables(example: str, tmp_path: Path) -> None:
    """Each variable of the stack is ephemeral, has no default, and is set in the README."""
    variables = synthesized(example, tmp_path)["variable"]

    assert set(variables) == documented_variables(example)
    assert all(each["ephemeral"] and "default" not in each for each in variables.values())


def test_check_finds_a_mistyped_key_in_a_synthesized_stack(tmp_path: Path) -> None:
    """`flowbridge check` reports nothing in what `cdktf synth` wrote, and a renamed key with its line."""
    synthesized("all_destinations", tmp_path / "cdktf.out")
    before = check_configuration(tmp_path)
    [stack] = tmp_path.glob("cdktf.out/stacks/*/cdk.tf.json")
    text = stack.read_text()
    stack.write_text(text.replace('"connection_string"', '"conection_string"', 1))

    findings = check_configuration(tmp_path)

    assert (before.unknown, before.not_checked, before.unreadable) == ([], [], [])
    assert before.blocks == findings.blocks > 4 * len(DESTINATIONS)
    [found] = findings.unknown
    assert (found.path, found.key, found.suggestion) == (
        "azure_blob",
        "conection_string",
        "connection_string",
    )
    assert text.splitlines()[found.place.line - 1].strip().startswith('"connection_string"')


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
