"""RPCs for states of older versions, states of other providers, and generated configuration."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from provider_shim.lifecycle.state.private_state import decode
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.resources import CATALOGUE
from tests.contract.grpc_stubs import ProviderStub
from tests.contract.plugin_client import packed, unpacked
from tests.contract.provider_client import create_resource, errors, with_emulated_provider
from tests.unit import samples

STORED = sorted((Path(__file__).parent / "stored_states").glob("*.json"))
OLD_ADDRESS = "registry.acme.example/platform/aep"
REST_ADDRESS = "registry.terraform.io/Mastercard/restapi"
SOURCE = "aep_source_connection"


def stored_instances(file: Path) -> list[tuple[str, dict[str, Any]]]:
    """Type and instance of every object in a state file."""
    state = json.loads(file.read_text(encoding="utf-8"))
    return [(each["type"], instance) for each in state["resources"] for instance in each["instances"]]


def test_states_of_every_released_shape_are_kept() -> None:
    """The first version's state file exists, and has every resource type of that version."""
    assert STORED[0].name == "0.1.0.json"
    assert {type_name for type_name, _ in stored_instances(STORED[0])} == {
        "aep_source_connection",
        "aep_base_connection",
        "aep_target_connection",
        "aep_flow",
        "aep_flow_run_trigger",
    }


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_stored_states_are_read(tmp_path: Path, file: Path) -> None:
    """Every stored object keeps all its values, and has null for attributes of later versions."""
    stored = stored_instances(file)

    async def rpcs(stub: ProviderStub) -> Any:
        return [
            await stub.UpgradeResourceState(
                pb.UpgradeResourceState.Request(
                    type_name=type_name,
                    version=instance["schema_version"],
                    raw_state=pb.RawState(json=json.dumps(instance["attributes"]).encode()),
                )
            )
            for type_name, instance in stored
        ]

    responses = with_emulated_provider(tmp_path, rpcs)

    for (type_name, instance), response in zip(stored, responses, strict=True):
        assert errors(response) == []
        current = unpacked(response.upgraded_state)
        assert current.keys() == CATALOGUE.resources[type_name].type.attributes.keys()
        assert current | instance["attributes"] == current
        assert all(current[name] is None for name in current.keys() - instance["attributes"].keys())


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_stored_private_data_are_read(file: Path) -> None:
    """The etag of every stored object and the fingerprint of its secrets can still be read."""
    private = {
        (type_name, instance["attributes"].get("name")): decode(base64.b64decode(instance["private"]))
        for type_name, instance in stored_instances(file)
        if "private" in instance
    }

    assert len(private) >= 8
    assert all(each.etag for each in private.values())
    with_fingerprint = {name for (_, name), each in private.items() if each.fingerprint and each.salt}
    assert with_fingerprint == {"bucket"}
    assert private["aep_base_connection", "server"].method == "SFTP with Password"


def test_a_state_from_the_future(tmp_path: Path) -> None:
    """A state of a newer version is an error that asks to upgrade the provider."""
    request = pb.UpgradeResourceState.Request(
        type_name=SOURCE, version=99, raw_state=pb.RawState(json=b'{"id":"a"}')
    )

    response = with_emulated_provider(tmp_path, lambda stub: stub.UpgradeResourceState(request))

    assert "newer version" in errors(response)[0]


def move_state(tmp_path: Path, **request: Any) -> Any:
    """Move a state, and return the response."""
    state = request.pop("state")
    message = pb.MoveResourceState.Request(
        **({"target_type_name": SOURCE} | request),
        source_state=pb.RawState(json=json.dumps(state).encode()),
    )
    return with_emulated_provider(tmp_path, lambda stub: stub.MoveResourceState(message))


def test_the_same_type_of_another_address(tmp_path: Path) -> None:
    """State, private data and identity are kept under the new address."""
    state = samples.source_config() | {"id": samples.SOURCE_ID, "deletion_protection": True}

    response = move_state(
        tmp_path,
        source_provider_address=OLD_ADDRESS,
        source_type_name=SOURCE,
        state=state | {"gone": 1},
        source_private=b'{"etag": "x"}',
    )

    assert errors(response) == []
    assert unpacked(response.target_state) == state
    assert response.target_private == b'{"etag": "x"}'
    assert unpacked(response.target_identity.identity_data)["id"] == samples.SOURCE_ID


REST_STATES = {
    "id": {"id": samples.SOURCE_ID, "path": "/data/foundation/flowservice/sourceConnections"},
    "api_data": {"id": "1", "api_data": {"id": samples.SOURCE_ID, "name": "orders"}},
    "api_response": {"id": "1", "api_data": None, "api_response": json.dumps({"id": samples.SOURCE_ID})},
    "wrapped": {"id": None, "api_response": json.dumps({"items": [{"id": samples.SOURCE_ID}]})},
    "data": {"api_data": {}, "api_response": "<html>", "data": json.dumps({"id": samples.SOURCE_ID})},
}


