"""The objects that a Terraform state holds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from provider_shim.cli.objects.terraform_state import StateError, parse


def state(*resources: dict[str, Any]) -> bytes:
    """Return a state file with these resources."""
    return json.dumps({"version": 4, "terraform_version": "1.11.4", "resources": resources}).encode()


def resource(type_name: str, *instances: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a resource of a state."""
    return {
        "mode": "managed",
        "type": type_name,
        "name": "this",
        "provider": 'provider["terraform.local/flowbridge/aep"]',
        "instances": list(instances),
    } | more


def instance(identifier: Any, **more: Any) -> dict[str, Any]:
    """Return an instance with this id."""
    return {"schema_version": 0, "attributes": {"id": identifier}} | more


def test_every_instance_counts() -> None:
    """Objects in modules, of `for_each`, tainted and deposed ones are held; the provider has any address."""
    other_address = 'module.x["a"].provider["registry.example.com/data/adobe"].second'
    content = state(
        resource("aep_flow", instance("plain"), module="module.orders"),
        resource(
            "aep_source_connection",
            instance("first", index_key="a"),
            instance("second", index_key="b", status="tainted"),
            instance("third", index_key="b", deposed="c5cd1f05"),
            provider=other_address,
        ),
    )

    assert parse("s", content).ids == {"plain", "first", "second", "third"}


def test_only_objects_of_flow_service_count() -> None:
    """Data sources, run triggers and resources of other providers hold no object."""
    content = state(
        resource("aep_flow", instance("read"), mode="data"),
        resource("aep_flow_run_trigger", instance("run")),
        resource("aws_s3_bucket", instance("bucket")),
    )

    assert parse("s", content).ids == frozenset()


def test_the_sandboxes_of_a_state() -> None:
    """Sandboxes are those that the objects record; states of earlier versions record none."""
    recorded = {"attributes": {"id": "x", "sandbox_name": "dev"}}

    assert parse("s", state(resource("aep_flow", recorded))).sandboxes == {"dev"}
    assert parse("s", state(resource("aep_flow", instance("x")))).sandboxes == frozenset()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b" \n", "is empty"),
        (b"\x80 {", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is not a state file"),
        (b'{"version": 4, "serial": 0, "lineage": "", "resources": []}', "was never saved"),
        (b'{"version": 3, "modules": []}', "of version 4"),
        (b'{"version": 4, "resources": {}}', "of version 4"),
        (b'{"format_version": "1.0", "values": {}}', "terraform show -json"),
        (b'{"encrypted_data": "x", "lineage": "l"}', "is encrypted"),
        (b'{"version": 4, "resources": [7]}', "not in Terraform's form"),
        (state(resource("aep_flow", instance(None))), "aep_flow.this without an id"),
        (state(resource("aep_flow", {"attributes": None})), "aep_flow.this without an id"),
    ],
)
def test_what_is_no_state(content: bytes, reason: str) -> None:
    """A text that is not a state is an error: its objects would seem to be orphans."""
    with pytest.raises(StateError, match=reason):
        parse("s", content)
