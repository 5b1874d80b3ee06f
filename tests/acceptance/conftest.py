"""Fixtures of the acceptance tests: an installed provider, a working folder and an emulator.

A missing `terraform` fails the tests instead of skipping them. The workbench sets the whole environment, so
no configuration of the user is read.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.configurations import NOW, PROVIDER
from tests.acceptance.fake_flow_service import FakeFlowService, run_fake_flow_service
from tests.acceptance.terraform import Terraform, reuse_init
from tools.workbench import Workbench

REPO = Path(__file__).parents[2]

TEST_SETTINGS = {"FLOWBRIDGE_POLL_INTERVAL": "0.01", "FLOWBRIDGE_SELF_CHECK": "1"}
"""Poll without delay, and check every plan and apply against Terraform's consistency rules."""


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory, preload: dict[str, str]) -> Workbench:
    """Install the provider once, into a filesystem mirror, as `flowbridge install` does."""
    bench = Workbench(tmp_path_factory.mktemp("bench"), REPO, preload)
    bench.install_provider()
    return bench


@pytest.fixture(scope="session")
def initialized(bench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run `terraform init` once, for all tests that use one provider and no module."""
    folder = tmp_path_factory.mktemp("initialized")
    terraform = Terraform(folder, bench.environment)
    terraform.write(PROVIDER)
    terraform.init()
    return folder


@pytest.fixture
def flow_service(tmp_path: Path) -> Iterator[FakeFlowService]:
    """An empty emulator on loopback that records every request."""
    with run_fake_flow_service(tmp_path / "recorded.sqlite") as service:
        service.set_clock(NOW)
        yield service


@pytest.fixture
def folder(tmp_path: Path, initialized: Path) -> Path:
    """An empty working folder that is initialized already."""
    folder = tmp_path / "work"
    folder.mkdir()
    reuse_init(initialized, folder)
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the HCL examples and modules, so that no test writes into the project."""
    copy = tmp_path / "checkout"
    for part in ("examples/terraform", "modules"):
        shutil.copytree(REPO / part, copy / part, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    return copy


@pytest.fixture
def emulator_file(tmp_path: Path) -> Path:
    """The file of the emulator that runs inside the provider."""
    return tmp_path / "flow-service.sqlite"


@pytest.fixture
def embedded_environment(bench: Workbench, emulator_file: Path) -> dict[str, str]:
    """Terraform's environment with the emulator inside the provider, over `emulator_file`."""
    return {
        **bench.environment,
        **TEST_SETTINGS,
        "AEP_ENDPOINT": f"emulator:{emulator_file}",
    }


@pytest.fixture
def terraform(folder: Path, bench: Workbench, flow_service: FakeFlowService) -> Terraform:
    """Terraform in `folder`, with a provider that sends its requests to `flow_service`."""
    environment = {**bench.environment, **TEST_SETTINGS, **flow_service.environment, "FLOWBRIDGE_NOW": NOW}
    return Terraform(folder, environment)
