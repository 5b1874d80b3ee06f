"""RPCs for actions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from provider_shim.lifecycle import provider_api
from provider_shim.protocol.encoding import diagnostics
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.rpc.grpc_handlers import Handlers
from provider_shim.protocol.rpc.requests import config_of, described, known_value_of
from provider_shim.protocol.rpc.rpc_handlers import rpc, stream_rpc
from provider_shim.schema.values import Value


class ActionRpcs:
    """RPCs for the actions of the provider that `provider` returns."""

    def __init__(self, provider: Callable[[], provider_api.Provider]) -> None:
        self._provider = provider

    def _config(
        self, request: pb.ValidateActionConfig.Request | pb.PlanAction.Request | pb.InvokeAction.Request
    ) -> Value:
        action = described(self._provider().catalogue.actions, request.action_type, "action")
        if isinstance(request, pb.InvokeAction.Request):
            return known_value_of(request.config, action.type)
        return config_of(request.config, action.type)

    async def validate(self, request: pb.ValidateActionConfig.Request) -> pb.ValidateActionConfig.Response:
        """Validate the configuration of an action."""
        found = await self._provider().validate_action_config(request.action_type, self._config(request))
        return pb.ValidateActionConfig.Response(diagnostics=diagnostics.to_messages(found))

    async def plan(self, request: pb.PlanAction.Request) -> pb.PlanAction.Response:
        """Validate the configuration with the values known during planning."""
        found = await self._provider().plan_action(request.action_type, self._config(request))
        return pb.PlanAction.Response(diagnostics=diagnostics.to_messages(found))

    async def invoke(self, request: pb.InvokeAction.Request) -> AsyncIterator[pb.InvokeAction.Event]:
        """Invoke an action and report its progress."""
        async for event in self._provider().invoke_action(request.action_type, self._config(request)):
            match event:
                case provider_api.Progress(message=message):
                    yield pb.InvokeAction.Event(progress=pb.InvokeAction.Event.Progress(message=message))
                case provider_api.Completed(diagnostics=found):
                    yield _completed(diagnostics.to_messages(found))

    def handlers(self) -> Handlers:
        """The gRPC handlers by path."""
        return {
            **rpc("ValidateActionConfig", self.validate, pb.ValidateActionConfig),
            **rpc("PlanAction", self.plan, pb.PlanAction),
            **stream_rpc(
                "InvokeAction", self.invoke, pb.InvokeAction, lambda diagnostic: _completed([diagnostic])
            ),
        }


def _completed(found: list[pb.Diagnostic]) -> pb.InvokeAction.Event:
    return pb.InvokeAction.Event(completed=pb.InvokeAction.Event.Completed(diagnostics=found))