@pytest.mark.parametrize("state", REST_STATES.values(), ids=[*REST_STATES])
def test_an_object_of_the_rest_provider(tmp_path: Path, state: dict[str, Any]) -> None:
    """Only the id is used, from any of its places, like in an import."""
    response = move_state(
        tmp_path, source_provider_address=REST_ADDRESS, source_type_name="restapi_object", state=state
    )

    assert errors(response) == []
    expected = dict.fromkeys(CATALOGUE.resources[SOURCE].type.attributes)
    assert unpacked(response.target_state) == expected | {
        "id": samples.SOURCE_ID,
        "description": "",
        "deletion_protection": False,
    }
    assert json.loads(response.target_private) == {"imported": True}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"source_provider_address": OLD_ADDRESS, "source_type_name": "aep_flow"}, "only the same resource"),
        (
            {"source_provider_address": "registry.terraform.io/acme/restapi", "source_type_name": "x"},
            "import it",
        ),
        (
            {
                "source_provider_address": OLD_ADDRESS,
                "source_type_name": SOURCE,
                "source_schema_version": 9,
            },
            "newer version",
        ),
        (
            {
                "source_provider_address": REST_ADDRESS,
                "source_type_name": "restapi_object",
                "state": {"id": "7"},
            },
            "no id",
        ),
        (
            {
                "source_provider_address": REST_ADDRESS,
                "source_type_name": "restapi_object",
                "state": {"id": samples.FLOW_ID, "path": "/data/foundation/flowservice/flows"},
            },
            "/sourceConnections",
        ),
        (
            {
                "source_provider_address": REST_ADDRESS,
                "source_type_name": "restapi_object",
                "target_type_name": "aep_flow_run_trigger",
            },
            "aep_flow_run_trigger has no object in Flow Service",
        ),
    ],
)
def test_what_can_not_be_moved(tmp_path: Path, request_: dict[str, Any], expected: str) -> None:
    """Anything else is an error with advice, and returns no state."""
    response = move_state(tmp_path, **({"state": {"id": samples.SOURCE_ID}} | request_))

    (text,) = errors(response)
    assert expected in text
    assert unpacked(response.target_state) is None


def test_a_moved_object_is_filled_in_by_the_next_read(tmp_path: Path) -> None:
    """After a move, a read and a plan, nothing changes."""
    config = samples.source_config()

    async def rpcs(stub: ProviderStub) -> Any:
        created = unpacked((await create_resource(stub, SOURCE, config)).new_state)
        response = await stub.MoveResourceState(
            pb.MoveResourceState.Request(
                source_provider_address=REST_ADDRESS,
                source_type_name="restapi_object",
                target_type_name=SOURCE,
                source_state=pb.RawState(json=json.dumps({"id": created["id"]}).encode()),
            )
        )
        read = await stub.ReadResource(
            pb.ReadResource.Request(
                type_name=SOURCE, current_state=response.target_state, private=response.target_private
            )
        )
        planned = await stub.PlanResourceChange(
            pb.PlanResourceChange.Request(
                type_name=SOURCE,
                prior_state=read.new_state,
                proposed_new_state=packed(config),
                config=packed(config),
                prior_private=read.private,
            )
        )
        return created, read, planned

    created, read, planned = with_emulated_provider(tmp_path, rpcs)

    assert unpacked(read.new_state) == created | {"description": ""}
    assert errors(planned) == []
    assert unpacked(planned.planned_state) == unpacked(read.new_state)


CONFIGURATIONS = [
    ("aep_source_connection", samples.source_config(description="all of them")),
    *(("aep_base_connection", samples.base_config(name)) for name in samples.ACCOUNTS),
    *(("aep_target_connection", samples.target_config(name)) for name in samples.PLACES),
    ("aep_target_connection", samples.target_config(on_change="replace", deletion_protection=True)),
    ("aep_flow", samples.flow_config()),
    ("aep_flow", samples.flow_config(enabled=False)),
]


@pytest.mark.parametrize(("type_name", "config"), CONFIGURATIONS)
def test_generated_configuration(tmp_path: Path, type_name: str, config: dict[str, Any]) -> None:
    """The configuration generated for a state is valid, and has no secrets, computed attributes and defaults,
    and only one of two equivalent attributes.
    """
    resource = CATALOGUE.resources[type_name]
    state = config | {"id": samples.FLOW_ID, "deletion_protection": config["deletion_protection"] or False}
    secrets: dict[str, Any] = {}
    for attribute in resource.attributes:
        if attribute.name in ("destination", "flow_spec_id"):
            known = {"destination": "amazon_s3", "flow_spec_id": "269ba276-16fc-47db-92b0-c1049a3c131f"}
            state |= {attribute.name: known[attribute.name]}
        if attribute.default is not None and state[attribute.name] is None:
            state |= {attribute.name: attribute.default}
        if attribute.nested is not None and config[attribute.name] is not None:
            hidden = {each.name: None for each in attribute.nested.attributes if each.write_only}
            if hidden:
                secrets[attribute.name] = config[attribute.name] | hidden
    state |= secrets
    if type_name == "aep_base_connection":
        state |= {"credentials_revision": 3}

    async def rpcs(stub: ProviderStub) -> Any:
        generated = await stub.GenerateResourceConfig(
            pb.GenerateResourceConfig.Request(type_name=type_name, state=packed(state))
        )
        checked = await stub.ValidateResourceConfig(
            pb.ValidateResourceConfig.Request(type_name=type_name, config=generated.config)
        )
        return generated, checked

    generated, checked = with_emulated_provider(tmp_path, rpcs)

    assert errors(generated) == []
    assert unpacked(generated.config) == config | secrets
    assert errors(checked) == []
