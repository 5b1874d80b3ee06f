"""RPCs for functions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]
import pytest

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from tests.contract.grpc_stubs import ProviderStub
from tests.contract.plugin_client import UNKNOWN, packed, unpacked
from tests.contract.provider_client import with_emulated_provider

SCHEDULE_TYPE = ["object", {"time_unit": "string", "interval": "number", "start_time": "string"}]
SCHEDULE = {"time_unit": "hour", "interval": 3, "start_time": "2031-12-01T00:00:00Z"}


def dynamic(kind: Any, value: Any) -> pb.DynamicValue:
    """Encode a dynamic value like Terraform: its type in JSON, and the value."""
    return pb.DynamicValue(msgpack=msgpack.packb([json.dumps(kind).encode(), value]))


def call_function(tmp_path: Path, name: str, *arguments: pb.DynamicValue) -> Any:
    """Call a function, and return the response."""
    request = pb.CallFunction.Request(name=name, arguments=arguments)
    return with_emulated_provider(tmp_path, lambda stub: stub.CallFunction(request))


def test_signatures(tmp_path: Path) -> None:
    """GetFunctions and GetProviderSchema return the same functions, with descriptions of all parts."""

    async def rpcs(stub: ProviderStub) -> Any:
        functions = await stub.GetFunctions(pb.GetFunctions.Request())
        return functions, await stub.GetProviderSchema(pb.GetProviderSchema.Request())

    functions, schema = with_emulated_provider(tmp_path, rpcs)

    assert functions.functions == schema.functions
    assert {*functions.functions} == {
        "schedule_runs",
        "connection_spec_id",
        "flow_spec_id",
        "preview_folder",
        "s3_role_trust_policy",
    }
    runs = functions.functions["schedule_runs"]
    assert [(each.name, each.type) for each in runs.parameters] == [
        ("schedule", b'"dynamic"'),
        ("after", b'"string"'),
        ("n", b'"number"'),
    ]
    assert getattr(runs, "return").type == b'["list","string"]'
    assert functions.functions["preview_folder"].parameters[0].allow_null_value
    for function in functions.functions.values():
        assert function.summary
        assert function.description
        assert all(each.description for each in function.parameters)


def test_schedule_runs(tmp_path: Path) -> None:
    """A schedule of type dynamic is decoded with its own type."""
    response = call_function(
        tmp_path,
        "schedule_runs",
        dynamic(SCHEDULE_TYPE, SCHEDULE),
        packed("2031-12-01T00:00:00Z"),
        packed(2),
    )

    assert not response.HasField("error")
    assert unpacked(response.result) == ["2031-12-01T03:00:00Z", "2031-12-01T06:00:00Z"]


def test_an_unknown_part(tmp_path: Path) -> None:
    """A schedule with an unknown part gives an unknown result."""
    response = call_function(
        tmp_path,
        "schedule_runs",
        dynamic(SCHEDULE_TYPE, SCHEDULE | {"start_time": UNKNOWN}),
        packed("2031-12-01T00:00:00Z"),
        packed(2),
    )

    assert unpacked(response.result) == UNKNOWN


@pytest.mark.parametrize(
    ("name", "arguments", "position", "expected"),
    [
        (
            "schedule_runs",
            [dynamic("string", "daily"), packed("2031-12-01T00:00:00Z"), packed(1)],
            0,
            "schedule",
        ),
        (
            "schedule_runs",
            [dynamic(SCHEDULE_TYPE, SCHEDULE), packed("2031-12-01T00:00:00Z"), packed(0)],
            2,
            "n must",
        ),
        ("flow_spec_id", [packed("s3")], 0, "amazon_s3"),
        ("preview_folder", [packed("%DATASET_ID%"), packed({})], 1, "dataset_id"),
    ],
)
def test_errors(tmp_path: Path, name: str, arguments: Any, position: int, expected: str) -> None:
    """An error has the position of the argument, and is not a diagnostic."""
    response = call_function(tmp_path, name, *arguments)

    assert response.error.HasField("function_argument")
    assert response.error.function_argument == position
    assert expected in response.error.text


def test_results_do_not_depend_on_the_clock(tmp_path: Path) -> None:
    """The same call returns the same result twice."""
    arguments = [packed(None), packed({"dataset_id": "a", "time": "2031-12-01T00:00:00Z"})]

    first = call_function(tmp_path, "preview_folder", *arguments)

    assert unpacked(first.result) == "a/exportTime=203112010000"
    assert call_function(tmp_path, "preview_folder", *arguments) == first
