"""The edge towards Terraform: handshake, mutual TLS, gRPC, protobuf, MessagePack.

Terraform starts the provider as a process of its own and speaks plugin protocol 6 with it. This room decides
nothing: it looks up the type, decodes, delegates to a `provider_shim.lifecycle.calls.Provider`, encodes.
`serve.serve` is the way in. `*_pb2.py`, `*_pb2.pyi` and `*_grpc.py` are made by `tools/generate/protobuf.py`
from the `.proto` files beside them.
"""
