"""Terraform's calls about functions."""

from __future__ import annotations

from collections.abc import Callable

from provider_shim.lifecycle import provider_api
from provider_shim.protocol.encoding import schemas
from provider_shim.protocol.encoding.values import from_message, to_message
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.rpc.exchange import Handlers
from provider_shim.protocol.rpc.handlers import call, function_call


class FunctionCalls:
    """The functions of the provider that `provider` gives."""

    def __init__(self, provider: Callable[[], provider_api.Provider]) -> None:
        self._provider = provider

    async def get_functions(self, _: pb.GetFunctions.Request) -> pb.GetFunctions.Response:
        """The signatures of all functions."""
        return pb.GetFunctions.Response(functions=schemas.to_functions(self._provider().catalogue.functions))

    async def call_function(self, request: pb.CallFunction.Request) -> pb.CallFunction.Response:
        """Compute a result, or tell which argument is wrong."""
        function = self._provider().catalogue.functions[request.name]
        given = zip(request.arguments, function.parameters, strict=True)
        arguments = [from_message(argument, parameter.type) for argument, parameter in given]
        answer = await self._provider().call_function(request.name, arguments)
        if answer.error is None:
            return pb.CallFunction.Response(result=to_message(answer.result, function.returns))
        return pb.CallFunction.Response(
            error=pb.FunctionError(text=answer.error, function_argument=answer.argument)
        )

    def served(self) -> Handlers:
        """The handlers."""
        return {
            **call("GetFunctions", self.get_functions, pb.GetFunctions),
            **function_call(self.call_function),
        }
