"""The operations that the four writable collections share: list, create, read, patch, delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from flow_emulator.errors import (
    ActionError,
    FinalizeError,
    NotPlayedError,
    ParameterMissingError,
    SubOperationError,
)
from flow_emulator.http.messages import Answer, Call
from flow_emulator.models import entities
from flow_emulator.models.connections import base_connections, source_connections, target_connections
from flow_emulator.models.context import Scope
from flow_emulator.models.flows import flows
from flow_emulator.service.responses import (
    accepted_delete,
    created,
    demand_parameters,
    listed,
    single,
    written,
)
from flow_emulator.store import Entity

FlowHandler = Callable[[Call, Scope], Answer]


@dataclass(frozen=True)
class Collection:
    """The handlers of one collection; its rules are given as functions of its model."""

    name: str
    make: Callable[[Scope, object], Entity]
    change: Callable[[Scope, str, object, str | None], Entity]
    drop: Callable[[Scope, str], None]
    show: Callable[[Scope, Entity], dict[str, Any]]

    def list(self, request: Call, scope: Scope) -> Answer:
        """A page, or the count."""
        return listed(request, scope, self.name, self.show)

    def create(self, request: Call, scope: Scope) -> Answer:
        """Make one."""
        if request.value("mode") == "draft":
            raise NotPlayedError("The emulator does not play drafts.")
        demand_parameters(request, ())
        return created(self.make(scope, request.json()))

    def read(self, request: Call, scope: Scope) -> Answer:
        """Show one."""
        demand_parameters(request, ())
        entity = entities.read(scope, self.name, request.entity_id)
        return single(scope, self.show(scope, entity))

    def patch(self, request: Call, scope: Scope) -> Answer:
        """Change one."""
        demand_parameters(request, ())
        operations = request.json()
        return written(self.change(scope, request.entity_id, operations, request.if_match))

    def delete(self, request: Call, scope: Scope) -> Answer:
        """Begin to delete one."""
        demand_parameters(request, ())
        self.drop(scope, request.entity_id)
        return accepted_delete(scope)


def _collection(model: ModuleType) -> Collection:
    return Collection(model.COLLECTION, model.create, model.patch, model.delete, model.show)


BASE_CONNECTIONS: Final = _collection(base_connections)
SOURCE_CONNECTIONS: Final = _collection(source_connections)
TARGET_CONNECTIONS: Final = _collection(target_connections)
FLOWS: Final = _collection(flows)


def test_connection(request: Call, scope: Scope) -> Answer:
    """``/connections/{id}/test``: what the switch says, for the emulator reaches no destination."""
    entities.read(scope, base_connections.COLLECTION, request.entity_id)
    return Answer(body={"result": scope.behaviour.connection_test == "passes"})


def flow_action(request: Call, scope: Scope) -> Answer:
    """``/flows/{id}/action?op=enable|disable``."""
    operation = _operation(request, scope)
    return written(flows.act(scope, request.entity_id, operation, request.if_match))


def connection_action(collection: Collection) -> FlowHandler:
    """``/{collection}/{id}/action``: a connection has actions of drafts and of providers only."""

    def act(request: Call, scope: Scope) -> Answer:
        operation = _operation(request, scope)
        entities.find(scope, collection.name, request.entity_id)
        if operation.lower().startswith("finalize"):
            raise FinalizeError("Finalizing is for providers.", entity=request.entity_id)
        raise ActionError(f"{collection.name} have no such action.", entity=request.entity_id)

    return act


def _operation(request: Call, scope: Scope) -> str:
    """The ``op`` of an action, when the emulator plays it."""
    demand_parameters(request, ("op", "subOp"))
    operation = request.value("op")
    if not operation:
        raise ParameterMissingError("The action needs the query parameter op.")
    if request.value("subOp") is not None and scope.behaviour.action_sub_op == "refuse":
        raise SubOperationError("Users send no subOp.")
    if operation.lower() == "publish":
        raise NotPlayedError("The emulator does not play drafts.")
    return operation
