"""The operations that the four writable collections share: list, create, read, patch, delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from flow_emulator.errors import (
    ActionError,
    FinalizeError,
    ParameterMissingError,
    SubOperationError,
    UnsupportedError,
)
from flow_emulator.http.messages import Request, Response
from flow_emulator.models import entities
from flow_emulator.models.connections import base_connections, source_connections, target_connections
from flow_emulator.models.context import Context
from flow_emulator.models.flows import flows
from flow_emulator.service.responses import (
    created_response,
    deleted_response,
    entity_response,
    list_response,
    require_known_parameters,
    updated_response,
)
from flow_emulator.store import Entity

ServiceHandler = Callable[[Request, Context], Response]


@dataclass(frozen=True)
class Collection:
    """The handlers of one collection, built from the functions of its model."""

    name: str
    make: Callable[[Context, object], Entity]
    change: Callable[[Context, str, object, str | None], Entity]
    drop: Callable[[Context, str], None]
    show: Callable[[Context, Entity], dict[str, Any]]

    def list(self, request: Request, context: Context) -> Response:
        """Return a page, or the count."""
        return list_response(request, context, self.name, self.show)

    def create(self, request: Request, context: Context) -> Response:
        """Create an entity."""
        if request.value("mode") == "draft":
            raise UnsupportedError("The emulator does not support drafts.")
        require_known_parameters(request, ())
        return created_response(self.make(context, request.json()))

    def read(self, request: Request, context: Context) -> Response:
        """Return an entity."""
        require_known_parameters(request, ())
        entity = entities.read(context, self.name, request.entity_id)
        return entity_response(context, self.show(context, entity))

    def patch(self, request: Request, context: Context) -> Response:
        """Patch an entity."""
        require_known_parameters(request, ())
        operations = request.json()
        return updated_response(self.change(context, request.entity_id, operations, request.if_match))

    def delete(self, request: Request, context: Context) -> Response:
        """Begin to delete an entity."""
        require_known_parameters(request, ())
        self.drop(context, request.entity_id)
        return deleted_response(context)


def _collection(model: ModuleType) -> Collection:
    return Collection(model.COLLECTION, model.create, model.patch, model.delete, model.show)


BASE_CONNECTIONS: Final = _collection(base_connections)
SOURCE_CONNECTIONS: Final = _collection(source_connections)
TARGET_CONNECTIONS: Final = _collection(target_connections)
FLOWS: Final = _collection(flows)


def test_connection(request: Request, context: Context) -> Response:
    """``/connections/{id}/test``: the result of the switch, as the emulator reaches no destination."""
    entities.read(context, base_connections.COLLECTION, request.entity_id)
    return Response(body={"result": context.behaviour.connection_test == "passes"})


def flow_action(request: Request, context: Context) -> Response:
    """``/flows/{id}/action?op=enable|disable``."""
    operation = _operation(request, context)
    return updated_response(flows.run_action(context, request.entity_id, operation, request.if_match))


def connection_action(collection: Collection) -> ServiceHandler:
    """Return the handler of ``/{collection}/{id}/action``, which always responds with an error."""

    def act(request: Request, context: Context) -> Response:
        operation = _operation(request, context)
        entities.find(context, collection.name, request.entity_id)
        if operation.lower().startswith("finalize"):
            raise FinalizeError("Finalizing is for providers.", entity=request.entity_id)
        raise ActionError(f"{collection.name} have no such action.", entity=request.entity_id)

    return act


def _operation(request: Request, context: Context) -> str:
    """Return the ``op`` of an action. Raises an error when it is missing or not supported."""
    require_known_parameters(request, ("op", "subOp"))
    operation = request.value("op")
    if not operation:
        raise ParameterMissingError("The action needs the query parameter op.")
    if request.value("subOp") is not None and context.behaviour.action_sub_op == "refuse":
        raise SubOperationError("Users send no subOp.")
    if operation.lower() == "publish":
        raise UnsupportedError("The emulator does not support drafts.")
    return operation
