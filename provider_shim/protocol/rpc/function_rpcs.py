"""RPCs for functions."""

from __future__ import annotations

from collections.abc import Callable

from provider_shim.lifecycle import provider_api
from provider_shim.protocol.encoding import schema
from provider_shim.protocol.encoding.dynamic_value import to_message
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.rpc.grpc_handlers import Handlers
from provider_shim.protocol.rpc.requests import arguments_of, described
from provider_shim.protocol.rpc.rpc_handlers import function_rpc, rpc


class FunctionRpcs:
    """RPCs for the functions of the provider that `provider` returns."""

    def __init__(self, provider: Callable[[], provider_api.Provider]) -> None:
        self._provider = provider

    async def get_functions(self, _: pb.GetFunctions.Request) -> pb.GetFunctions.Response:
        """Get the signatures of all functions."""
        return pb.GetFunctions.Response(functions=schema.to_functions(self._provider().catalogue.functions))

    async def call_function(self, request: pb.CallFunction.Request) -> pb.CallFunction.Response:
        """Call a function. The response has its result, or an error and the position of the argument."""
        function = described(self._provider().catalogue.functions, request.name, "function")
        arguments = arguments_of(request, function)
        response = await self._provider().call_function(request.name, arguments)
        if response.error is None:
            return pb.CallFunction.Response(result=to_message(response.result, function.returns))
        return pb.CallFunction.Response(
            error=pb.FunctionError(text=response.error, function_argument=response.argument)
        )

    def handlers(self) -> Handlers:
        """The gRPC handlers by path."""
        return {
            **rpc("GetFunctions", self.get_functions, pb.GetFunctions),
            **function_rpc(self.call_function),
        }
