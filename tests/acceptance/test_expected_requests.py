"""The provider sends the requests of Adobe's tutorial.

The expected requests are data in `expected_requests/`, copied from the tutorial by hand and never generated
from the provider's schema. Each file states its source and its differences from the tutorial's sample. The
destination's blocks in `configuration` are inserted into one template.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Template
from typing import Any

import pytest

from flow_emulator import identity
from tests.acceptance.configurations import EXPORT, PROVIDER
from tests.acceptance.fake_flow_service import SERVICE, TOKEN, FakeFlowService, Request
from tests.acceptance.terraform import Terraform
from tools.example_values import EXAMPLE_EXPORTS

pytestmark = pytest.mark.slow

EXPECTED = Path(__file__).with_name("expected_requests")
TEMPLATE = Template((EXPECTED / "export.tf.template").read_text(encoding="utf-8"))
EXPORTS = sorted(path.stem for path in EXPECTED.glob("*.json") if path.stem != "lookups")
READ_REQUESTS = json.loads((EXPECTED / "lookups.json").read_text(encoding="utf-8"))["requests"]


TUTORIAL = {
    "adls_gen2",
    "amazon_s3_access_key",
    "amazon_s3_role",
    "azure_blob",
    "data_landing_zone",
    "google_cloud_storage",
    "sftp_password",
    "sftp_ssh_key",
}
"""The destinations of the tutorial, with their authentication methods."""

BEFORE_THE_START = "2023-02-01T00:00:00Z"
"""The tutorial's start time is the 9th of February 2023."""


def test_every_tutorial_destination_has_expected_requests() -> None:
    """Each destination of the tutorial has a file of expected requests, and each file is for an export."""
    assert {*EXPORTS} >= TUTORIAL
    assert {*EXPORTS} <= {each.name for each in EXAMPLE_EXPORTS}


