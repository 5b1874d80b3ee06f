"""RPCs for resource identities, as Terraform 1.12 and later use them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow_emulator import identity as emulator_identity
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.resources import CATALOGUE
from tests.contract.grpc_stubs import ProviderStub
from tests.contract.plugin_client import UNKNOWN, packed, unpacked
from tests.contract.provider_client import create_resource, errors, with_emulated_provider
from tests.unit import samples

BASE = "aep_base_connection"
CONFIG = samples.base_config("data_landing_zone")
NULL = packed(None)
ORGANIZATION = emulator_identity.ORGANIZATION_ID


def identity(value: Any) -> pb.ResourceIdentityData:
    """An identity as Terraform sends it."""
    return pb.ResourceIdentityData(identity_data=packed(value))


def test_schemas(tmp_path: Path) -> None:
    """Every object of Flow Service has an identity: id, and optional sandbox and organisation."""
    response = with_emulated_provider(
        tmp_path, lambda stub: stub.GetResourceIdentitySchemas(pb.GetResourceIdentitySchemas.Request())
    )

    assert {*response.identity_schemas} == {
        name for name, resource in CATALOGUE.resources.items() if resource.collection
    }
    for schema in response.identity_schemas.values():
        assert [
            (each.name, each.required_for_import, each.optional_for_import)
            for each in schema.identity_attributes
        ] == [("id", True, False), ("sandbox_name", False, True), ("organization_id", False, True)]


def test_the_identity_accompanies_the_object(tmp_path: Path) -> None:
    """The responses to create, read, update and import have the same identity; to a destroy none."""

    async def rpcs(stub: ProviderStub) -> Any:
        created = await create_resource(stub, BASE, CONFIG)
        state = created.new_state
        read = await stub.ReadResource(
            pb.ReadResource.Request(type_name=BASE, current_state=state, private=created.private)
        )
        renamed = packed(CONFIG | {"name": "renamed"})
        planned = await stub.PlanResourceChange(
            pb.PlanResourceChange.Request(
                type_name=BASE,
                prior_state=state,
                proposed_new_state=renamed,
                config=renamed,
                prior_private=read.private,
                prior_identity=read.new_identity,
            )
        )
        updated = await stub.ApplyResourceChange(
            pb.ApplyResourceChange.Request(
                type_name=BASE,
                prior_state=state,
                planned_state=planned.planned_state,
                config=renamed,
                planned_private=planned.planned_private,
                planned_identity=planned.planned_identity,
            )
        )
        imported = await stub.ImportResourceState(
            pb.ImportResourceState.Request(type_name=BASE, id=unpacked(state)["id"])
        )
        destroyed = await stub.ApplyResourceChange(
            pb.ApplyResourceChange.Request(
                type_name=BASE,
                prior_state=updated.new_state,
                planned_state=NULL,
                config=NULL,
                planned_private=updated.private,
            )
        )
        return created, read, planned, updated, imported, destroyed

    created, read, planned, updated, imported, destroyed = with_emulated_provider(
        tmp_path, rpcs, sandbox_name="dev"
    )

    expected = {
        "id": unpacked(created.new_state)["id"],
        "sandbox_name": "dev",
        "organization_id": ORGANIZATION,
    }
    (found,) = imported.imported_resources
    for each in (created.new_identity, read.new_identity, planned.planned_identity, updated.new_identity):
        assert unpacked(each.identity_data) == expected
    assert unpacked(found.identity.identity_data) == expected
    assert errors(destroyed) == []
    assert not destroyed.HasField("new_identity")


def test_import_by_identity(tmp_path: Path) -> None:
    """An identity imports the same object as its id, with or without the sandbox and organisation."""

    async def rpcs(stub: ProviderStub) -> Any:
        created = unpacked((await create_resource(stub, BASE, CONFIG)).new_state)
        responses = [
            await stub.ImportResourceState(
                pb.ImportResourceState.Request(
                    type_name=BASE, identity=identity({"id": created["id"]} | place)
                )
            )
            for place in (
                {"sandbox_name": None, "organization_id": None},
                {"sandbox_name": "prod", "organization_id": ORGANIZATION},
            )
        ]
        return created, responses

    created, responses = with_emulated_provider(tmp_path, rpcs)

    for response in responses:
        (found,) = response.imported_resources
        assert unpacked(found.state)["id"] == created["id"]
        assert unpacked(found.state)["name"] == "account"
        assert unpacked(found.identity.identity_data) == {
            "id": created["id"],
            "sandbox_name": "prod",
            "organization_id": ORGANIZATION,
        }
        assert unpacked(found.state)["sandbox_name"] == "prod"


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"sandbox_name": "dev"}, ("Another sandbox", '"dev"', '"prod"')),
        (
            {"organization_id": "ACME@AdobeOrg"},
            ("Another organisation", '"ACME@AdobeOrg"', f'"{ORGANIZATION}"'),
        ),
        ({"id": None}, ("no id", "id in the identity", "is null")),
        ({"id": UNKNOWN}, ("not known yet", "id is not")),
        ({"sandbox_name": UNKNOWN}, ("not known yet", "sandbox_name is not")),
        ({"id": "orders"}, ("Malformed id", "orders")),
    ],
)
def test_an_identity_that_can_not_be_imported(
    tmp_path: Path, wrong: dict[str, Any], expected: tuple[str, ...]
) -> None:
    """An identity of another sandbox or organisation, and one without an id, is one error that names them."""
    given = {"id": samples.BASE_ID, "sandbox_name": None, "organization_id": None} | wrong
    request = pb.ImportResourceState.Request(type_name=BASE, identity=identity(given))

    response = with_emulated_provider(tmp_path, lambda stub: stub.ImportResourceState(request))

    (text,) = errors(response)
    for words in expected:
        assert words in text
    assert list(response.imported_resources) == []


def test_an_identity_that_is_unknown_as_a_whole(tmp_path: Path) -> None:
    """It is the same error as that of an unknown id."""
    request = pb.ImportResourceState.Request(type_name=BASE, identity=identity(UNKNOWN))

    response = with_emulated_provider(tmp_path, lambda stub: stub.ImportResourceState(request))

    assert [each.summary for each in response.diagnostics] == ["The identity is not known yet"]


def test_an_identity_of_a_resource_without_one(tmp_path: Path) -> None:
    """A run on request can't be imported, in whatever way."""
    request = pb.ImportResourceState.Request(type_name="aep_flow_run_trigger", identity=identity({}))

    response = with_emulated_provider(tmp_path, lambda stub: stub.ImportResourceState(request))

    assert [each.summary for each in response.diagnostics] == ["Nothing to import"]


