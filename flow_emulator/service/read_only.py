"""The read-only collections: specs, datasets, runs."""

from __future__ import annotations

from typing import Final

from flow_emulator.errors import (
    ParameterMissingError,
    QueryValueError,
    RunWriteError,
    SpecWriteError,
    UnknownSpecError,
)
from flow_emulator.http.messages import Request, Response
from flow_emulator.models import datasets, entities
from flow_emulator.models.context import Context
from flow_emulator.models.flows import runs
from flow_emulator.models.queries import specs
from flow_emulator.service.responses import (
    entity_response,
    integer_parameter,
    list_response,
    require_known_parameters,
)
from flow_emulator.specs.catalogue import DATA_LAKE

_DATASET_LIMIT: Final = 20
_CONFIGS: Final = {"outputType": "activationDatasets", "outputField": "datasets"}
_DATASET_FILTERS: Final = ("id", "name", "state")


def list_connection_specs(request: Request, context: Context) -> Response:
    """``/connectionSpecs``."""
    require_known_parameters(request, ("property",))
    found = specs.matching(context.catalogue.connection_specs, request.values("property"))
    return Response(body={"items": found, "_links": {}})


def read_connection_spec(request: Request, context: Context) -> Response:
    """``/connectionSpecs/{id}``."""
    known = context.catalogue.connection_specs
    return entity_response(context, specs.get(known, request.entity_id, "connectionSpecs"))


def list_flow_specs(request: Request, context: Context) -> Response:
    """``/flowSpecs``."""
    require_known_parameters(request, ("property",))
    found = specs.matching(context.catalogue.flow_specs, request.values("property"))
    return Response(body={"items": found, "_links": {}})


def read_flow_spec(request: Request, context: Context) -> Response:
    """``/flowSpecs/{id}``."""
    return entity_response(context, specs.get(context.catalogue.flow_specs, request.entity_id, "flowSpecs"))


def refuse_spec_write(_request: Request, _context: Context) -> Response:
    """Raise the error of writing a spec, which only Adobe can."""
    raise SpecWriteError("Specs cannot be written with a user token.")


def list_datasets(request: Request, context: Context) -> Response:
    """``/connectionSpecs/{id}/configs``: the datasets that may be exported, paged by offset.

    ``properties`` is accepted and ignored, as in the tutorial's sample. Of Catalog's own parameters only
    equality of id, name and state is supported.
    """
    specs.get(context.catalogue.connection_specs, request.entity_id, "connectionSpecs")
    if request.entity_id != DATA_LAKE and not context.behaviour.configs_of_destinations:
        raise UnknownSpecError(f"Datasets are listed under the data lake's connection spec {DATA_LAKE}.")
    for name, wanted in _CONFIGS.items():
        value = request.value(name)
        if value is None:
            raise ParameterMissingError(f"The query parameter {name} is required.")
        if value != wanted:
            raise QueryValueError(f"{name} must be {wanted}.")
    require_known_parameters(request, (*_CONFIGS, "start", "limit", "properties", *_DATASET_FILTERS))
    start = integer_parameter(request, "start", 0, 0, 10**9 - 1)
    limit = integer_parameter(request, "limit", _DATASET_LIMIT, 1, 100)
    equal = {name: value for name, value in request.query if name in _DATASET_FILTERS}
    return Response(body=datasets.page(start, limit, equal))


def list_runs(request: Request, context: Context) -> Response:
    """``/runs``."""
    return list_response(request, context, runs.COLLECTION, runs.show)


def read_run(request: Request, context: Context) -> Response:
    """``/runs/{id}``."""
    entity = entities.read(context, runs.COLLECTION, request.entity_id)
    return entity_response(context, runs.show(context, entity))


def refuse_run_write(_request: Request, _context: Context) -> Response:
    """Raise the error of writing a run, which only the service can."""
    raise RunWriteError("Runs cannot be written with a user token.")
