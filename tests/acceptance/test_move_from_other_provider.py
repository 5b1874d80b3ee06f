"""`moved` blocks from resources of other providers, with the real Terraform."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from provider_shim.cli.address import SourceAddress
from provider_shim.cli.mirror import install_package, local_package
from tests.acceptance.configurations import PROVIDER, SOURCE
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform
from tools.workbench import Workbench

pytestmark = pytest.mark.slow

OTHER_ADDRESS = "terraform.local/older/aep"
REST_ADDRESS = "registry.terraform.io/mastercard/restapi"
REPO = Path(__file__).parents[2]
MOVED = """
moved {
  from = %s
  to   = aep_source_connection.this
}
"""


@pytest.fixture(scope="module")
def bench_of_three(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """A mirror with this provider under three addresses.

    Terraform reads the schema of a moved object's old provider. Any provider will do, because only the new
    provider reads the state.
    """
    bench = Workbench(tmp_path_factory.mktemp("two"), REPO)
    bench.install_provider()
    for address in (OTHER_ADDRESS, REST_ADDRESS):
        install_package(local_package(bench.mirror, SourceAddress.parse(address)))
    bench.cli_config.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{bench.mirror}"\n  }}\n}}\n',
        encoding="utf-8",
    )
    return bench


@pytest.fixture
def terraform(tmp_path: Path, bench_of_three: Workbench, flow_service: FakeFlowService) -> Terraform:
    """Terraform in an empty folder, with the three providers in its mirror."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Terraform(folder, {**bench_of_three.environment, **flow_service.environment})


def rewrite_state(terraform: Terraform, address: str, type_name: str, attributes: Any) -> None:
    """Rewrite the state as if a provider with this address had created its only object."""
    path = terraform.folder / "terraform.tfstate"
    state = json.loads(path.read_text(encoding="utf-8"))
    (resource,) = state["resources"]
    resource |= {"type": type_name, "name": "old", "provider": f'provider["{address}"]'}
    (instance,) = resource["instances"]
    resource["instances"] = [{**instance, **attributes}]
    path.write_text(json.dumps(state), encoding="utf-8")


def test_moving_from_another_provider_address(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """An object of the provider under another address is moved without being replaced."""
    terraform.write(PROVIDER + SOURCE)
    terraform.init()
    terraform.apply()
    identifier = terraform.state()["aep_source_connection.this"]["id"]
    rewrite_state(terraform, OTHER_ADDRESS, "aep_source_connection", {})
    terraform.write(PROVIDER + SOURCE + MOVED % "aep_source_connection.old")
    terraform.init()

    terraform.apply()
    terraform.assert_empty_plan()

    assert terraform.state()["aep_source_connection.this"]["id"] == identifier
    assert len(flow_service.entities("sourceConnections")) == 1


def test_moving_from_the_rest_provider(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """An object of the generic REST provider is moved by its id, and its attributes are read."""
    terraform.write(PROVIDER + SOURCE)
    terraform.init()
    terraform.apply()
    identifier = terraform.state()["aep_source_connection.this"]["id"]
    rest = {
        "id": identifier,
        "path": "/data/foundation/flowservice/sourceConnections",
        "data": json.dumps({"name": "orders"}),
        "api_data": {"id": identifier},
        "api_response": json.dumps({"id": identifier}),
    }
    rewrite_state(terraform, REST_ADDRESS, "restapi_object", {"attributes": rest, "private": None})
    terraform.write(PROVIDER + SOURCE + MOVED % "restapi_object.old")
    terraform.init()

    terraform.apply()
    terraform.assert_empty_plan()

    state = terraform.state()["aep_source_connection.this"]
    assert state["id"] == identifier
    assert state["datasets"] == [{"id": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]
    assert len(flow_service.entities("sourceConnections")) == 1