@pytest.mark.parametrize("rpc", ["ReadResource", "PlanResourceChange", "ApplyResourceChange"])
def test_the_identity_of_an_object_without_private_data_is_compared(tmp_path: Path, rpc: str) -> None:
    """A state of version 0.1.0 has the sandbox in its identity only, which is enough for the error."""
    state = packed(samples.source_config(id=samples.SOURCE_ID, deletion_protection=False))
    stored = identity({"id": samples.SOURCE_ID, "sandbox_name": "dev", "organization_id": None})
    parts: dict[str, dict[str, Any]] = {
        "ReadResource": {"current_state": state, "current_identity": stored},
        "PlanResourceChange": {
            "prior_state": state,
            "proposed_new_state": state,
            "config": packed(samples.source_config()),
            "prior_identity": stored,
        },
        "ApplyResourceChange": {
            "prior_state": state,
            "planned_state": NULL,
            "config": NULL,
            "planned_identity": stored,
        },
    }
    request = getattr(pb, rpc).Request(type_name="aep_source_connection", **parts[rpc])

    response = with_emulated_provider(tmp_path, lambda stub: getattr(stub, rpc)(request))

    (text,) = errors(response)
    assert '"dev"' in text
    assert '"prod"' in text
    kept = response.planned_state if rpc == "PlanResourceChange" else response.new_state
    assert unpacked(kept) == unpacked(state)


def test_stored_identities(tmp_path: Path) -> None:
    """A stored identity is read without surplus and wrong values; one of a newer provider is rejected."""

    stored = [b'{"id":"a","old":1}', b'{"id":5,"sandbox_name":"dev"}', b'["a"]', b"null"]

    async def rpcs(stub: ProviderStub) -> Any:
        return [
            await stub.UpgradeResourceIdentity(
                pb.UpgradeResourceIdentity.Request(
                    type_name=BASE, version=version, raw_identity=pb.RawState(json=each)
                )
            )
            for version, each in [*((0, each) for each in stored), (7, stored[0])]
        ]

    *today, newer = with_emulated_provider(tmp_path, rpcs)

    null = {"id": None, "sandbox_name": None, "organization_id": None}
    assert [unpacked(each.upgraded_identity.identity_data) for each in today] == [
        null | {"id": "a"},
        null | {"sandbox_name": "dev"},
        null,
        null,
    ]
    assert "newer" in errors(newer)[0]
