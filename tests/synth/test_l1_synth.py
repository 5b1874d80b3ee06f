"""What the L1 constructs synthesise to, compared as a whole."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import cdktf
import pytest
from cdktf import (
    Fn,
    TerraformOutput,
    TerraformResourceLifecycle,
    TerraformStack,
    TerraformVariable,
    Token,
)

from constructs_lib import (
    AepProvider,
    BaseConnection,
    BaseConnectionAdlsGen2,
    BaseConnectionDataLandingZone,
    BaseConnectionEncryption,
    BaseConnectionSftp,
    ConstructError,
    DataConnectionSpec,
    DataDatasets,
    DataFlowRuns,
    DataFlowSpec,
    Flow,
    FlowSchedule,
    SecretVariable,
    SourceConnection,
    SourceConnectionDataset,
    TargetConnection,
    TargetConnectionAmazonS3,
    Timeouts,
    elements,
)
from constructs_lib.testing import resources, synthesize

pytestmark = pytest.mark.slow

FLOW_ID = "eb54b3b3-3949-4f12-89c8-64eafaba858f"
REQUIRED_PROVIDER = {"source": "terraform.local/flowbridge/aep", "version": f">= {version('aep-flowbridge')}"}


def synthesized(add: Any) -> dict[str, Any]:
    """The stack that has the provider and what `add` puts into it."""

    def build(stack: TerraformStack) -> None:
        AepProvider(stack, "aep")
        add(stack)

    document = synthesize(build)
    assert document.pop("terraform")["required_providers"] == {"aep": REQUIRED_PROVIDER}
    assert document.pop("provider") == {"aep": [{}]}
    return document


def test_source_connection() -> None:
    """A source connection has its datasets as objects, its `lifecycle` and its timeouts, and no nulls."""

    def add(stack: TerraformStack) -> None:
        SourceConnection(
            stack,
            "orders",
            name="orders",
            description="the orders",
            datasets=[SourceConnectionDataset(id="5ef3e3259ad2a1191ab7dd7d", name="Orders")],
            deletion_protection=True,
            timeouts=Timeouts(create="5m"),
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )

    assert synthesized(add) == {
        "resource": {
            "aep_source_connection": {
                "orders": {
                    "name": "orders",
                    "description": "the orders",
                    "datasets": [{"id": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}],
                    "deletion_protection": True,
                    "timeouts": {"create": "5m"},
                    "lifecycle": {"create_before_destroy": True},
                }
            }
        }
    }


def test_base_connections() -> None:
    """Credentials are references to ephemeral variables; a block without attributes stays there, empty."""

    def add(stack: TerraformStack) -> None:
        BaseConnection(
            stack,
            "server",
            name="server",
            sftp=BaseConnectionSftp(
                domain="sftp.example.org",
                username="aep",
                port=22,
                password=SecretVariable(stack, "password", description="The account's.").value,
            ),
            encryption=BaseConnectionEncryption(public_key="bWFkZSB1cA=="),
            credentials_version=2,
        )
        BaseConnection(stack, "zone", name="zone", data_landing_zone=BaseConnectionDataLandingZone())

    assert synthesized(add) == {
        "resource": {
            "aep_base_connection": {
                "server": {
                    "name": "server",
                    "sftp": {
                        "domain": "sftp.example.org",
                        "username": "aep",
                        "port": 22,
                        "password": "${var.password}",
                    },
                    "encryption": {"public_key": "bWFkZSB1cA=="},
                    "credentials_version": 2,
                },
                "zone": {"name": "zone", "data_landing_zone": {}},
            }
        },
        "variable": {
            "password": {
                "type": "string",
                "description": "The account's.",
                "sensitive": True,
                "ephemeral": True,
            }
        },
    }


def test_target_connection_and_flow_are_joined_by_references() -> None:
    """What one resource hands to another is a reference, of a text, a number or a truth value."""

    def add(stack: TerraformStack) -> None:
        target = TargetConnection(
            stack,
            "bucket",
            name="bucket",
            base_connection_id=FLOW_ID,
            amazon_s3=TargetConnectionAmazonS3(bucket_name="acme-aep", path="exports"),
            file_type="PARQUET",
            compression="NONE",
            include_file_manifest=False,
            on_change="replace",
        )
        hours = TerraformVariable(stack, "hours", type="number")
        enabled = TerraformVariable(stack, "enabled", type="bool")
        flow = Flow(
            stack,
            "orders",
            name="orders",
            destination=target.destination,
            source_connection_id=FLOW_ID,
            target_connection_id=target.id,
            schedule=FlowSchedule(
                export_mode="FIRST_FULL_THEN_INCREMENTAL",
                time_unit="hour",
                interval=hours.number_value,
                start_time="2031-12-01T00:00:00Z",
                folder_name_template="%DATASET_ID%/%EXPORT_TIME%",
            ),
            enabled=enabled.boolean_value,
            depends_on=[target],
        )
        TerraformOutput(stack, "end", value=Fn.lookup(flow.schedule, "end_time", ""))
        TerraformOutput(stack, "on", value=flow.enabled)

    assert synthesized(add) == {
        "resource": {
            "aep_target_connection": {
                "bucket": {
                    "name": "bucket",
                    "base_connection_id": FLOW_ID,
                    "amazon_s3": {"bucket_name": "acme-aep", "path": "exports"},
                    "file_type": "PARQUET",
                    "compression": "NONE",
                    "include_file_manifest": False,
                    "on_change": "replace",
                }
            },
            "aep_flow": {
                "orders": {
                    "name": "orders",
                    "destination": "${aep_target_connection.bucket.destination}",
                    "source_connection_id": FLOW_ID,
                    "target_connection_id": "${aep_target_connection.bucket.id}",
                    "schedule": {
                        "export_mode": "FIRST_FULL_THEN_INCREMENTAL",
                        "time_unit": "hour",
                        "interval": "${var.hours}",
                        "start_time": "2031-12-01T00:00:00Z",
                        "folder_name_template": "%DATASET_ID%/%EXPORT_TIME%",
                    },
                    "enabled": "${var.enabled}",
                    "depends_on": ["aep_target_connection.bucket"],
                }
            },
        },
        "variable": {"hours": {"type": "number"}, "enabled": {"type": "bool"}},
        "output": {
            "end": {"value": "${aep_flow.orders.schedule.end_time}"},
            "on": {"value": "${aep_flow.orders.enabled}"},
        },
    }


def test_data_sources() -> None:
    """Data sources are looked up by what is given, and their answers are references."""

    def add(stack: TerraformStack) -> None:
        datasets = DataDatasets(stack, "all", state="ENABLED")
        spec = DataConnectionSpec(stack, "connection", destination="amazon_s3")
        DataFlowSpec(stack, "flow", id=FLOW_ID)
        runs = DataFlowRuns(stack, "latest", flow_id=FLOW_ID, limit=10)
        TerraformOutput(stack, "datasets", value=datasets.datasets)
        TerraformOutput(stack, "methods", value=spec.authentication_methods)
        TerraformOutput(stack, "runs", value=runs.runs)

    assert synthesized(add) == {
        "data": {
            "aep_datasets": {"all": {"state": "ENABLED"}},
            "aep_connection_spec": {"connection": {"destination": "amazon_s3"}},
            "aep_flow_spec": {"flow": {"id": FLOW_ID}},
            "aep_flow_runs": {"latest": {"flow_id": FLOW_ID, "limit": 10}},
        },
        "output": {
            "datasets": {"value": "${data.aep_datasets.all.datasets}"},
            "methods": {"value": "${data.aep_connection_spec.connection.authentication_methods}"},
            "runs": {"value": "${data.aep_flow_runs.latest.runs}"},
        },
    }


def test_returned_datasets_can_be_exported() -> None:
    """A list that only Terraform will know takes the place of a list of objects."""

    def add(stack: TerraformStack) -> None:
        SourceConnection(
            stack, "every", name="every", datasets=DataDatasets(stack, "all", name="Orders").datasets
        )
        SourceConnection(stack, "raw", name="raw", datasets=Token.as_any("${local.datasets}"))

    assert [each["datasets"] for each in resources(synthesized(add), "aep_source_connection")] == [
        "${data.aep_datasets.all.datasets}",
        "${local.datasets}",
    ]


def test_provider_with_everything() -> None:
    """The provider takes its settings, an alias, another address and another version constraint."""

    def build(stack: TerraformStack) -> None:
        AepProvider(
            stack,
            "eu",
            alias="eu",
            source="registry.example.com/data/aep",
            version="~> 1.2",
            endpoint="emulator:aep.sqlite",
            client_secret=SecretVariable(stack, "client_secret").value,
            scopes=["openid", "read_organizations"],
            sandbox_name="dev-1",
            max_retries=3,
        )

    document = synthesize(build)

    assert document["provider"] == {
        "aep": [
            {
                "alias": "eu",
                "endpoint": "emulator:aep.sqlite",
                "client_secret": "${var.client_secret}",
                "scopes": ["openid", "read_organizations"],
                "sandbox_name": "dev-1",
                "max_retries": 3,
            }
        ]
    }
    assert document["terraform"]["required_providers"] == {
        "aep": {"source": "registry.example.com/data/aep", "version": "~> 1.2"}
    }


def test_a_resource_can_choose_its_provider_and_be_counted() -> None:
    """CDKTF's own arguments reach the resource."""

    def build(stack: TerraformStack) -> None:
        AepProvider(stack, "aep")
        other = AepProvider(stack, "other", alias="other")
        BaseConnection(
            stack,
            "zone",
            name="zone",
            data_landing_zone=BaseConnectionDataLandingZone(),
            provider=other,
            count=2,
        )

    assert synthesize(build)["resource"]["aep_base_connection"]["zone"] == {
        "name": "zone",
        "data_landing_zone": {},
        "provider": "aep.other",
        "count": 2,
    }


