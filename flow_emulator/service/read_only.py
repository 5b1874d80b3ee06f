"""Reads of what users cannot write: specs, datasets, runs."""

from __future__ import annotations

from typing import Final

from flow_emulator.errors import (
    ParameterMissingError,
    QueryValueError,
    RunWriteError,
    SpecWriteError,
    UnknownSpecError,
)
from flow_emulator.http.messages import Answer, Call
from flow_emulator.models import datasets, entities
from flow_emulator.models.context import Scope
from flow_emulator.models.flows import runs
from flow_emulator.models.queries import specs
from flow_emulator.service.responses import demand_parameters, listed, single, whole_number
from flow_emulator.specs.catalogue import DATA_LAKE

_DATASET_LIMIT: Final = 20
_CONFIGS: Final = {"outputType": "activationDatasets", "outputField": "datasets"}
_DATASET_FILTERS: Final = ("id", "name", "state")


def list_connection_specs(request: Call, scope: Scope) -> Answer:
    """``/connectionSpecs``."""
    demand_parameters(request, ("property",))
    found = specs.listed(scope.catalogue.connection_specs, request.values("property"))
    return Answer(body={"items": found, "_links": {}})


def read_connection_spec(request: Call, scope: Scope) -> Answer:
    """``/connectionSpecs/{id}``."""
    known = scope.catalogue.connection_specs
    return single(scope, specs.one(known, request.entity_id, "connectionSpecs"))


def list_flow_specs(request: Call, scope: Scope) -> Answer:
    """``/flowSpecs``."""
    demand_parameters(request, ("property",))
    found = specs.listed(scope.catalogue.flow_specs, request.values("property"))
    return Answer(body={"items": found, "_links": {}})


def read_flow_spec(request: Call, scope: Scope) -> Answer:
    """``/flowSpecs/{id}``."""
    return single(scope, specs.one(scope.catalogue.flow_specs, request.entity_id, "flowSpecs"))


def refuse_spec_write(_request: Call, _scope: Scope) -> Answer:
    """Specs are Adobe's to write."""
    raise SpecWriteError("Specs cannot be written with a user token.")


def list_datasets(request: Call, scope: Scope) -> Answer:
    """``/connectionSpecs/{id}/configs``: the datasets that may be exported, paged by offset.

    ``properties`` is taken and changes nothing, as in the tutorial's sample; of Catalog's own parameters
    only equality of id, name and state is played.
    """
    specs.one(scope.catalogue.connection_specs, request.entity_id, "connectionSpecs")
    if request.entity_id != DATA_LAKE and not scope.behaviour.configs_of_destinations:
        raise UnknownSpecError(f"Datasets are listed under the data lake's connection spec {DATA_LAKE}.")
    for name, wanted in _CONFIGS.items():
        value = request.value(name)
        if value is None:
            raise ParameterMissingError(f"The query parameter {name} is required.")
        if value != wanted:
            raise QueryValueError(f"{name} must be {wanted}.")
    demand_parameters(request, (*_CONFIGS, "start", "limit", "properties", *_DATASET_FILTERS))
    start = whole_number(request, "start", 0, 0, 10**9 - 1)
    limit = whole_number(request, "limit", _DATASET_LIMIT, 1, 100)
    equal = {name: value for name, value in request.query if name in _DATASET_FILTERS}
    return Answer(body=datasets.page(start, limit, equal))


def list_runs(request: Call, scope: Scope) -> Answer:
    """``/runs``."""
    return listed(request, scope, runs.COLLECTION, runs.show)


def read_run(request: Call, scope: Scope) -> Answer:
    """``/runs/{id}``."""
    entity = entities.read(scope, runs.COLLECTION, request.entity_id)
    return single(scope, runs.show(scope, entity))


def refuse_run_write(_request: Call, _scope: Scope) -> Answer:
    """Runs are the service's to write."""
    raise RunWriteError("Runs cannot be written with a user token.")
