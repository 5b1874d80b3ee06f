"""What every acceptance test stands on: an installed provider, a working folder, an emulator.

Terraform missing is a failure, never a skip. Nothing of the user's own set-up is read: the workbench gives
the whole environment.
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
"""Don't wait while nothing happens, and judge every plan and apply by Terraform's rules of consistency."""


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """The provider, installed once into a filesystem mirror as `flowbridge install` does it."""
    bench = Workbench(tmp_path_factory.mktemp("bench"), REPO)
    bench.install_provider()
    return bench


@pytest.fixture(scope="session")
def initialized(bench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after `terraform init`, whose result all tests with one provider and no module share."""
    folder = tmp_path_factory.mktemp("initialized")
    terraform = Terraform(folder, bench.environment)
    terraform.write(PROVIDER)
    terraform.init()
    return folder


@pytest.fixture
def flow_service(tmp_path: Path) -> Iterator[FakeFlowService]:
    """An empty emulator on loopback that writes down every request."""
    with run_fake_flow_service(tmp_path / "recorded.sqlite") as service:
        service.set_clock(NOW)
        yield service


@pytest.fixture
def folder(tmp_path: Path, initialized: Path) -> Path:
    """An empty working folder in which `terraform init` need not be run."""
    folder = tmp_path / "work"
    folder.mkdir()
    reuse_init(initialized, folder)
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the HCL that users copy, so that nothing is written into the project."""
    copy = tmp_path / "checkout"
    for part in ("examples/terraform", "modules"):
        shutil.copytree(REPO / part, copy / part, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    return copy


@pytest.fixture
def emulator_file(tmp_path: Path) -> Path:
    """The file of the emulator that runs inside the provider, for tests of what users type."""
    return tmp_path / "flow-service.sqlite"


@pytest.fixture
def embedded_environment(bench: Workbench, emulator_file: Path) -> dict[str, str]:
    """The environment of Terraform with the embedded emulator over `emulator_file`."""
    return {
        **bench.environment,
        **TEST_SETTINGS,
        "AEP_ENDPOINT": f"emulator:{emulator_file}",
    }


@pytest.fixture
def terraform(folder: Path, bench: Workbench, flow_service: FakeFlowService) -> Terraform:
    """Terraform in that folder, whose provider talks to `flow_service`."""
    environment = {**bench.environment, **TEST_SETTINGS, **flow_service.environment, "FLOWBRIDGE_NOW": NOW}
    return Terraform(folder, environment)
