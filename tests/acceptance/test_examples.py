"""Every HCL example does what its README describes, on the emulator inside the provider."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flow_emulator.emulator_file import clock
from tests.acceptance.conftest import REPO
from tests.acceptance.fake_flow_service import run_fake_flow_service
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

VARIABLES = {
    "s3_export": {
        "s3_access_key": "AKIAEXAMPLEEXAMPLE22",
        "s3_secret_key": "example/example/example/example/example1",
    },
    "module_export": {
        "connection_string": "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=ZXhhbXBsZQ==",
    },
}


def _example(checkout: Path, name: str, embedded_environment: dict[str, str]) -> Terraform:
    example = Terraform(checkout / "examples" / "terraform" / name, embedded_environment)
    example.variables(**VARIABLES.get(name, {}))
    return example


def _object_names(emulator_file: Path) -> dict[str, list[str]]:
    with run_fake_flow_service(emulator_file) as service:
        return service.object_names()


def test_every_example_is_tested() -> None:
    """Every example has a test and a README."""
    examples = sorted((REPO / "examples" / "terraform").iterdir())

    assert sorted([*VARIABLES, "alongside"]) == [each.name for each in examples]
    assert all((each / "README.md").exists() for each in examples)


@pytest.mark.parametrize("name", VARIABLES)
def test_an_example_is_applied_and_destroyed(
    name: str, checkout: Path, embedded_environment: dict[str, str], emulator_file: Path
) -> None:
    """An example can be initialized and applied, plans empty, and leaves nothing after a destroy."""
    example = _example(checkout, name, embedded_environment)

    example.init()
    example.apply()
    example.assert_empty_plan()
    assert len(_object_names(emulator_file)) == 4
    example.destroy()

    assert _object_names(emulator_file) == {}


@pytest.mark.parametrize("name", VARIABLES)
def test_readmes_export_the_tested_variables(name: str) -> None:
    """The variables that a README exports have the values that the tests use."""
    readme = (REPO / "examples" / "terraform" / name / "README.md").read_text(encoding="utf-8")

    for variable, value in VARIABLES[name].items():
        exported = readme.split(f"export TF_VAR_{variable}=", 1)[1].splitlines()[0].strip("'")
        assert exported == value


def test_alongside_reads_the_flow_id_of_another_stack(
    checkout: Path, embedded_environment: dict[str, str], emulator_file: Path
) -> None:
    """`alongside` lists the runs of the other stack's flow, and its destroy leaves that stack as it was."""
    export, alongside = (
        _example(checkout, name, embedded_environment) for name in ("s3_export", "alongside")
    )
    export.init()
    export.apply()
    alongside.init()
    alongside.apply()
    alongside.assert_empty_plan()
    assert alongside.outputs() == {"loads_from": "s3://acme-aep/exports/orders", "runs": []}

    clock.set_clock(emulator_file, "2040-01-01T03:30:00Z")
    alongside.apply()
    runs = alongside.outputs()["runs"]
    assert [each["status"] for each in runs] == ["success", "success"]
    alongside.assert_empty_plan()

    alongside.destroy()
    assert len(_object_names(emulator_file)) == 4
    export.destroy()
    assert _object_names(emulator_file) == {}


def test_alongside_replaces_its_loader_with_the_flow(
    checkout: Path, embedded_environment: dict[str, str], emulator_file: Path
) -> None:
    """A replaced flow replaces the loader in `alongside`."""
    export, alongside = (
        _example(checkout, name, embedded_environment) for name in ("s3_export", "alongside")
    )
    export.init()
    export.apply()
    alongside.init()
    alongside.apply()

    export.apply("-replace=aep_flow.orders")

    assert alongside.plan().changes == {"terraform_data.loader": "replace"}


def test_the_project_contains_no_terraform_files() -> None:
    """The tests run in copies, so the project contains no state, lock file or `.terraform` folder."""
    found = [
        os.path.join(folder, name)
        for part in ("examples/terraform", "modules")
        for folder, folders, files in os.walk(REPO / part)
        for name in [*folders, *files]
        if name == ".terraform" or name.endswith((".tfstate", ".lock.hcl"))
    ]

    assert found == []
