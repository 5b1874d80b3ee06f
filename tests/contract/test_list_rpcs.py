"""RPCs for list resources, as `terraform query` of Terraform 1.14 uses them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.resources import CATALOGUE
from tests.contract.grpc_stubs import ProviderStub
from tests.contract.plugin_client import packed, unpacked
from tests.contract.provider_client import create_resource, serve_provider, with_emulated_provider
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import error_response, run_with_responses

SOURCE, BASE, TARGET, FLOW = (
    f"aep_{name}" for name in ("source_connection", "base_connection", "target_connection", "flow")
)
CUSTOMERS = {"id": "64b7e8acdd522e6190ac9567", "name": "Orders"}


def filters(type_name: str, **given: Any) -> pb.DynamicValue:
    """A list block's configuration."""
    names = CATALOGUE.list_resources[type_name].type.attributes
    assert {*given} <= {*names}
    return packed(dict.fromkeys(names) | given)


async def events(stub: ProviderStub, type_name: str, **request: Any) -> list[Any]:
    """All events of a list."""
    given = {name: request.pop(name) for name in ("include_resource_object", "limit") if name in request}
    message = pb.ListResource.Request(type_name=type_name, config=filters(type_name, **request), **given)
    return list(await stub.ListResource(message))


async def two_exports(stub: ProviderStub) -> dict[str, str]:
    """Create two exports to two destinations, the second one disabled. Returns ids by name and kind."""
    ids: dict[str, str] = {}

    async def one(key: str, type_name: str, config: dict[str, Any]) -> str:
        ids[key] = unpacked((await create_resource(stub, type_name, config)).new_state)["id"]
        return ids[key]

    for name, destination, datasets in (
        ("orders", "data_landing_zone", [{"id": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]),
        ("customers", "amazon_s3", [CUSTOMERS]),
    ):
        source = await one(f"{name} source", SOURCE, samples.source_config(name=name, datasets=datasets))
        base = await one(f"{name} base", BASE, samples.base_config(destination, name=name))
        target = await one(
            f"{name} target", TARGET, samples.target_config(destination, name=name, base_connection_id=base)
        )
        await one(
            f"{name} flow",
            FLOW,
            samples.flow_config(
                name=name,
                destination=destination,
                source_connection_id=source,
                target_connection_id=target,
                enabled=name == "orders",
            ),
        )
    return ids


def test_schemas(tmp_path: Path) -> None:
    """Every resource with an object in Flow Service can be listed, and all filters are optional."""
    response = with_emulated_provider(
        tmp_path, lambda stub: stub.GetProviderSchema(pb.GetProviderSchema.Request())
    )

    assert {*response.list_resource_schemas} == {
        name for name, resource in CATALOGUE.resources.items() if resource.collection
    }
    for schema in response.list_resource_schemas.values():
        assert {"name", "name_prefix"} < {each.name for each in schema.block.attributes}
        assert all(each.optional and not each.computed for each in schema.block.attributes)


CASES: list[tuple[str, dict[str, Any], set[str]]] = [
    *((each, {}, {"orders", "customers"}) for each in (SOURCE, BASE, TARGET, FLOW)),
    *((each, {"name": "orders"}, {"orders"}) for each in (SOURCE, BASE, TARGET, FLOW)),
    *((each, {"name_prefix": "cust"}, {"customers"}) for each in (SOURCE, BASE, TARGET, FLOW)),
    (SOURCE, {"name": "order"}, set()),
    (SOURCE, {"dataset_id": CUSTOMERS["id"]}, {"customers"}),
    (SOURCE, {"dataset_id": CUSTOMERS["id"], "name": "orders"}, set()),
    *((each, {"destination": "amazon_s3"}, {"customers"}) for each in (BASE, TARGET, FLOW)),
    *((each, {"destination": "sftp"}, set()) for each in (BASE, TARGET, FLOW)),
    (TARGET, {"base_connection_id": "orders base"}, {"orders"}),
    (FLOW, {"source_connection_id": "orders source"}, {"orders"}),
    (FLOW, {"target_connection_id": "customers target"}, {"customers"}),
    (FLOW, {"enabled": True}, {"orders"}),
    (FLOW, {"enabled": False}, {"customers"}),
]


def test_filters(tmp_path: Path) -> None:
    """Each filter selects the matching objects, and all filters must match."""

    async def rpcs(stub: ProviderStub) -> Any:
        ids = await two_exports(stub)
        found = []
        for type_name, given, _ in CASES:
            filter_values = {key: ids.get(value, value) for key, value in given.items()}
            found.append(await events(stub, type_name, **filter_values))
        return ids, found

    ids, found = with_emulated_provider(tmp_path, rpcs)

    for (type_name, given, expected), listed in zip(CASES, found, strict=True):
        kind = type_name.removeprefix("aep_").partition("_")[0]
        listed_ids = {unpacked(each.identity.identity_data)["id"] for each in listed}
        assert listed_ids == {ids[f"{name} {kind}"] for name in expected}, (type_name, given)
        assert all(not each.diagnostic and not each.HasField("resource_object") for each in listed)
        assert all(each.display_name.split(" (")[0] in expected for each in listed)


def test_with_the_objects(tmp_path: Path) -> None:
    """The object is included if requested, like after an import, with null for secrets."""

    async def rpcs(stub: ProviderStub) -> Any:
        ids = await two_exports(stub)
        (listed,) = await events(stub, BASE, name="customers", include_resource_object=True)
        imported = await stub.ImportResourceState(
            pb.ImportResourceState.Request(type_name=BASE, id=ids["customers base"])
        )
        return listed, imported.imported_resources[0]

    listed, imported = with_emulated_provider(tmp_path, rpcs)

    assert listed.resource_object == imported.state
    assert listed.identity == imported.identity
    assert unpacked(listed.resource_object)["amazon_s3"] == {
        "s3_access_key": None,
        "s3_secret_key": None,
        "s3_role": None,
    }


def test_limit(tmp_path: Path) -> None:
    """The number of events doesn't exceed the limit."""

    async def rpcs(stub: ProviderStub) -> Any:
        await two_exports(stub)
        return [len(await events(stub, SOURCE, limit=limit)) for limit in (1, 2, 50)]

    assert with_emulated_provider(tmp_path, rpcs) == [1, 2, 2]


@pytest.mark.parametrize(
    ("type_name", "given", "attribute"),
    [
        (SOURCE, {"dataset_id": "orders"}, "dataset_id"),
        (BASE, {"destination": "s3"}, "destination"),
        (FLOW, {"source_connection_id": "x"}, "source_connection_id"),
        (FLOW, {"name": " "}, "name"),
    ],
)
def test_validation(tmp_path: Path, type_name: str, given: dict[str, Any], attribute: str) -> None:
    """A filter that can't match is an error on its attribute."""
    request = pb.ValidateListResourceConfig.Request(type_name=type_name, config=filters(type_name, **given))

    response = with_emulated_provider(tmp_path, lambda stub: stub.ValidateListResourceConfig(request))

    (problem,) = response.diagnostics
    assert [each.attribute_name for each in problem.attribute.steps] == [attribute]


def list_with_response(lists: httpx.Response, type_name: str = FLOW) -> list[Any]:
    """The events with a service that returns this response to lists."""
    found: list[Any] = []

    async def list_objects(provider: Any) -> None:
        async with serve_provider(provider) as stub:
            found.extend(await events(stub, type_name))

    run_with_responses(lambda _: httpx.Response(500), list_objects, lists=lambda _: lists, max_retries=0)
    return found


def test_a_rejected_list() -> None:
    """An error is an event with a diagnostic, never an empty list."""
    (event,) = list_with_response(error_response(403, "FLOW-2118-403"))

    assert not event.HasField("identity")
    (problem,) = event.diagnostic
    assert problem.summary == "Missing permission"
    assert "list the flows" in problem.detail


def test_objects_that_can_not_be_managed() -> None:
    """An object of an unknown kind is omitted with a warning, a deleted one without."""
    items = [
        {"id": samples.TARGET_ID, "name": "strange", "connectionSpec": {"id": "other"}},
        {"id": samples.BASE_ID, "name": "gone", "state": "delete-finalizing"},
    ]

    (event,) = list_with_response(httpx.Response(200, json={"items": items}), TARGET)

    (problem,) = event.diagnostic
    assert problem.severity == pb.Diagnostic.Severity.WARNING
    assert "strange" in problem.detail