@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_is_created_by_the_documented_requests(
    export: str, terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """An apply sends the four documented requests and otherwise only token requests and reads.

    The next plan is empty.
    """
    expected = json.loads((EXPECTED / f"{export}.json").read_text(encoding="utf-8"))
    terraform.write(_configuration(expected))
    terraform.variables(**expected["variables"])
    terraform.environment["FLOWBRIDGE_NOW"] = BEFORE_THE_START
    flow_service.set_clock(BEFORE_THE_START)

    with flow_service.recording() as sent:
        terraform.apply()

    writes = {
        each.path.rsplit("/", 1)[-1]: each for each in sent if each.method != "GET" and each.path != TOKEN
    }
    ids = {
        "<FROM_STEP_CREATE_SOURCE_CONNECTION>": writes["sourceConnections"].response_json["id"],
        "<FROM_STEP_CREATE_TARGET_BASE_CONNECTION>": writes["connections"].response_json["id"],
        "<FROM_STEP_CREATE_TARGET_CONNECTION>": writes["targetConnections"].response_json["id"],
    }
    documented = _with_ids(list(expected["requests"].values()), ids)
    tokens = _tokens(sent)
    assert sorted(_writes(sent)) == sorted((each["method"], each["path"]) for each in documented)
    for each in documented:
        request = writes[each["path"].rsplit("/", 1)[-1]]
        assert request.json == each["body"]
        _assert_headers(request, each["headers"], tokens)
    _assert_only_reads_of(sent, writes["flows"].response_json["id"])
    terraform.assert_empty_plan()


@pytest.mark.parametrize("destination", sorted(READ_REQUESTS["connection_specs"]))
def test_a_connection_spec_is_read_by_the_documented_request(
    destination: str, terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """The data source of connection specs sends the tutorial's first request."""
    expected = READ_REQUESTS["connection_specs"][destination]
    terraform.write(PROVIDER + f'data "aep_connection_spec" "this" {{\n  destination = "{destination}"\n}}\n')

    with flow_service.recording() as sent:
        terraform.plan()

    _assert_read(sent, expected)


def test_the_datasets_are_listed_by_the_documented_request(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """The data source of datasets sends the tutorial's request to the data lake's connection spec."""
    terraform.write(PROVIDER + 'data "aep_datasets" "all" {}\n')

    with flow_service.recording() as sent:
        terraform.plan()

    _assert_read(sent[:2], READ_REQUESTS["datasets"])


def test_the_runs_are_listed_by_the_documented_request(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """The data source of runs sends the tutorial's last request, with the flow's id."""
    terraform.write(EXPORT + 'data "aep_flow_runs" "this" {\n  flow_id = aep_flow.this.id\n}\n')

    with flow_service.recording() as sent:
        terraform.apply()

    runs = [each for each in sent if each.path == f"{SERVICE}/runs"]
    flow = terraform.state()["aep_flow.this"]["id"]
    expected = _with_ids(READ_REQUESTS["runs"], {"<FROM_STEP_CREATE_DATAFLOW>": flow})
    _assert_read([*(each for each in sent if each.path == TOKEN), *runs], expected)


def _configuration(expected: dict[str, Any]) -> str:
    """Return the configuration of one export from the template. The JSON of a block is valid HCL."""
    bodies = {step: request["body"] for step, request in expected["requests"].items()}
    variables = (
        f'variable "{name}" {{\n  type      = string\n  ephemeral = true\n}}'
        for name in expected["variables"]
    )
    blocks = {
        resource: f"{name} = {json.dumps(block)}"
        for resource, destination in expected["configuration"].items()
        for name, block in destination.items()
    }
    names = {f"{step}_name": json.dumps(body["name"]) for step, body in bodies.items()}
    return TEMPLATE.substitute(
        variables="\n\n".join(variables),
        flow_description=json.dumps(bodies["flow"]["description"]),
        **blocks,
        **names,
    )


def _writes(sent: list[Request]) -> list[tuple[str, str]]:
    return [(each.method, each.path) for each in sent if each.method != "GET" and each.path != TOKEN]


def _tokens(sent: list[Request]) -> set[str]:
    return {each.response_json["access_token"] for each in sent if each.path == TOKEN}


def _with_ids(template: Any, ids: dict[str, str]) -> Any:
    text = json.dumps(template)
    for placeholder, identifier in ids.items():
        text = text.replace(placeholder, identifier)
    return json.loads(text)


def _assert_headers(request: Request, expected: dict[str, str], tokens: set[str]) -> None:
    known = {
        "{API_KEY}": identity.CLIENT_ID,
        "{ORG_ID}": identity.ORGANIZATION_ID,
        "{SANDBOX_NAME}": identity.DEFAULT_SANDBOX,
    }
    for name, value in expected.items():
        if name == "authorization":
            assert request.headers[name] in {value.replace("{ACCESS_TOKEN}", token) for token in tokens}
        else:
            assert request.headers[name] == known.get(value, value), name


def _assert_read(sent: list[Request], expected: dict[str, Any]) -> None:
    """Assert that all requests except token requests are the expected one."""
    reads = [each for each in sent if each.path != TOKEN]
    assert reads
    for request in reads:
        ignored = expected.get("free_query", [])
        query = {name: value for name, value in request.query if name not in ignored}
        assert (request.method, request.path, query) == (
            expected["method"],
            expected["path"],
            expected["query"],
        )
        assert not request.body
        _assert_headers(request, expected["headers"], _tokens(sent))


def _assert_only_reads_of(sent: list[Request], flow: str) -> None:
    """Assert that all reads are of the flow, list a collection to find orphans, or list the datasets once."""
    allowed = re.compile(rf"{SERVICE}/(flows/{flow}|flows|connections|sourceConnections|targetConnections)")
    others = [each.path for each in sent if each.method == "GET" and not allowed.fullmatch(each.path)]
    assert others == [READ_REQUESTS["datasets"]["path"]]
