"""Reading of `aep_datasets` and `aep_dataset`."""

from __future__ import annotations

from provider_shim.client.flow_service import FlowService
from provider_shim.lifecycle.data_sources.find_by_name import single_match
from provider_shim.lifecycle.state import json_values
from provider_shim.schema import json_mapping
from provider_shim.schema.values import Value


async def read(service: FlowService, config: Value) -> Value:
    """Return the matching datasets. They are filtered here, because Adobe documents no filter for them."""
    datasets = [dataset async for dataset in service.datasets() if _matches(dataset, config)]
    datasets.sort(key=lambda dataset: (str(dataset.get("name") or ""), str(dataset.get("id"))))
    return config | {"datasets": [_state(dataset) for dataset in datasets]}


async def read_one(service: FlowService, config: Value) -> Value:
    """Return the dataset of this name. Raises `NotExactlyOneMatch`."""
    datasets = [dataset async for dataset in service.datasets()]
    matches = [dataset for dataset in datasets if dataset.get("name") == config["name"]]
    names = [str(dataset.get("name")) for dataset in datasets]
    return config | _state(single_match("dataset", matches, str(config["name"]), names))


def _matches(dataset: json_mapping.JsonObject, config: Value) -> bool:
    name, state = config["name"], config["state"]
    return (name is None or dataset.get("name") == name) and (
        state is None or str(dataset.get("state") or "").lower() == state.lower()
    )


def _state(dataset: json_mapping.JsonObject) -> dict[str, Value]:
    return {
        "id": json_values.text(dataset.get("id")),
        "name": json_values.text(dataset.get("name")),
        "description": json_values.text(dataset.get("description")),
        "state": json_values.text(dataset.get("state")),
        "format": json_values.text(json_mapping.get(dataset, "fileDescription.format")),
    }
