"""Requests that the provider can't serve are answered with an error for the user, on the attribute."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]
import pytest

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.resources import CATALOGUE
from tests.contract.grpc_stubs import ProviderStub
from tests.contract.plugin_client import UNKNOWN, packed
from tests.contract.provider_client import with_emulated_provider
from tests.unit import samples

NULL = packed(None)
BEYOND_SENSE = ("1" + "0" * 5000, "1" + "0" * 400_000, "1e99999999")
SFTP = samples.base_config("sftp")
FLOW_STATE = samples.flow_config(id=samples.FLOW_ID, sandbox_name="prod")
NO_SPEC = dict.fromkeys(CATALOGUE.data_sources["aep_connection_spec"].type.attributes)
NO_FILTERS = dict.fromkeys(CATALOGUE.data_sources["aep_flow_runs"].type.attributes)


def call(folder: Path, rpc: str, /, **parts: Any) -> Any:
    """Call an RPC of the real provider, and return the response or the events."""

    async def rpcs(stub: ProviderStub) -> Any:
        return await getattr(stub, rpc)(getattr(pb, rpc).Request(**parts))

    return with_emulated_provider(folder, rpcs)


def with_number(number: str, form: str, *, port: bool) -> pb.DynamicValue:
    """A base connection with this number, as MessagePack or as JSON."""
    config = (
        SFTP | {"sftp": SFTP["sftp"] | {"port": "NUMBER"}}
        if port
        else SFTP | {"credentials_version": "NUMBER"}
    )
    if form == "json":
        return pb.DynamicValue(json=json.dumps(config).replace('"NUMBER"', number).encode())
    text = json.dumps(config).replace("NUMBER", number)
    return packed(json.loads(text))


@pytest.mark.parametrize("number", BEYOND_SENSE, ids=["1e5000", "1e400000", "in notation"])
@pytest.mark.parametrize("form", ["msgpack", "json"])
@pytest.mark.parametrize("port", [True, False], ids=["port", "credentials_version"])
def test_a_number_beyond_sense_in_a_configuration_is_an_error_on_the_attribute(
    tmp_path: Path, number: str, form: str, *, port: bool
) -> None:
    """`validate`, `plan` and `apply` name the attribute and the bounds."""
    config = with_number(number, form, port=port)
    attribute = "sftp" if port else "credentials_version"
    requests: list[tuple[str, dict[str, Any]]] = [
        ("ValidateResourceConfig", {"config": config}),
        ("PlanResourceChange", {"prior_state": NULL, "proposed_new_state": config, "config": config}),
        ("ApplyResourceChange", {"prior_state": NULL, "planned_state": config, "config": config}),
    ]
    for name, parts in requests:
        (problem,) = call(tmp_path, name, type_name="aep_base_connection", **parts).diagnostics

        assert problem.summary == f"Invalid {'sftp.port' if port else attribute}"
        assert "must be a number between -1e400 and 1e400" in problem.detail
        assert problem.attribute.steps[0].attribute_name == attribute


@pytest.mark.parametrize("number", BEYOND_SENSE)
def test_a_number_beyond_sense_in_a_state_file_is_an_error_on_the_attribute(
    tmp_path: Path, number: str
) -> None:
    """A few bytes in a state file don't stop the provider from starting."""
    stored = json.dumps(SFTP | {"id": samples.BASE_ID, "credentials_version": "NUMBER"})

    response = call(
        tmp_path,
        "UpgradeResourceState",
        type_name="aep_base_connection",
        raw_state=pb.RawState(json=stored.replace('"NUMBER"', number).encode()),
    )

    (problem,) = response.diagnostics
    assert problem.summary == "The state has an unusable value"
    assert "credentials_version must be a number between -1e400 and 1e400" in problem.detail
    assert problem.attribute.steps[0].attribute_name == "credentials_version"


@pytest.mark.parametrize("number", BEYOND_SENSE)
def test_a_number_beyond_sense_in_private_data_is_absent(tmp_path: Path, number: str) -> None:
    """The other private data are kept, as those of another sandbox show."""
    private = f'{{"sandbox_name": "stage", "announced": {number}, "x": {number}}}'.encode()

    response = call(
        tmp_path,
        "PlanResourceChange",
        type_name="aep_flow",
        prior_state=packed(FLOW_STATE),
        proposed_new_state=packed(FLOW_STATE),
        config=packed(samples.flow_config()),
        prior_private=private,
    )

    assert [each.summary for each in response.diagnostics] == ["Another sandbox"]


@pytest.mark.parametrize("number", BEYOND_SENSE)
def test_a_number_beyond_sense_in_other_places_is_an_error(tmp_path: Path, number: str) -> None:
    """Data sources, functions and identities are read in the same way."""
    read = call(
        tmp_path, "ReadDataSource", type_name="aep_flow_runs", config=packed(NO_FILTERS | {"limit": number})
    )
    schedule = [json.dumps(["object", {"interval": "number"}]).encode(), {"interval": number}]
    called = call(
        tmp_path,
        "CallFunction",
        name="schedule_runs",
        arguments=[packed(schedule), packed("2031-12-01T00:00:00Z"), packed(1)],
    )
    identity = call(
        tmp_path,
        "UpgradeResourceIdentity",
        type_name="aep_flow",
        raw_identity=pb.RawState(json=f'{{"id": {number}}}'.encode()),
    )

    assert [each.summary for each in read.diagnostics] == ["Invalid limit"]
    assert "schedule.interval must be a number between -1e400 and 1e400" in called.error.text
    assert called.error.function_argument == 0
    assert list(identity.diagnostics) == []