def test_existing_objects_can_be_imported() -> None:
    """A construct adopts an object by `import_from`; a class prepares the import of an unwritten one."""

    def add(stack: TerraformStack) -> None:
        base = BaseConnection(
            stack,
            "lake",
            name="lake",
            adls_gen2=BaseConnectionAdlsGen2(
                url="abfss://a@b.dfs.core.windows.net", tenant="acme", service_principal_id="id"
            ),
        )
        base.import_from(FLOW_ID)
        Flow.generate_config_for_import(stack, "found", FLOW_ID)

    assert synthesized(add)["import"] == [
        {"id": FLOW_ID, "to": "aep_base_connection.lake"},
        {"id": FLOW_ID, "to": "aep_flow.found"},
    ]


def test_hcl_instead_of_json() -> None:
    """`cdktf synth --hcl` writes every attribute too, and takes no text for a list or a number."""
    stack = cdktf.TerraformStack(cdktf.Testing.app(), "stack")
    AepProvider(stack, "aep", max_retries=3)
    SourceConnection(
        stack,
        "orders",
        name='[1] "orders"',
        description="2031",
        datasets=[SourceConnectionDataset(id="5ef3e3259ad2a1191ab7dd7d", name="Orders")],
        deletion_protection=True,
    )

    written = [line.strip() for line in cdktf.Testing.synth_hcl(stack).splitlines()]

    assert written[written.index('resource "aep_source_connection" "orders" {') :] == [
        'resource "aep_source_connection" "orders" {',
        'name = "[1] \\"orders\\""',
        "datasets = [",
        "{",
        'id = "5ef3e3259ad2a1191ab7dd7d"',
        'name = "Orders"',
        "},",
        "]",
        'description = "2031"',
        "deletion_protection = true",
        "}",
    ]
    assert "max_retries = 3" in written


def test_a_pre_release_names_no_lower_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform takes a pre-release only by its exact name, so the user has to say which."""
    monkeypatch.setattr(elements, "installed_version", lambda _: "0.2.0rc1")

    with pytest.raises(ConstructError, match=r"^stack/aep: version: the installed version, 0\.2\.0rc1, is"):
        synthesize(lambda stack: AepProvider(stack, "aep"))
