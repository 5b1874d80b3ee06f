"""RPCs for resource identities, as Terraform 1.12 and later use them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.resources import CATALOGUE
from tests.contract.grpc_stubs import ProviderStub
from tests.contract.plugin_client import packed, unpacked
from tests.contract.provider_client import create_resource, errors, with_emulated_provider
from tests.unit import samples

BASE = "aep_base_connection"
CONFIG = samples.base_config("data_landing_zone")
NULL = packed(None)


def identity(value: Any) -> pb.ResourceIdentityData:
    """An identity as Terraform sends it."""
    return pb.ResourceIdentityData(identity_data=packed(value))


def test_schemas(tmp_path: Path) -> None:
    """Every resource with an object in Flow Service has an identity: id and optional sandbox."""
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
        ] == [("id", True, False), ("sandbox_name", False, True)]


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

    expected = {"id": unpacked(created.new_state)["id"], "sandbox_name": "dev"}
    (found,) = imported.imported_resources
    for each in (created.new_identity, read.new_identity, planned.planned_identity, updated.new_identity):
        assert unpacked(each.identity_data) == expected
    assert unpacked(found.identity.identity_data) == expected
    assert errors(destroyed) == []
    assert not destroyed.HasField("new_identity")


def test_import_by_identity(tmp_path: Path) -> None:
    """An identity imports the same object as its id, with or without the sandbox."""

    async def rpcs(stub: ProviderStub) -> Any:
        created = unpacked((await create_resource(stub, BASE, CONFIG)).new_state)
        responses = [
            await stub.ImportResourceState(
                pb.ImportResourceState.Request(
                    type_name=BASE, identity=identity({"id": created["id"], "sandbox_name": sandbox})
                )
            )
            for sandbox in (None, "prod")
        ]
        return created, responses

    created, responses = with_emulated_provider(tmp_path, rpcs)

    for response in responses:
        (found,) = response.imported_resources
        assert unpacked(found.state)["id"] == created["id"]
        assert unpacked(found.state)["name"] == "account"
        assert unpacked(found.identity.identity_data) == {"id": created["id"], "sandbox_name": "prod"}


def test_import_from_another_sandbox(tmp_path: Path) -> None:
    """An identity of another sandbox is rejected before a request is sent; the error names both sandboxes."""
    request = pb.ImportResourceState.Request(
        type_name=BASE, identity=identity({"id": samples.BASE_ID, "sandbox_name": "dev"})
    )

    response = with_emulated_provider(tmp_path, lambda stub: stub.ImportResourceState(request))

    (text,) = errors(response)
    assert '"dev"' in text
    assert '"prod"' in text
    assert list(response.imported_resources) == []


def test_stored_identities(tmp_path: Path) -> None:
    """A stored identity is read without surplus attributes; one of a newer provider is rejected."""

    async def rpcs(stub: ProviderStub) -> Any:
        return [
            await stub.UpgradeResourceIdentity(
                pb.UpgradeResourceIdentity.Request(
                    type_name=BASE, version=version, raw_identity=pb.RawState(json=b'{"id":"a","old":1}')
                )
            )
            for version in (0, 7)
        ]

    today, newer = with_emulated_provider(tmp_path, rpcs)

    assert unpacked(today.upgraded_identity.identity_data) == {"id": "a", "sandbox_name": None}
    assert "newer" in errors(newer)[0]