def test_a_number_of_any_size_within_sense_reaches_the_rule_of_the_attribute(tmp_path: Path) -> None:
    """Up to 400 digits the attribute's own rule answers."""
    config = with_number("1" + "0" * 399, "msgpack", port=True)

    (problem,) = call(
        tmp_path, "ValidateResourceConfig", type_name="aep_base_connection", config=config
    ).diagnostics

    assert "sftp.port must be a port number, 1 to 65535" in problem.detail


DEEP = 100_000


@pytest.mark.parametrize(
    ("name", "parts", "summary"),
    [
        ("ValidateResourceConfig", {"type_name": "aep_ghost"}, "Unknown resource"),
        ("ValidateDataResourceConfig", {"type_name": "aep_ghost"}, "Unknown data source"),
        ("ValidateEphemeralResourceConfig", {"type_name": "aep_ghost"}, "Unknown ephemeral resource"),
        ("ValidateListResourceConfig", {"type_name": "aep_ghost"}, "Unknown list resource"),
        ("ValidateActionConfig", {"action_type": "aep_ghost"}, "Unknown action"),
        ("ImportResourceState", {"type_name": "aep_ghost", "id": "x"}, "Unknown resource"),
        ("ValidateResourceConfig", {"type_name": "aep_flow", "config": NULL}, "Unreadable value"),
        ("ValidateResourceConfig", {"type_name": "aep_flow", "config": packed(UNKNOWN)}, "Unreadable value"),
        ("ReadResource", {"type_name": "aep_flow", "current_state": NULL}, "Unreadable value"),
        ("PlanResourceChange", {"type_name": "aep_flow"}, "Incomplete request"),
        (
            "ApplyResourceChange",
            {"type_name": "aep_flow", "planned_state": packed(FLOW_STATE)},
            "Incomplete request",
        ),
        (
            "ReadDataSource",
            {"type_name": "aep_connection_spec", "config": packed(NO_SPEC)},
            "No choice of a connection spec",
        ),
        (
            "ValidateResourceConfig",
            {"type_name": "aep_flow", "config": packed(FLOW_STATE | {"enabled": "yes"})},
            "Invalid enabled",
        ),
        (
            "ValidateResourceConfig",
            {"type_name": "aep_flow", "config": pb.DynamicValue(msgpack=b"\x91" * DEEP)},
            "Unreadable value",
        ),
        (
            "ValidateResourceConfig",
            {"type_name": "aep_flow", "config": pb.DynamicValue(json=b"[" * DEEP)},
            "Unreadable value",
        ),
        (
            "UpgradeResourceState",
            {"type_name": "aep_flow", "raw_state": pb.RawState(json=b"[" * DEEP)},
            "Unreadable value",
        ),
        (
            "ValidateResourceConfig",
            {
                "type_name": "aep_flow",
                "config": pb.DynamicValue(msgpack=msgpack.packb({})[:-1] + b"\xff\x01"),
            },
            "Unreadable value",
        ),
    ],
)
def test_a_request_that_can_t_be_read_is_no_internal_error(
    tmp_path: Path, name: str, parts: dict[str, Any], summary: str
) -> None:
    """What Terraform never sends is an ordinary error, which names the attribute if there is one."""
    (problem,) = call(tmp_path, name, **parts).diagnostics

    assert problem.summary == summary
    if summary.startswith("Invalid "):
        assert problem.attribute.steps[0].attribute_name == summary.removeprefix("Invalid ")


def test_an_error_in_a_value_keeps_the_state(tmp_path: Path) -> None:
    """State and private data are returned as Terraform sent them."""
    state = packed(FLOW_STATE | {"enabled": "yes"})

    response = call(tmp_path, "ReadResource", type_name="aep_flow", current_state=state, private=b"p")

    assert (response.new_state, response.private) == (state, b"p")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "flow_spec_id takes 1 argument, not 0"),
        ([NULL], "destination must not be null"),
        ([packed(5)], "destination must be a string"),
    ],
)
def test_a_function_names_the_argument_that_it_can_t_read(
    tmp_path: Path, arguments: list[Any], text: str
) -> None:
    """The text has the parameter's name, and Terraform points to the argument."""
    response = call(tmp_path, "CallFunction", name="flow_spec_id", arguments=arguments)

    assert text in response.error.text
    assert response.error.HasField("function_argument") is bool(arguments)


def test_an_unknown_function_is_no_internal_error(tmp_path: Path) -> None:
    """The text has the function's name."""
    assert "Unknown function" in call(tmp_path, "CallFunction", name="ghost").error.text


def test_a_configuration_that_can_t_be_read_leaves_none_in_use(tmp_path: Path) -> None:
    """A configured process doesn't continue with its former settings."""
    config = packed(dict.fromkeys(CATALOGUE.provider.type.attributes) | {"max_retries": "1e400000"})
    look_up = packed(dict.fromkeys(CATALOGUE.data_sources["aep_datasets"].type.attributes))

    async def rpcs(stub: ProviderStub) -> list[str]:
        rejected = await stub.ConfigureProvider(pb.ConfigureProvider.Request(config=config))
        read = await stub.ReadDataSource(pb.ReadDataSource.Request(type_name="aep_datasets", config=look_up))
        return [each.summary for response in (rejected, read) for each in response.diagnostics]

    assert with_emulated_provider(tmp_path, rpcs) == ["Invalid max_retries"] * 2
