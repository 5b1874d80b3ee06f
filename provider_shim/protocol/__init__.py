"""The plugin protocol between Terraform and the provider: handshake, mutual TLS, gRPC, protobuf, MessagePack.

Terraform starts the provider as a separate process and talks plugin protocol 6 with it. This package decides
nothing: it looks up the type, decodes the request, calls a `lifecycle.provider_api.Provider` and encodes the
response. The entry point is `plugin.serve.serve`. `tools/generate/protobuf.py` generates
`messages/*_pb2.py` and `*_pb2.pyi` from the `.proto` files beside them.
"""
